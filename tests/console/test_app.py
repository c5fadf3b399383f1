import json
import os
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from shipworthy.gateways import lake
from shipworthy.logbook import write
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import Project

from .past import NOW, lay_out, version
from .reading import Reading

OF_DATA = [
    "/quality", "/quality/airport_weather", "/quality/airport_weather/wind_speed", "/lineage", "/lineage/ml.arrival_delay/1",
    "/lineage/model.flights.flight_arrivals/column/arrival_delay", "/findings", "/findings/arrival_delay",
    "/catalog", "/quarantine", "/quarantine/bookings", "/quality/bookings",
]  # fmt: skip

LEARNERS = {"lightgbm", "mlflow", "optuna", "scipy.stats", "sklearn", "skops"}


def read(browser: httpx.Client, address: str, status: int = 200) -> Reading:
    response = browser.get(address)
    assert response.status_code == status
    return Reading(response.text)


def test_home_tells_red_first(browser: httpx.Client) -> None:
    """
    The model with a firing alarm comes before the refused one, that before the one never trained.
    """
    words = read(browser, "/").words

    places = [words.index(word) for word in ("▲ alarm", "✕ refused", "○ not in production")]
    assert places == sorted(places)
    assert "12.3 [11.8 to 12.9]" in words


def test_home_asks_again_by_itself(browser: httpx.Client) -> None:
    """
    The first page is fresh within half a minute, without a script.
    """
    assert browser.get("/").headers["refresh"] == "30"


@pytest.mark.parametrize(
    "said",
    [
        "Promised by v3 12.2 [11.7 to 12.7]",
        "the rule by 13.8.",
        "realized decay: 14.9 against the promised 11.9",
        "waived by ana@example.org until 2013-12-31",
        "look at the landed weather since 24 Aug",
        "v3 realized 21 to 27 Aug 2013 6,696 12.3 [11.8 to 12.9] 13.9 −1.6 [−1.9 to −1.3] ✓ beats the rule",
        "v1 realized 10 to 16 Jul 2013 41 unknown unknown unknown ? unknown",
        "How late the aircraft left its gate.",
        "kpi_daily",
    ],
)
def test_the_model_page_tells_all_of_it(browser: httpx.Client, said: str) -> None:
    """
    Promises, decisions, evidence, waivers, alarms, features and the brief are on one page, in words.
    """
    assert said in read(browser, "/models/arrival_delay").words


def test_a_refusal_is_told_with_its_figures(browser: httpx.Client) -> None:
    """
    A product manager reads why a version was refused.
    """
    words = read(browser, "/models/arrival_delay_at_booking").words

    assert "the rule is better by 1.4 [0.9 to 1.8]" in words
    assert "keep the rule" in words


def test_the_data_page_tells_what_is_sound(browser: httpx.Client) -> None:
    """
    A landed source has its contract's word, a relation with a red check fails, one that is not published has no rows.
    """
    words = read(browser, "/data").words

    assert "departures ✓ pass landed by contract 4" in words
    assert "airport_ weather ✕ fail 1 of 3 not passed unknown not yet" in words


def test_the_relation_page_tells_column_by_column(browser: httpx.Client) -> None:
    """
    Each column has its meaning, its unit, its share of nulls and what the checks say.
    """
    words = read(browser, "/data/airport_weather").words

    assert (
        "wind_speed number knots 0.093 ✕ fail null_share: 0.093 is null, at most 0.050 may be. ✓ pass not_finite Speed of the wind."
        in words
    )
    assert "origin key text unknown" in words


def test_runs_come_newest_first(browser: httpx.Client) -> None:
    """
    The last run is on top, its last step first.
    """
    words = read(browser, "/runs").words

    assert words.index("tick-2013-09-02") < words.index("tick-2013-09-01")
    assert words.index("no reason to") < words.index("961 rows scored")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/data",
        "/runs",
        "/models/arrival_delay",
        "/data/flight_arrivals",
        "/quality",
        "/quality/airport_weather",
        "/quality/airport_weather/wind_speed",
    ],
)
def test_every_link_and_picture_is_there(browser: httpx.Client, address: str) -> None:
    """
    No link of a page leads nowhere or elsewhere.
    """
    for link in read(browser, address).links:
        assert link.startswith(("/", "#"))
        assert browser.get(link).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/data",
        "/runs",
        "/models/arrival_delay",
        "/data/airport_weather",
        "/no",
        "/quality",
        "/quality/airport_weather",
        "/quality/airport_weather/wind_speed",
    ],
)
def test_no_page_needs_more_than_its_policy_allows(browser: httpx.Client, address: str) -> None:
    """
    A page has no script, no style of its own, and a policy that would not run any.
    """
    response = browser.get(address)
    read = Reading(response.text)

    assert {"script", "style"}.isdisjoint(read.tags)
    assert not [name for name in read.attributes if name == "style" or name.startswith("on")]
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'; img-src 'self';")
    assert response.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/models/arival_delay", "did you mean 'arrival_delay'?"),
        ("/data/airport_wether", "did you mean 'airport_weather'?"),
        ("/nowhere", "no such page"),
        ("/models/missed_connection/ledger-wide-light.svg", "no ledger 'missed_connection'"),
        ("/models/arrival_delay/ledger-huge-light.svg", "no version 'ledger-huge-light.svg'"),
        ("/runs/ledger-huge-light.svg", "no such page"),
    ],
)
def test_what_is_not_there_names_the_nearest(browser: httpx.Client, address: str, said: str) -> None:
    """
    An unknown name is answered with a page that says where, what, and the nearest name.
    """
    assert said in read(browser, address, 404).words


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_nothing_can_be_changed_here(browser: httpx.Client, method: str) -> None:
    """
    The console is read-only.
    """
    assert getattr(browser, method)("/models/arrival_delay").status_code == 405


