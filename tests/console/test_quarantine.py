import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.console.quarantine import MOST_LETTERS, by_day, cut, fixed, held, picture, place_of_quarantine, reasons
from shipworthy.console.rooms import rooms
from shipworthy.errors import UnknownName
from shipworthy.gateways.charts import svg
from shipworthy.spec.project import Project, sources

from .past import NOW
from .reading import Reading


def words(browser: httpx.Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return Reading(answer.text).words


def test_open_records_are_counted_by_reason(project: Project) -> None:
    """
    The most frequent reason first, its newest record first; what landed later is counted apart.
    """
    found = held(project, "bookings", sources(project))

    assert (found.open, found.mended, found.withdrawn) == (3, 1, 0)
    assert [(reason.words, reason.count) for reason in reasons(found)] == [("seats: minimum", 2), ("cabin: allowed", 1)]
    assert [one.delivery for one in reasons(found)[0].examples] == ["data/bookings-2013-09-01.csv", "data/bookings-2013-08-30.csv"]


def test_the_picture_counts_what_ever_came_by_day(project: Project) -> None:
    """
    Whatever became of a record, the day on which it broke the contract stays a bad day.
    """
    found = held(project, "bookings", sources(project))
    spec = picture(found, "narrow")

    assert sum(count for _, _, count in by_day(found)) == 4
    assert spec is not None
    assert "3 on 2013-08-30; 1 on 2013-09-01" in svg(spec)


def test_what_was_corrected_is_told_from_what_to_what(project: Project) -> None:
    """
    Who, why, the text as it came and as it became.
    """
    (one,) = fixed(held(project, "bookings", sources(project)))

    assert (one.who, one.why, one.state) == ("ana@example.org", "she called the passenger", "landed")
    assert '"seats":"many"' in one.came
    assert '"seats":"4"' in one.became


def test_a_source_that_nobody_landed_holds_nothing(project: Project) -> None:
    """
    No quarantine is no error, and its page says that nothing was landed; a source that there is not is one.
    """
    found = held(project, "departures", sources(project))

    assert (found.landed, found.open, reasons(found), picture(found, "wide")) == (False, 0, [], None)
    with pytest.raises(UnknownName, match="no source 'boking'"):
        held(project, "boking", sources(project))


def test_a_long_text_is_cut_and_says_so() -> None:
    """
    A record of a megabyte does not fill the page.
    """
    assert cut("a" * MOST_LETTERS) == "a" * MOST_LETTERS
    assert cut("a" * (MOST_LETTERS + 1)).endswith("a… (601 characters)")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/quarantine", "bookings 3 2 by seats: minimum 0.333"),
        ("/quarantine", "departures not landed"),
        ("/quarantine/bookings", "data/bookings-2013-09-01.csv, record 3 '-3' is below 1"),
        ("/quarantine/bookings", "shipworthy quarantine replay bookings"),
        ("/quarantine/bookings", '--set seats=VALUE --why "how it is known"'),
        ("/quarantine/bookings", "ana@example.org 2 Sep 2013, 06:00, landed she called the passenger"),
        ("/quarantine/departures", "Nothing has been landed yet"),
        ("/quality/bookings", "quality over time of the landed source"),
        ("/data/bookings", "Quarantine"),
    ],
)
def test_the_pages_tell_what_is_held_and_what_to_do(browser: httpx.Client, address: str, said: str) -> None:
    """
    Counts, reasons, texts and the commands are in words, and other pages lead here.
    """
    assert said in words(browser, address)


def test_the_text_of_a_record_is_text(browser: httpx.Client) -> None:
    """
    Markup in a quarantined record is shown as it came, and never obeyed.
    """
    answer = browser.get("/quarantine/bookings").text

    assert "script" not in Reading(answer).tags
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer


def test_only_a_source_has_a_quarantine(project: Project, book: Engine) -> None:
    """
    A published relation has no contract that records could break.
    """
    seen = rooms(project, book, NOW)

    assert place_of_quarantine(sources(project), seen.relation("bookings")) == ("quarantine", "bookings")
    assert place_of_quarantine(sources(project), seen.relation("flight_arrivals")) is None
