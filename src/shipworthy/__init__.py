"""Shipworthy takes a machine-learning project from a team's own dbt tables to a production model that keeps its promise."""

__version__ = "0.1.0"
