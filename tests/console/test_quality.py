import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.bounds import Outcome
from shipworthy.console.episodes import episodes
from shipworthy.console.quality import past
from shipworthy.console.strip import strip
from shipworthy.gateways.charts import svg
from shipworthy.logbook import write
from shipworthy.logbook.store import open_logbook
from shipworthy.records import Verdict
from shipworthy.spec.project import Project

from .past import NOW
from .reading import Reading

FIRST = datetime(2013, 5, 1, tzinfo=UTC)


def words(browser: httpx.Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


def said(outcomes: str, subject: str = "weather.wind") -> list[tuple[datetime, Verdict]]:
    """Return a verdict a day: `p` passes, `f` fails, `u` is unknown."""
    named: dict[str, Outcome] = {"p": "pass", "f": "fail", "u": "unknown"}
    return [(FIRST + timedelta(days=day), Verdict("null_share", subject, named[one], f"day {day}")) for day, one in enumerate(outcomes)]


def test_a_failure_that_lasts_is_told_once() -> None:
    """
    From its first red build to its last; what passed in between ends it, and what is red at the last look holds.
    """
    found = episodes(said("pffpfu"))

    assert [(one.first.day, one.last.day, one.builds, one.holds, one.verdict.words) for one in found] == [
        (5, 6, 2, True, "day 5"), (2, 3, 2, False, "day 2"),
    ]  # fmt: skip


def test_what_holds_comes_before_what_is_over_and_the_worst_first() -> None:
    """
    A reader sees what to do now before what was done.
    """
    found = episodes(said("fp", "a") + said("pu", "b") + said("pf", "c") + said("pp", "d"))

    assert [(one.verdict.subject, one.holds) for one in found] == [("c", True), ("b", True), ("a", False)]


def test_a_strip_says_what_it_shows() -> None:
    """
    Builds at which nobody looked are no pass; the words name the days that failed.
    """
    days = [FIRST + timedelta(days=day) for day in range(4)]
    shown = strip(days, {days[0]: "pass", days[2]: "fail", days[3]: "unknown"})

    assert shown is not None
    assert [cell.outcome for cell in shown.cells] == ["pass", None, "fail", "unknown"]
    assert shown.words == "3 builds: failed on 3 May 2013; unknown on 4 May 2013"
    assert strip(days, {}) is None


def test_every_number_that_was_measured_has_its_panel(book: Engine) -> None:
    """
    No list of measurements: what the logbook has of a relation is drawn, and builds at which a column failed are marked in it.
    """
    spec = past(book, "airport_weather").drawn("airport_weather", "wide")

    assert spec is not None
    assert [panel["title"]["text"] for panel in spec["vconcat"]] == ["row count"]
    bands = spec["vconcat"][0]["layer"][0]["data"]["values"]
    assert len(bands) == 5
    assert "airport_weather, build by build. row count: last 26,312." in svg(spec)


def test_a_value_that_could_not_be_told_leaves_a_mark_and_no_line(book: Engine) -> None:
    """
    Unknown is a question mark, never a zero.
    """
    spec = past(book, "airport_weather").drawn("airport_weather.visibility", "narrow")

    assert spec is not None
    marks = [layer for layer in spec["vconcat"][0]["layer"] if layer["mark"].get("text") == "?"]
    assert len(marks[0]["data"]["values"]) == 1


def test_a_relation_whose_name_begins_alike_is_another(book: Engine) -> None:
    """
    The past of a relation is its own: an underscore stands for itself, and a longer name is another relation.
    """
    assert past(book, "airportXweather").moments == []
    assert past(book, "airport_weathe").moments == []


def test_the_quality_page_tells_what_is_red_now(browser: httpx.Client) -> None:
    """
    Red verdicts come first, with words and fix; each relation has its builds.
    """
    told = words(browser, "/quality")

    assert "✕ fail airport_ weather wind_speed null_share" in told
    assert "Fix look at the landed weather" in told
    assert "airport_ weather relation ✕ fail 1 of 3 not passed 5" in told
    assert "departures source ✓ pass no checks not looked at" in told


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/quality/airport_weather", "✕ fail null_share wind_speed since 29 Aug 2013 (4 days ago), 5 builds 0.093 is null"),
        ("/quality/airport_weather", "? unknown not_finite wind_speed on 24 Aug 2013, 1 build, over"),
        ("/quality/airport_weather/wind_speed", "14 builds: failed on 29 Aug 2013, 30 Aug 2013"),
        ("/quality/airport_weather/wind_speed", "Passed at the last look ✓ pass not_finite"),
        ("/quality/flight_arrivals/nothing", ""),
    ],
)
def test_it_is_told_what_failed_when(browser: httpx.Client, address: str, told: str) -> None:
    """
    A page of a relation or a column tells its failures as spans; a column that nobody looked at has none.
    """
    if told:
        assert told in words(browser, address)
    else:
        assert browser.get(address).status_code == 404


def test_now_is_the_last_build(book: Engine) -> None:
    """
    The last build of the strip is the newest one.
    """
    assert past(book, "airport_weather").moments[-1] == NOW


def test_hostile_names_and_words_are_text(bare: Project, open_in: Callable[[Project], httpx.Client]) -> None:
    """
    A relation, a column and a verdict that hold markup are shown, and their links lead back to them.
    """
    hostile = "<script>alert(1)</script>/x"
    facts = {"role": "published", "description": hostile, "columns": {hostile: {"description": hostile}}}
    client = open_in(bare)
    (bare.state / "catalog.json").write_text(json.dumps({"as_of": NOW.isoformat(), "key": "", "relations": {hostile: facts}}))
    book = open_logbook(bare.logbook)
    write.verdicts(book, "build-1", NOW, [Verdict("null_share", f"{hostile}.a/b", "fail", hostile, hostile)])
    book.dispose()

    pages = [Reading(client.get(address).text) for address in ("/", "/quality")]
    inner = [link for link in pages[1].links if "alert" in link]
    pages += [Reading(client.get(link).text) for link in inner]
    pages += [Reading(client.get(link).text) for link in pages[-1].links if "alert" in link]

    assert any("quality over time of a column of" in page.words for page in pages)
    assert all("script" not in page.tags and hostile in page.words for page in pages)
