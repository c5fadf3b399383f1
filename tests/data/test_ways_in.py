"""Batch or stream: what each costs, and what is objected to."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from shipworthy.data.ways_in import Rhythm, judge
from shipworthy.records import Verdict
from shipworthy.spec.source import SourceSpec

STREAM = {"broker": "kafka", "address_from": "BROKER", "topic": "orders"}
DAILY, EACH_MINUTE = Rhythm("0 6 * * *", timedelta(days=1), timedelta(minutes=10)), Rhythm("* * * * *", timedelta(minutes=1))


def judged(rhythm: Rhythm = DAILY, read_by: Sequence[str] | None = ("delays",), **said: Any) -> Verdict:
    columns = {"id": {"type": "integer"}, "at": {"type": "timestamp"}}
    contract = SourceSpec.model_validate({"source": "orders", "known_time": "at", "columns": columns, **said})
    return judge(contract, rhythm, read_by=read_by)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"path": "x.csv"}, "nobody asks for more"),
        ({"path": "x.csv", "freshness": "2 days"}, "a batch is as fresh"),
        ({"stream": STREAM, "freshness": "5 minutes"}, "only the stream is as fresh"),
        ({"stream": STREAM | {"because": "it is the only place that has them"}, "freshness": "2 days"}, "because it is the only place"),
        ({"stream": STREAM | {"because": "it is the only place that has them"}}, "because it is the only place"),
    ],
)
def test_a_way_that_fits_passes(said: dict[str, Any], words: str) -> None:
    """
    A batch that is fresh enough, a stream where only a stream is, and one with a reason.
    """
    verdict = judged(**said)

    assert (verdict.outcome, words in verdict.words) == ("pass", True), verdict.words


@pytest.mark.parametrize(
    ("said", "more", "words", "fix"),
    [
        ({"stream": STREAM}, {}, "nobody says how fresh", "write 'freshness'"),
        ({"stream": STREAM, "freshness": "2 days"}, {}, "a stream that nobody needs: 2 days are wanted", "read it as a file"),
        ({"stream": STREAM, "path": "x.csv", "freshness": "5 minutes"}, {"rhythm": EACH_MINUTE}, "that nobody needs", "each tick"),
        ({"stream": STREAM, "freshness": "5 minutes"}, {"read_by": []}, "a stream that no model reads", "drop it"),
        ({"stream": STREAM, "freshness": "10 seconds"}, {}, "not even the stream is as fresh", "ask for what can be had"),
        (
            {"path": "x.csv", "freshness": "1 day"},
            {},
            "'0 6 * * *' is up to 1450 minutes old",
            "every 1430 minutes, 2 builds a day of 10 minutes each",
        ),
        (
            {"path": "x.csv", "freshness": "5 minutes"},
            {},
            "up to 1450 minutes old",
            "add a stream (a broker and shipworthy receive run",
        ),
    ],
)
def test_a_way_that_does_not_fit_is_objected_to(said: dict[str, Any], more: dict[str, Any], words: str, fix: str) -> None:
    """
    A stream that nobody needs, a stream of which nobody says why, a batch that is too slow: with the figures and the way out.
    """
    verdict = judged(**more, **said)

    assert verdict.outcome == "fail"
    assert words in verdict.words
    assert fix in verdict.fix


def test_both_costs_are_told_either_way() -> None:
    """
    What has to run, and how old a record gets, of both; a tick less often costs a batch its freshness.
    """
    verdict = judged(path="x.csv")

    assert "Batch: nothing to run beside, up to 1450 minutes old" in verdict.words
    assert verdict.evidence["stream"]["runs"] == ("a broker",)
    assert len(verdict.evidence["stream"]["fails"]) == 2
    assert judged(stream=STREAM, freshness="5 minutes").evidence["stream"]["runs"] == ("kafka", "shipworthy receive")


def test_who_reads_it_may_be_unknown() -> None:
    """
    Before the first build nobody knows which model reads a source: that alone is no objection.
    """
    assert judged(stream=STREAM, freshness="5 minutes", read_by=None).outcome == "pass"
