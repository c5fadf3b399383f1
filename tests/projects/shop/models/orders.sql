select order_id, shop, distance, items, ordered_at from {{ source('landed', 'orders') }}
