{#
  known_not_before_event: a row became known when its event happened, or later.
  Fires when the known time was taken from the wrong column or the wrong time zone: nothing
  is known before it happens. A null on either side is a failure.
#}
{% test known_not_before_event(model, column_name, event_time) %}
select {{ column_name }} as known_at, {{ event_time }} as event_time
from {{ model }}
where not coalesce({{ column_name }} >= {{ event_time }}, false)
{% endtest %}
