select * from {{ ref('stg_renewals') }}
