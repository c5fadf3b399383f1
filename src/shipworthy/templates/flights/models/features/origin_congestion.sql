-- How full an airport is: what was to leave and what has left. The schedule is published 30 days before, so what
-- is to leave in the next hour is known as well.
with planned as (
    select origin, {{ hour_end('scheduled_departure') }} as hour_end, count(*) as flights
    from {{ ref('flights') }}
    group by origin, {{ hour_end('scheduled_departure') }}
),
departed as (
    select origin, {{ hour_end('departed_at') }} as hour_end, count(*) as flights, avg(dep_delay) as dep_delay
    from {{ ref('flights') }}
    where departed_at is not null
    group by origin, {{ hour_end('departed_at') }}
),
hours as (
    select origin, unnest(generate_series(min(hour_end), (select moment from {{ ref('latest_moment') }}), interval 1 hour)) as hour_end
    from departed
    group by origin
)
select
    hours.origin,
    hours.hour_end,
    cast(coalesce(planned.flights, 0) as integer) as planned_1h,
    cast(coalesce(departed.flights, 0) as integer) as departed_1h,
    departed.dep_delay as dep_delay_1h,
    cast(coalesce(following.flights, 0) as integer) as planned_next_1h
from hours
left join planned using (origin, hour_end)
left join departed using (origin, hour_end)
left join planned as following on following.origin = hours.origin and following.hour_end = hours.hour_end + interval 1 hour
