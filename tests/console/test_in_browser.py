import shutil
import subprocess
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from shipworthy.console.app import app
from shipworthy.spec.project import Project

from .conftest import answering

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--enable-logging=stderr", "--timeout=20000",
)  # fmt: skip
DARK = "--blink-settings=preferredColorScheme=0"

pytestmark = [pytest.mark.journey, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


@pytest.fixture(scope="module")
def address(project: Project, pinned: None) -> Iterator[str]:
    with answering(project) as client:
        yield str(client.base_url)


def visit(address: str, tmp_path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    assert CHROMIUM is not None
    command = [CHROMIUM, *QUIET, f"--user-data-dir={tmp_path / 'profile'}", *options, address]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)


def first_pixel(picture: Path) -> tuple[int, ...]:
    """Return the colour of a PNG's first pixel: filters leave it as it is."""
    content, place, packed = picture.read_bytes(), 8, b""
    while place < len(content):
        length = int.from_bytes(content[place : place + 4], "big")
        if content[place + 4 : place + 8] == b"IDAT":
            packed += content[place + 8 : place + 8 + length]
        place += length + 12
    return tuple(zlib.decompress(packed)[1:4])


def test_the_model_page_stands_under_its_own_policy(address: str, tmp_path: Path) -> None:
    """
    A real browser shows the whole page and has nothing to refuse.
    """
    seen = visit(f"{address}/models/arrival_delay", tmp_path, "--dump-dom")

    assert "Ledger of promises" in seen.stdout
    assert "loses to the rule" in seen.stdout
    assert "Content Security Policy" not in seen.stderr


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/", "Red in the data."),
        ("/quality", "Build by build"),
        ("/quality/airport_weather", "What failed when"),
        ("/quality/airport_weather/wind_speed", "null share"),
        ("/quarantine/bookings", "is below 1"),
        ("/lineage", "By name"),
        ("/catalog?q=wind", "found for"),
        ("/lineage/ml.arrival_delay/2", "How far:"),
        ("/lineage/model.flights.flight_arrivals/column/arrival_delay", "From source to reader"),
        ("/findings/arrival_delay", "R2 without it"),
    ],
)
def test_the_pages_of_the_data_stand_under_the_same_policy(address: str, tmp_path: Path, page: str, said: str) -> None:
    """
    Charts, graphs and texts from the data are shown, and the browser has nothing to refuse.
    """
    seen = visit(f"{address}{page}", tmp_path, "--dump-dom")

    assert said in seen.stdout
    assert "Content Security Policy" not in seen.stderr
    assert "Refused to" not in seen.stderr


@pytest.mark.parametrize(("options", "paper"), [((), (255, 255, 255)), ((DARK,), (20, 23, 26))], ids=["light", "dark"])
def test_the_page_follows_the_readers_theme(address: str, tmp_path: Path, options: tuple[str, ...], paper: tuple[int, ...]) -> None:
    """
    The paper is white in the light and dark in the dark.
    """
    picture = tmp_path / "page.png"

    visit(f"{address}/models/arrival_delay", tmp_path, f"--screenshot={picture}", "--window-size=1200,1400", *options)

    assert first_pixel(picture) == paper
    assert picture.stat().st_size > 50_000


@pytest.mark.parametrize(
    ("options", "variant"),
    [
        (("--window-size=1200,900",), "wide-light"),
        (("--window-size=700,900", DARK), "middle-dark"),
        (("--window-size=400,900",), "narrow-light"),
    ],
    ids=["wide", "middle and dark", "narrow"],
)
def test_the_browser_takes_the_picture_that_fits(
    project: Project, pinned: None, tmp_path: Path, options: tuple[str, ...], variant: str
) -> None:
    """
    Each width and theme loads its own drawing of the ledger, and no other.
    """
    asked: list[str] = []
    inner = app(project)

    async def noting(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(str(scope.get("path")))
        await inner(scope, receive, send)

    with answering(project, noting) as client:
        visit(f"{client.base_url}/models/arrival_delay", tmp_path, f"--screenshot={tmp_path / 'page.png'}", *options)

    assert [path.rpartition("ledger-")[2] for path in asked if "ledger-" in path] == [f"{variant}.svg"]
