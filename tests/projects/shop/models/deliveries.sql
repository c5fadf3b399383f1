select order_id, delivered_at, minutes from {{ source('landed', 'deliveries') }}
