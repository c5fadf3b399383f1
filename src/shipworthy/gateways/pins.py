"""How dbt's process is told where the pins lie; apart from the plugin, which needs dbt to be imported."""

PINS = "SHIPWORTHY_PINS"
PLUGIN = "shipworthy.gateways.lake_plugin"
