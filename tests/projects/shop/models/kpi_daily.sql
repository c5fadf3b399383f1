select delivered_at::date as day, avg((minutes > 45)::int) as late_share
from {{ ref('deliveries') }}
group by all
