{#
  known_before: what a row says was known strictly before its cut-off.
  Fires when a feature looks into the future of its own label. A null on either
  side is a failure: what cannot be dated cannot be trusted.
#}
{% test known_before(model, column_name, cutoff) %}
select {{ column_name }} as known_at, {{ cutoff }} as cutoff
from {{ model }}
where not coalesce({{ column_name }} < {{ cutoff }}, false)
{% endtest %}
