-- A route has a few flights a day, so it has a row for each hour in which one landed, not for every hour: an hour
-- without a row tells no more than the row before it. Whoever joins it says with max_age how old it may be.
with landings as (
    select
        origin,
        dest,
        {{ hour_end('landed_at') }} as hour_end,
        count(*) as landings,
        sum(arr_delay) as arr_delay,
        sum(gain) as gain
    from {{ ref('flights') }}
    where landed_at is not null
    group by origin, dest, {{ hour_end('landed_at') }}
)
select
    origin,
    dest,
    hour_end,
    cast(sum(landings) over last_24h as integer) as landings_24h,
    sum(arr_delay) over last_24h / sum(landings) over last_24h as arr_delay_24h,
    sum(gain) over last_24h / sum(landings) over last_24h as gain_24h,
    sum(gain) over last_7d / sum(landings) over last_7d as gain_7d
from landings
where hour_end <= (select moment from {{ ref('latest_moment') }})
window
    last_24h as (partition by origin, dest order by hour_end range between interval 23 hours preceding and current row),
    last_7d as (partition by origin, dest order by hour_end range between interval 167 hours preceding and current row)
