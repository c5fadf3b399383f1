"""What the doctor sees: one line for each thing, whatever the others say."""

from pathlib import Path

import pytest

from shipworthy.flows.doctor import examine

from ..conftest import MODEL, Shop, opened


def found(shop: Shop) -> dict[str, tuple[str, str]]:
    return {finding.name: (finding.outcome, finding.words) for finding in examine(shop.project)}


def test_a_sound_project_has_no_failure(promoted: Shop) -> None:
    """
    A project at work passes, and what is merely absent is unknown.
    """
    said = found(promoted)

    assert {outcome for outcome, _ in said.values()} == {"pass"} | {said["alert routes"][0]}
    assert said["live models"][1] == f"{MODEL}@2"


def test_nothing_built_is_unknown(unbuilt: Path) -> None:
    """
    A fresh project is not broken, only not there yet.
    """
    shop = opened(unbuilt)
    said = found(shop)
    shop.book.dispose()

    assert said["last build"] == ("unknown", "not built yet: shipworthy build")
    assert said["live models"][0] == "unknown"


def test_each_trouble_is_told_beside_what_is_well(promoted: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A damaged package and an alert route without its variable are failures with their fix; the other looks go on.
    """
    monkeypatch.delenv("NO_SUCH_ROUTE", raising=False)
    promoted.rewrite("shipworthy.yml", 'schedule: "0 6 * * *"', "alerts: [{url_from: NO_SUCH_ROUTE}]")
    with (promoted.project.artifacts / MODEL / "2" / "schema.json").open("a") as schema:
        schema.write(" ")
    again = opened(promoted.root)

    said = found(again)
    again.book.dispose()

    assert said["live models"][0] == "fail"
    assert "checksum" in said["live models"][1]
    assert said["alert routes"][0] == "fail"
    assert said["last build"][0] == "pass"