@pytest.fixture
def client(bare: Project, open_in: Callable[[Project], httpx.Client]) -> httpx.Client:
    return open_in(bare)


@pytest.mark.parametrize("address", ["/", "/data", "/runs"])
def test_a_project_without_a_past_has_its_pages(bare: Project, client: httpx.Client, address: str) -> None:
    """
    Before the first run every page says what to do first.
    """
    assert read(client, address).words


def test_a_spec_that_cannot_be_read_takes_no_page_away(bare: Project, client: httpx.Client) -> None:
    """
    What is in production is shown while somebody edits the spec, and the mistake beside it, with its line.
    """
    project = bare
    book = open_logbook(project.logbook)
    write.version(book, version("churn", 1, NOW))
    book.dispose()
    (project.root / "ml" / "churn").mkdir(parents=True)
    (project.root / "ml" / "churn" / "model.yml").write_text("modell: churn\n")

    words = read(client, "/").words

    assert "model.yml:1: no key 'modell'" in words
    assert "Version 1 waits for its promotion" in words
    assert "Its spec cannot be read." in read(client, "/models/churn").words


def test_hostile_names_are_shown_and_never_obeyed(bare: Project, client: httpx.Client) -> None:
    """
    Names and words from data and logbook are text on every page, and their links lead back to them.
    """
    project = bare
    hostile = "<script>alert(1)</script>"
    book = open_logbook(project.logbook)
    write.version(book, version("m", 1, NOW, sound=False, note=hostile))
    book.dispose()
    facts = {"role": "published", "description": hostile, "columns": {hostile: {"description": hostile}}}
    (project.state / "catalog.json").write_text(json.dumps({"relations": {f"../{hostile}": facts}}))

    pages = [read(client, address) for address in ("/", "/models/m", "/data")]
    pages += [read(client, link) for link in pages[-1].links if "alert" in link]

    assert len(pages) == 4
    assert all("script" not in page.tags for page in pages)
    assert pages[1].words.count(hostile) == 1
    assert hostile in pages[3].words


def test_a_broken_catalog_is_told(bare: Project, client: httpx.Client) -> None:
    """
    A catalog that is no JSON is answered with where, what, fix: a page, no trace.
    """
    project = bare
    (project.state / "catalog.json").write_text("{")

    assert "run 'shipworthy build', which writes it" in read(client, "/data", 500).words


def test_the_console_never_opens_the_warehouse(project: Project, browser: httpx.Client) -> None:
    """
    Pages come from logbook, lake and packages: with the warehouse unreadable they are the same.
    """
    project.warehouse.write_bytes(b"no database")

    assert read(browser, "/data/flight_arrivals").words
    assert lake.exists(project.lake, "published/flight_arrivals")


def test_the_console_is_served_until_asked_to_end(tmp_path: Path) -> None:
    """
    In a process of its own, which loads no learner, it says where it answers, answers over HTTP, and goes when told to.
    """
    project = lay_out(tmp_path / "flights")
    code = (
        "import sys, pathlib as p, shipworthy.console.app as a, shipworthy.spec.project as s\n"
        f"loaded = {LEARNERS} & set(sys.modules); assert not loaded, loaded\n"
        "a.serve(s.find(p.Path(sys.argv[1])), port=0)"
    )
    process = subprocess.Popen([sys.executable, "-W", "error", "-c", code, str(project.root)], stderr=subprocess.PIPE)
    try:
        ready = _ready(project.state / "console.json", process)
        with urllib.request.urlopen(f"http://127.0.0.1:{ready['port']}/models/arrival_delay", timeout=30) as answer:
            assert "Ledger of promises" in answer.read().decode()
        assert ready["pid"] == process.pid
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=30) in (0, -signal.SIGTERM)
        assert not (project.state / "console.json").exists()
    finally:
        process.kill()
        process.communicate()


def _ready(file: Path, process: subprocess.Popen[bytes]) -> dict[str, int]:
    waiting = threading.Event()
    for _ in range(600):
        if file.exists():
            told: dict[str, int] = json.loads(file.read_text())
            return told
        assert process.poll() is None, process.communicate()[1].decode()
        waiting.wait(0.05)
    raise AssertionError("the console never said where it answers")
