-- What passengers met on each day, known when the day is over. At the gate the app announces the scheduled arrival
-- plus the departure delay; a passenger is surprised by a landing more than 15 minutes after that.
with days as (
    select
        {{ local_day('landed_at') }} as day,
        count(*) as flights_landed,
        count_if(arr_delay > 30) / count(*) as late_share,
        count_if(gain > 15) / count(*) as surprise_share
    from {{ ref('flights') }}
    where landed_at is not null
    group by {{ local_day('landed_at') }}
)
select {{ day_end('day') }} as day_end, flights_landed, late_share, surprise_share
from days
where {{ day_end('day') }} <= (select moment from {{ ref('latest_moment') }})
