-- What is usual on a route: medians over the flights that landed in the last 28 days, a row for each day, known
-- when the day is over. The days come in as rows without values, which a median passes over. Days are New York's
-- and counted as dates: in UTC two of them have 23 and 25 hours.
with landings as (
    select origin, dest, {{ local_day('landed_at') }} as day, arr_delay, gain
    from {{ ref('flights') }}
    where landed_at is not null
),
days as (
    select origin, dest, unnest(generate_series(
        min(day), (select {{ local_day('moment') }} - interval 1 day from {{ ref('latest_moment') }}), interval 1 day
    )) as day
    from landings
    group by origin, dest
),
together as (
    select origin, dest, day, arr_delay, gain, false as is_day from landings
    union all
    select origin, dest, day, null, null, true from days
)
select
    origin,
    dest,
    {{ day_end('day') }} as day_end,
    cast(count(gain) over last_28d as integer) as landings_28d,
    median(gain) over last_28d as gain_median_28d,
    median(arr_delay) over last_28d as arr_delay_median_28d
from together
window last_28d as (partition by origin, dest order by day range between interval 27 days preceding and current row)
qualify is_day
