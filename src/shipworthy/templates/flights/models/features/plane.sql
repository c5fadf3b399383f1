-- Facts of an aircraft that do not change.
select tailnum, built_year, manufacturer, engines, seats
from {{ ref('stg_planes') }}
