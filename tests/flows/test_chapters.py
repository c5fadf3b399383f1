"""What studies found, kept beside a version."""

from datetime import UTC, datetime

import numpy as np
import pytest

from shipworthy.errors import BadArtifact
from shipworthy.families import members
from shipworthy.flows import studies
from shipworthy.flows.chapters import chapters, keep
from shipworthy.flows.studied import keep_of_model, of_model
from shipworthy.flows.studies.base import Study
from shipworthy.records import Chapter, Table, Verdict

from ..conftest import MODEL, Shop

WHEN = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("name", sorted(members(studies, Study)))
def test_every_study_has_a_title_and_says_what_it_is_blind_to(name: str) -> None:
    """
    A study has a title for people, and its docstring says what it cannot see.
    """
    study = members(studies, Study)[name]

    assert study.title
    assert "Blind" in (type(study).__doc__ or "")


def test_a_chapter_comes_back_as_it_was_kept(built: Shop) -> None:
    """
    Words, tables with their blanks, charts, verdicts and figures come back; what an earlier training of the number left is gone.
    """
    verdict = Verdict("holds", f"{MODEL}@9", "unknown", "Unknown: nobody looked.", "look")
    old, new = (
        Chapter(
            name, "Title", ("Words.",), (Table("t", ("a", "b"), (("x", None), ("y", 1.5))),), {"c": {"mark": "bar"}}, (verdict,), {"f": [1]}
        )
        for name in ("old", "new")
    )

    keep(built.project, MODEL, 9, [old])
    keep(built.project, MODEL, 9, [new])

    assert chapters(built.project, MODEL, 9) == {"new": new}


def test_numbers_of_numpy_are_kept_as_plain_ones(built: Shop) -> None:
    """
    A study that counts with numpy leaves a file like any other.
    """
    keep(built.project, MODEL, 9, [Chapter("one", "One", (), figures={"share": np.float64(0.25), "rows": np.int64(3)})])

    assert chapters(built.project, MODEL, 9)["one"].figures == {"share": 0.25, "rows": 3}


def test_what_is_no_chapter_is_told(built: Shop) -> None:
    """
    A file that somebody wrote over is named.
    """
    keep(built.project, MODEL, 9, [Chapter("one", "One", ())])
    (built.project.studies / MODEL / "9" / "one.json").write_text("{")

    with pytest.raises(BadArtifact, match="is no chapter"):
        chapters(built.project, MODEL, 9)


def test_a_version_nobody_studied_has_none(built: Shop) -> None:
    """
    A version from before there were studies has no chapters, and that is no error.
    """
    assert chapters(built.project, MODEL, 99) == {}


def test_what_a_command_found_out_of_a_model_is_kept_beside_its_versions(built: Shop) -> None:
    """
    Nothing before anybody asked; the newest counts, a training does not take it away, and a file that somebody wrote over is named.
    """
    first, then = (Chapter("feasibility", "Feasibility", (words,)) for words in ("Not yet.", "In three weeks."))
    assert of_model(built.project, MODEL) == {}

    keep_of_model(built.project, MODEL, first)
    keep_of_model(built.project, MODEL, then)
    keep(built.project, MODEL, 9, [])

    assert of_model(built.project, MODEL) == {"feasibility": then}
    (built.project.studies / MODEL / "feasibility.json").write_text("{")
    with pytest.raises(BadArtifact, match="is no chapter"):
        of_model(built.project, MODEL)
