select shop, hour_end, known_at, waiting from {{ source('landed', 'queue') }}
