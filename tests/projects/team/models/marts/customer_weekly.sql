select
  customer_id,
  date_trunc('week', ordered_at)::date + 7 as week_ending,
  count(*) as orders,
  sum(amount) as spent
from {{ ref('fct_orders') }}
group by all
