"""The prediction log reaches the lake: every record, exactly once, whatever dies in between."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from shipworthy.flows import absorb as flow
from shipworthy.flows.absorb import ABSORBED, absorb
from shipworthy.gateways import lake
from shipworthy.logbook.segments import Outcome, Prediction, Writer, segments
from shipworthy.spec.project import Project
from shipworthy.spec.settings import Settings

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, Settings())


def answered(number: int) -> Prediction:
    return Prediction(
        f"p{number}", NOON, "late", 1, f"o{number}", NOON, {"km": float(number), "shop": None}, 2.5, fallback=False, latency_seconds=0.001,
        caller=None,
    )  # fmt: skip


def came(number: int) -> Outcome:
    return Outcome(NOON, "late", f"o{number}", None, 30.0, NOON)


def ids(project: Project) -> list[str]:
    return lake.read(project.lake, "predictions/late")["id"].to_pylist()


def test_every_record_arrives_once(project: Project) -> None:
    """
    Predictions and outcomes land in their tables; to absorb again takes nothing.
    """
    writer = Writer(project.segments / "late")
    writer.write([answered(1), came(1), answered(2)])

    assert absorb(project, "late") == 3
    assert absorb(project, "late") == 0
    writer.write([answered(3)])
    assert absorb(project, "late") == 1
    writer.close()

    assert sorted(ids(project)) == ["p1", "p2", "p3"]
    assert lake.read(project.lake, "outcomes/late")["value"].to_pylist() == [30.0]


def test_a_segment_that_is_given_again_adds_nothing(project: Project) -> None:
    """
    A crash after the lake's commit and before the segment is moved aside repeats the segment: no record comes twice.
    """
    writer = Writer(project.segments / "late")
    writer.write([answered(1), answered(2)])
    writer.close()
    absorb(project, "late")
    (taken,) = (project.segments / "late" / ABSORBED).iterdir()
    taken.rename(project.segments / "late" / taken.name)

    assert absorb(project, "late") == 0
    assert sorted(ids(project)) == ["p1", "p2"]


def test_outcomes_that_a_crash_left_behind_are_taken_later(project: Project) -> None:
    """
    A crash between the commit of the predictions and that of the outcomes loses no outcome and repeats no prediction.
    """
    writer = Writer(project.segments / "late")
    writer.write([answered(1), came(1)])
    (segment,) = segments(project.segments / "late")
    flow._kind(project.lake, "predictions/late", segment, Prediction, flow.PREDICTIONS)

    assert absorb(project, "late") == 1
    writer.close()

    assert ids(project) == ["p1"]
    assert lake.read(project.lake, "outcomes/late").num_rows == 1


def test_a_torn_end_waits_for_its_rest(project: Project) -> None:
    """
    A frame that is not whole yet is not taken, and is once it is.
    """
    writer = Writer(project.segments / "late")
    writer.write([answered(1)])
    (segment,) = segments(project.segments / "late")
    whole = segment.read_bytes()
    with segment.open("ab") as file:
        file.write(whole[:-3])
        file.flush()
        assert absorb(project, "late") == 1
        file.write(whole[-3:])
    writer.close()

    assert absorb(project, "late") == 1
    assert ids(project) == ["p1", "p1"]


def test_only_what_a_living_writer_holds_stays_in_place(project: Project) -> None:
    """
    A segment whose writer is gone is moved aside once it was taken whole; one that is written to stays.
    """
    gone, alive = Writer(project.segments / "late"), Writer(project.segments / "late")
    gone.write([answered(1)])
    alive.write([answered(2)])
    gone.close()

    absorb(project, "late")

    assert len(segments(project.segments / "late")) == 1
    assert len(list((project.segments / "late" / ABSORBED).iterdir())) == 1
    alive.close()
