-- A prediction is made when an aircraft leaves the gate; all that stands here was known then.
select
    schedule.flight_id,
    departures.departed_at as decision_at,
    departures.tailnum,
    schedule.carrier,
    schedule.origin,
    schedule.dest,
    departures.dep_delay,
    schedule.distance,
    schedule.scheduled_minutes,
    schedule.local_hour,
    schedule.local_weekday
from {{ ref('stg_departures') }} as departures
join {{ ref('stg_schedule') }} as schedule using (flight_id)
