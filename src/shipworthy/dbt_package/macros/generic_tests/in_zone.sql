{#
  in_zone: the column names a time zone that the database knows, such as 'America/New_York'.
  Fires when a place has no zone, so that its local times would be read as if they were UTC. A null is
  a failure.
#}
{% test in_zone(model, column_name) %}
select {{ column_name }} as zone
from {{ model }}
where {{ column_name }} is null or {{ column_name }} not in ({{ shipworthy.time_zone_names() }})
{% endtest %}
