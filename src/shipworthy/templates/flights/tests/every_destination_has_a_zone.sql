-- Arrival clocks are local: without the right zone an arrival would be known hours too early or too late.
select distinct schedule.dest
from {{ ref('stg_schedule') }} as schedule
left join {{ ref('stg_airports') }} as airports on airports.airport = schedule.dest
where airports.time_zone is null
