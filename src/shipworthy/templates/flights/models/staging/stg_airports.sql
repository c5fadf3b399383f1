select airport, name, latitude, longitude, time_zone
from {{ source('landed', 'airports') }}
