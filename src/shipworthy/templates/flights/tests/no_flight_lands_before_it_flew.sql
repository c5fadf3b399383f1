-- From gate to gate takes at least the time in the air: a wrong zone or a missed midnight breaks this at once.
select arrivals.flight_id, departures.departed_at, arrivals.landed_at, arrivals.air_time
from {{ ref('stg_arrivals') }} as arrivals
join {{ ref('stg_departures') }} as departures using (flight_id)
where not coalesce(arrivals.landed_at >= departures.departed_at + to_minutes(cast(arrivals.air_time as bigint)), false)
