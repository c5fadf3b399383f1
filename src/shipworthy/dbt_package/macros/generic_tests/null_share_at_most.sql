{#
  null_share_at_most: the share of rows (0 to 1) whose value is null.
  Fires when a join or an export upstream starts to lose values. A table without rows is a failure: its
  share is not known.
#}
{% test null_share_at_most(model, column_name, share) %}
select null_share
from (select avg(case when {{ column_name }} is null then 1.0 else 0.0 end) as null_share from {{ model }}) as counted
where not coalesce(null_share <= {{ share }}, false)
{% endtest %}
