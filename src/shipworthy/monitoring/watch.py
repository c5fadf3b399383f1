"""Asks every monitor about one window."""

from shipworthy.families import members
from shipworthy.monitoring import monitors as family
from shipworthy.monitoring.monitors.base import Comparison, Finding, Monitor

MONITORS = members(family, Monitor)  # type: ignore[type-abstract]  # members are its subclasses


def judge(comparison: Comparison) -> list[Finding]:
    """Return what every monitor finds in the window, in the order of the monitors' names."""
    return [finding for monitor in MONITORS.values() for finding in monitor.judge(comparison)]
