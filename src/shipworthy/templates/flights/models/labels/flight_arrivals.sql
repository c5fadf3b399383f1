-- How late a flight came in, known when it had landed. Cancelled and diverted flights never get a row.
select flight_id, landed_at, arr_delay
from {{ ref('stg_arrivals') }}
