select
    orders.shop,
    deliveries.delivered_at,
    avg(deliveries.minutes) over (partition by orders.shop order by deliveries.delivered_at rows 30 preceding) as mean_minutes
from {{ source('landed', 'deliveries') }} as deliveries
join {{ source('landed', 'orders') }} as orders using (order_id)
