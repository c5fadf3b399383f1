select flight_id, departed_at, dep_delay, tailnum
from {{ source('landed', 'departures') }}
