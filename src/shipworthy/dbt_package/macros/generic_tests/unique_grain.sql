{#
  unique_grain: the columns together name one row. Gives back every row of a key that has several.
  Fires when a join multiplied rows, or the grain is finer than was said. A null in any of the columns
  is a failure: a row without its key cannot be told from another.
#}
{% test unique_grain(model, columns) %}
select *
from (
  select {{ columns | join(', ') }}, count(*) over (partition by {{ columns | join(', ') }}) as rows_of_key
  from {{ model }}
) as keys
where rows_of_key > 1{% for column in columns %} or {{ column }} is null{% endfor %}
{% endtest %}
