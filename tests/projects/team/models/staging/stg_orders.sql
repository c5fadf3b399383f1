select id as order_id, customer as customer_id, ordered_at::timestamp as ordered_at, shipped_at::timestamp as shipped_at, amount::decimal(10, 2) as amount
from {{ ref('raw_orders') }}
