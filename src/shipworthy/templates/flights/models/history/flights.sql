-- All that has become known of each flight: null is not yet, or never. Only for counting over the past: whoever
-- predicts one flight reads the decisions, which hold what was known at that moment.
select
    schedule.*,
    departures.departed_at,
    departures.dep_delay,
    departures.tailnum,
    arrivals.landed_at,
    arrivals.arr_delay,
    arrivals.arr_delay - departures.dep_delay as gain,
    arrivals.air_time
from {{ ref('stg_schedule') }} as schedule
left join {{ ref('stg_departures') }} as departures using (flight_id)
left join {{ ref('stg_arrivals') }} as arrivals using (flight_id)
