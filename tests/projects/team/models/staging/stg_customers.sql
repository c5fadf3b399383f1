select id as customer_id, email, country, plan, signed_up_at::timestamp as signed_up_at, updated_at::timestamp as updated_at
from {{ ref('raw_customers') }}
