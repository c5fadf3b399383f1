select
    order_id, delivered_at, minutes,
    case when minutes < 28 then 'fast' when minutes < 40 then 'usual' else 'slow' end as pace
from {{ source('landed', 'deliveries') }}
