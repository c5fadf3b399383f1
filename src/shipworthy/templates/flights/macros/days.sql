{# The day in New York in which `moment` lies, as its midnight without a zone. #}
{% macro local_day(moment) %}date_trunc('day', {{ moment }} at time zone 'America/New_York'){% endmacro %}

{# The moment at which a local day is over: what happened in a day is known when it is over. #}
{% macro day_end(day) %}({{ day }} + interval 1 day) at time zone 'America/New_York'{% endmacro %}
