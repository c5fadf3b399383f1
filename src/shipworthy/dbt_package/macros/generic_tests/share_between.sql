{#
  share_between: the share of rows (0 to 1) for which `condition` holds.
  Fires when a unit, a code or a definition upstream changed. A row for which the condition is null might
  be either, so the share must lie within the ends both ways. A table without rows is a failure.
#}
{% test share_between(model, condition, at_least=0, at_most=1, column_name=none) %}
select surely, possibly
from (
  select
    avg(case when {{ condition }} then 1.0 else 0.0 end) as surely,
    avg(case when not ({{ condition }}) then 0.0 else 1.0 end) as possibly
  from {{ model }}
) as counted
where not coalesce(surely >= {{ at_least }} and possibly <= {{ at_most }}, false)
{% endtest %}
