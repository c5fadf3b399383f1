{# A query of the time zones that the database knows: one column, `name`. #}
{% macro time_zone_names() %}{{ return(adapter.dispatch('time_zone_names', 'shipworthy')()) }}{% endmacro %}

{% macro default__time_zone_names() %}
  {{ exceptions.raise_compiler_error("shipworthy: " ~ target.type ~ " does not list its time zones; leave in_zone out here, or write a macro " ~ target.type ~ "__time_zone_names") }}
{% endmacro %}

{% macro postgres__time_zone_names() %}select name from pg_timezone_names{% endmacro %}

{% macro duckdb__time_zone_names() %}select name from pg_timezone_names(){% endmacro %}
