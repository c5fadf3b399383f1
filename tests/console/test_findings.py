import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.console.findings import MOST_COLUMNS, Table, found_in, table
from shipworthy.console.lineage import Known, known_lineage
from shipworthy.spec.project import Project

from .reading import Reading

MODEL = "arrival_delay"


def read(browser: httpx.Client, address: str) -> Reading:
    answer = browser.get(address)
    assert answer.status_code == 200
    return Reading(answer.text)


def test_the_worst_comes_first_and_only_the_last_look_counts(book: Engine) -> None:
    """
    Failed, unknown, noted, passed; what an earlier look found and the last did not is gone.
    """
    found = found_in(book, MODEL, Known(None))

    assert [(one.state, one.verdict.name) for one in found] == [
        ("fail", "availability"), ("unknown", "label_noise"), ("noted", "feature_power"), ("pass", "imbalance"),
    ]  # fmt: skip
    assert found_in(book, "missed_connection", Known(None)) == []


def test_a_finding_is_told_with_all_that_shows_it(book: Engine, project: Project) -> None:
    """
    The rows, the number beside its bound, the cost, and the column that the feature is, with its lineage where it is known.
    """
    (worst, *_) = found_in(book, MODEL, known_lineage(project))

    assert worst.feature == "air_time"
    assert worst.measured == "0.008 share of rows, bound at most 0"
    assert worst.table is not None
    assert worst.table.rows[1] == ["8", "null", "-20", "<b>&"]
    assert worst.cost is not None
    assert (worst.cost.metric, worst.cost.whole, worst.cost.without, worst.cost.rows) == ("R2", "0.861", "0.742", 12500)
    assert worst.origins[0].place == ("lineage", "model.flights.airport_weather", "column", "wind_speed")
    departed = ("lineage", "source.flights.landed.departures", "column", "departed_at")
    assert worst.origins[0].sources == [("landed.departures.departed_at", departed), ("gone.x", None)]
    assert worst.more == [("exclude", "exclude:\n  - {from: 2013-05-01}")]


@pytest.mark.parametrize("rows", [None, [], "rows", {"a": 1}, [1, 2]])
def test_what_is_no_table_is_none(rows: object) -> None:
    """
    Evidence of another shape takes no page away.
    """
    assert table(rows) is None


def test_a_wide_table_says_what_it_leaves_out() -> None:
    """
    Columns beyond what a reader takes in are counted.
    """
    wide = table([{f"c{number}": number for number in range(MOST_COLUMNS + 3)}])

    assert isinstance(wide, Table)
    assert (len(wide.columns), wide.more) == (MOST_COLUMNS, 3)


@pytest.mark.parametrize(
    "said",
    [
        "✕ fail availability air_time arrival_delay.air_time is known only after the decision in 412 of 50,000 rows",
        "R2 with it 0.861 R2 without it 0.742 on rows it did not learn from 12,500",
        "flight_id air_time label note 1731 227 11 8 null -20 <b>&",
        "From airport_weather.wind_speed , made from landed.departures.departed_at , gone.x Fix leave it out, or declare",
        "? unknown label_noise",
        "◆ noted feature_power departure_delay",
        "1 check ✓ pass imbalance",
    ],
)
def test_the_page_tells_the_finding(browser: httpx.Client, said: str) -> None:
    """
    Counter-example, cost, origin and fix are read in one place.
    """
    assert said in read(browser, f"/findings/{MODEL}").words


def test_a_value_of_a_row_is_text(browser: httpx.Client) -> None:
    """
    Markup in a counter-example is shown, not obeyed.
    """
    rows = browser.get(f"/findings/{MODEL}").text

    assert "&lt;b&gt;&amp;" in rows
    assert "<b>&" not in rows


def test_a_training_set_that_nobody_looked_at_is_unknown(browser: httpx.Client) -> None:
    """
    No look is no pass, and the page says what to run.
    """
    told = read(browser, "/findings").words

    assert "Nobody has looked: run shipworthy check missed_connection" in told
    assert "✕ fail 1 failed, 1 unknown, 1 noted, 1 passed" in told
    assert "Nobody has looked at it" in read(browser, "/findings/missed_connection").words


def test_home_tells_red_data_first(browser: httpx.Client) -> None:
    """
    What is red in the data stands above the models that read it.
    """
    told = read(browser, "/").words

    assert told.index("Red in the data.") < told.index("▲ alarm")
    assert "airport_weather wind_speed null_share: 0.093 is null" in told
