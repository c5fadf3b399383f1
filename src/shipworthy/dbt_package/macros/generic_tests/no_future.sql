{#
  no_future: no time lies after the moment of the build.
  Fires when a plan is stored as a fact, a time zone was mistaken, or a date has a typo. A null is a
  failure: filter it by `where` if the event may still be to come.
#}
{% test no_future(model, column_name) %}
select {{ column_name }} as happened_at, {{ shipworthy.build_moment() }} as built_at
from {{ model }}
where not coalesce({{ column_name }} <= {{ shipworthy.build_moment() }}, false)
{% endtest %}
