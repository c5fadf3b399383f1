select
    flight_id,
    published_at,
    scheduled_departure,
    scheduled_arrival,
    carrier,
    flight_number,
    origin,
    dest,
    distance,
    date_diff('minute', scheduled_departure, scheduled_arrival) as scheduled_minutes,
    extract(hour from scheduled_departure at time zone 'America/New_York') as local_hour,
    extract(isodow from scheduled_departure at time zone 'America/New_York') as local_weekday
from {{ source('landed', 'schedule') }}
