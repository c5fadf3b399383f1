{#
  The recent delays of each `entity` (a column of `flights`): one row for each hour, known when the hour is over.

  Departures count from the hour in which they left, landings from the hour in which they landed, and only whole
  hours are counted, so a row holds nothing that was not known at its `hour_end`. Each entity has a row for every
  hour since its first departure: a window of n hours is therefore n rows, and an hour in which nothing happened
  counts nothing instead of repeating the last one.
#}
{% macro recent_delays(entity) %}
with departures as (
    select {{ entity }}, {{ hour_end('departed_at') }} as hour_end, count(*) as departures, sum(dep_delay) as dep_delay
    from {{ ref('flights') }}
    where departed_at is not null
    group by {{ entity }}, {{ hour_end('departed_at') }}
),
landings as (
    select
        {{ entity }},
        {{ hour_end('landed_at') }} as hour_end,
        count(*) as landings,
        sum(arr_delay) as arr_delay,
        sum(gain) as gain,
        count_if(arr_delay > 15) as late
    from {{ ref('flights') }}
    where landed_at is not null
    group by {{ entity }}, {{ hour_end('landed_at') }}
),
hours as (
    select {{ entity }}, unnest(generate_series(min(hour_end), (select moment from {{ ref('latest_moment') }}), interval 1 hour)) as hour_end
    from departures
    group by {{ entity }}
)
select
    hours.{{ entity }},
    hours.hour_end,
    cast(coalesce(sum(departures.departures) over last_3h, 0) as integer) as departures_3h,
    sum(departures.dep_delay) over last_3h / sum(departures.departures) over last_3h as dep_delay_3h,
    sum(departures.dep_delay) over last_24h / sum(departures.departures) over last_24h as dep_delay_24h,
    cast(coalesce(sum(landings.landings) over last_3h, 0) as integer) as landings_3h,
    sum(landings.arr_delay) over last_3h / sum(landings.landings) over last_3h as arr_delay_3h,
    sum(landings.arr_delay) over last_24h / sum(landings.landings) over last_24h as arr_delay_24h,
    sum(landings.gain) over last_3h / sum(landings.landings) over last_3h as gain_3h,
    sum(landings.gain) over last_24h / sum(landings.landings) over last_24h as gain_24h,
    sum(landings.gain) over last_7d / sum(landings.landings) over last_7d as gain_7d,
    sum(landings.late) over last_7d / sum(landings.landings) over last_7d as late_share_7d
from hours
left join departures using ({{ entity }}, hour_end)
left join landings using ({{ entity }}, hour_end)
window
    last_3h as (partition by hours.{{ entity }} order by hours.hour_end rows between 2 preceding and current row),
    last_24h as (partition by hours.{{ entity }} order by hours.hour_end rows between 23 preceding and current row),
    last_7d as (partition by hours.{{ entity }} order by hours.hour_end rows between 167 preceding and current row)
{% endmacro %}
