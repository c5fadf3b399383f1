{# The end of the hour in which `moment` lies: what happened in an hour is known when it is over. #}
{% macro hour_end(moment) %}date_trunc('hour', {{ moment }}) + interval 1 hour{% endmacro %}
