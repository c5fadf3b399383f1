-- A prediction is made a day before a flight is to leave, on what stands in the schedule.
select
    flight_id,
    scheduled_departure - interval 24 hours as decision_at,
    carrier,
    origin,
    dest,
    distance,
    scheduled_minutes,
    local_hour,
    local_weekday
from {{ ref('stg_schedule') }}
where scheduled_departure - interval 24 hours <= (select moment from {{ ref('latest_moment') }})
