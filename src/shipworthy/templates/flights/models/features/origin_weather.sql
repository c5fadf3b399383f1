-- What was last observed, as published; the hour under way is not known yet.
select
    origin,
    observed_at,
    published_at,
    temp,
    dewp,
    humid,
    wind_dir,
    wind_speed,
    wind_gust,
    precip,
    pressure,
    visib
from {{ ref('stg_weather') }}
