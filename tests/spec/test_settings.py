"""Settings: all have defaults, and a secret is named, never held."""

from pathlib import Path

import pytest

from shipworthy.errors import BadSpec
from shipworthy.spec.load import load
from shipworthy.spec.settings import Settings


def loaded(folder: Path, text: str) -> Settings:
    file = folder / "shipworthy.yml"
    file.write_text(text)
    return load(file, Settings)


def test_an_empty_mapping_is_enough(tmp_path: Path) -> None:
    """
    Everything has a default: this machine alone is served, and alarms go nowhere until they are told to.
    """
    settings = loaded(tmp_path, "{}\n")

    assert settings == Settings()
    assert (settings.service.host, settings.console.host, settings.alerts) == ("127.0.0.1", "127.0.0.1", [])


def test_a_route_takes_loud_alarms_unless_told(tmp_path: Path) -> None:
    """
    Warnings and what is critical, unless the route says otherwise; two routes share nothing.
    """
    settings = loaded(tmp_path, "alerts:\n  - url_from: TEAM\n  - {url_from: PAGER, severities: [critical]}\n")

    assert [route.severities for route in settings.alerts] == [["warning", "critical"], ["critical"]]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("service:\n  port: 70000\n", "service.port"),
        ("service:\n  most_rows: 0\n", "service.most_rows"),
        ("alerts:\n  - {url_from: TEAM, severities: []}\n", "alerts.0.severities"),
        ("alerts:\n  - {url_from: TEAM, severities: [loud]}\n", "alerts.0.severities.0"),
        ("step_timeout: 0 hours\n", "step_timeout"),
        ("online: {store: redis}\n", "online"),
        ("online: {url_from: REDIS_URL}\n", "online"),
        ("online: {store: memcached}\n", "online.store"),
    ],
)
def test_a_setting_that_cannot_be_is_refused(tmp_path: Path, text: str, path: str) -> None:
    """
    The error names the setting by its path.
    """
    with pytest.raises(BadSpec, match=f"'{path}' is "):
        loaded(tmp_path, text)
