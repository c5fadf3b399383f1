{# The moment that this build stands at: the pinned one in a time-lapse, else the present. #}
{% macro build_moment() %}{{ return(adapter.dispatch('build_moment', 'shipworthy')()) }}{% endmacro %}

{% macro default__build_moment() %}current_timestamp{% endmacro %}

{% macro duckdb__build_moment() %}coalesce(getvariable('sw_as_of')::timestamptz, now()){% endmacro %}
