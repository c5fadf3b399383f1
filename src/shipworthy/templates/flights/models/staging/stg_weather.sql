-- The key is the hour in UTC. By local clock the hour from 1 to 2 on 3 November comes twice, when the clocks go back:
-- three airports, three pairs of rows. They describe different hours, so both are kept and nothing is thrown away.
select
    origin,
    observed_at,
    published_at,
    temp,
    dewp,
    humid,
    wind_dir,
    case when wind_speed < 250 then wind_speed end as wind_speed, -- one station once reported 1048 miles per hour
    wind_gust,
    precip,
    pressure,
    visib
from {{ source('landed', 'weather') }}
