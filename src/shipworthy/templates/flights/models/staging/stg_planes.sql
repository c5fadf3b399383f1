select tailnum, cast(built_year as integer) as built_year, type, manufacturer, model, engines, seats, engine
from {{ source('landed', 'planes') }}
