"""The process that dbt runs in: it ends with the one that started it, so that no orphan holds the warehouse file."""

from dbt.cli.main import cli

from shipworthy.gateways.tether import tether

if __name__ == "__main__":
    tether()
    cli()
