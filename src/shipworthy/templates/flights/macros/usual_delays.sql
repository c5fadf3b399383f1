{#
  What is usual for each combination of `keys` (columns of `flights`): medians over the flights that landed in the
  last `days` days, a row for each day, known when the day is over. The days come in as rows without values, which
  a median passes over. Days are New York's and counted as dates: in UTC two of them have 23 and 25 hours.
#}
{% macro usual_delays(keys, days) %}
{%- set key = keys | join(', ') -%}
with landings as (
    select {{ key }}, {{ local_day('landed_at') }} as day, arr_delay, gain
    from {{ ref('flights') }}
    where landed_at is not null
),
days as (
    select {{ key }}, unnest(generate_series(
        min(day), (select {{ local_day('moment') }} - interval 1 day from {{ ref('latest_moment') }}), interval 1 day
    )) as day
    from landings
    group by {{ key }}
),
together as (
    select {{ key }}, day, arr_delay, gain, false as is_day from landings
    union all
    select {{ key }}, day, null, null, true from days
)
select
    {{ key }},
    {{ day_end('day') }} as day_end,
    cast(count(gain) over last_days as integer) as landings_{{ days }}d,
    median(gain) over last_days as gain_median_{{ days }}d,
    median(arr_delay) over last_days as arr_delay_median_{{ days }}d
from together
window last_days as (partition by {{ key }} order by day range between interval {{ days - 1 }} days preceding and current row)
qualify is_day
{% endmacro %}
