-- Up to when rows are made: the moment as of which this build sees the sources. A build as of now, on data that
-- ended long ago, stops one day after the last thing that happened instead of writing empty hours until today.
select
    least(
        {{ shipworthy.build_moment() }},
        greatest(
            (select max(departed_at) from {{ ref('stg_departures') }}),
            (select max(landed_at) from {{ ref('stg_arrivals') }}),
            (select max(published_at) from {{ ref('stg_weather') }})
        ) + interval 1 day
    ) as moment
