select flight_id, landed_at, arr_delay, air_time
from {{ source('landed', 'arrivals') }}
