select customer_id, closed_at::date as day, count(*) filter (renewed) as renewals
from {{ ref('fct_renewals') }}
group by all
