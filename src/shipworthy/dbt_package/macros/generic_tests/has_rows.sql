{#
  has_rows: there are at least so many rows (one, if not said).
  Fires when a source delivered nothing or a join lost everything: all other tests are content with an
  empty table.
#}
{% test has_rows(model, at_least=1) %}
select rows_found
from (select count(*) as rows_found from {{ model }}) as counted
where rows_found < {{ at_least }}
{% endtest %}
