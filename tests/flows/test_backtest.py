"""History through the same training, as it was known at each moment: no later value can reach it."""

import json
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest

from shipworthy.errors import BadData
from shipworthy.flows import catalog as catalogs
from shipworthy.flows.backtest import backtest
from shipworthy.gateways import lake
from shipworthy.logbook import read
from shipworthy.records import Promise

from ..conftest import MODEL, TRAINED, Shop

SINCE = datetime(2026, 4, 3, tzinfo=UTC)
FOUR_WEEKS = timedelta(weeks=4)


def lines(shop: Shop) -> list[Promise]:
    found = backtest(shop.project, shop.book, MODEL, TRAINED, every=FOUR_WEEKS, since=SINCE)
    assert read.promises(shop.book, MODEL)
    return list(found.lines)


def plant(shop: Shop, known_at: datetime) -> None:
    """Give every shop at every hour of April a queue of 99, known at `known_at`."""
    table = "published/shop_queue"
    rows = lake.read(shop.project.lake, table)
    hours = [datetime(2026, 4, 1, tzinfo=UTC) + timedelta(hours=hour, seconds=1) for hour in range(24 * 29)]
    planted = [(name, hour) for name in ("dragon", "lotus", "pagoda") for hour in hours]
    more = pa.table(
        {
            "shop": [name for name, _ in planted],
            "hour_end": [hour for _, hour in planted],
            "known_at": [known_at] * len(planted),
            "waiting": [99.0] * len(planted),
        }
    ).cast(rows.schema)
    version = lake.overwrite(shop.project.lake, table, pa.concat_tables([rows, more]))
    file = catalogs.file_of(shop.project)
    said = json.loads(file.read_text())
    said["relations"]["shop_queue"]["version"] = version
    file.write_text(json.dumps(said))


def test_each_stretch_is_answered_by_what_was_known_before_it(trained: Shop) -> None:
    """
    Each line is one stretch, in the order of time, beside the rule on the same rows, and is kept in the ledger.
    """
    (line,) = lines(trained)

    assert (line.stage, line.window.start, line.window.end) == ("backtest", SINCE, TRAINED)
    assert line.value is not None
    assert line.rule is not None
    assert line.value < line.rule
    assert line in read.promises(trained.book, MODEL)


def test_the_same_history_gives_the_same_lines(trained: Shop) -> None:
    """
    A second backtest writes the same lines over the first.
    """
    first = lines(trained)
    kept = read.promises(trained.book, MODEL)

    assert lines(trained) == first
    assert read.promises(trained.book, MODEL) == kept


def test_a_planted_future_value_does_not_reach_it(trained: Shop) -> None:
    """
    Values about every hour of the past that became known only after the last moment change no digit.
    """
    before = lines(trained)

    plant(trained, TRAINED + timedelta(seconds=1))

    assert lines(trained) == before


def test_the_same_value_known_in_time_does(trained: Shop) -> None:
    """
    The planted values are no accident of the test: known before the decisions they change the lines.
    """
    before = lines(trained)

    plant(trained, datetime(2026, 3, 31, tzinfo=UTC))

    assert lines(trained) != before


def test_a_history_that_is_too_short_is_said(trained: Shop) -> None:
    """
    Without a moment that leaves something to learn from, the error names the history that there is.
    """
    with pytest.raises(BadData, match="leaves no moment"):
        backtest(trained.project, trained.book, MODEL, TRAINED, every=FOUR_WEEKS, since=TRAINED)
