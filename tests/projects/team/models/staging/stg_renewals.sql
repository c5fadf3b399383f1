select id as renewal_id, customer as customer_id, reminded_at::timestamp as reminded_at, closed_at::timestamp as closed_at, renewed, price
from {{ ref('raw_renewals') }}
