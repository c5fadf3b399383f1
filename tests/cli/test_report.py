"""`report`: papers on the command line."""

import json
from collections.abc import Callable

from ..conftest import MODEL, Said, Shop

Command = Callable[..., Said]


def test_a_paper_goes_to_stdout_or_to_a_file(promoted: Shop, command: Command) -> None:
    """
    Markdown on stdout, or in a file whose folder is made; links begin as they were asked to.
    """
    shown = command("report", "card", MODEL, "--project", promoted.root, "--links", "https://ml.example.org")
    kept = command("report", "card", f"{MODEL}@1", "--project", promoted.root, "--out", promoted.root / "papers" / "card.md", "--site")

    assert (shown.code, kept.code, kept.out) == (0, 0, "")
    assert shown.out.startswith("# Model card: delivery\\_minutes version 2\n")
    assert f"(https://ml.example.org/models/{MODEL}/2#promise)" in shown.out
    assert f"(./models/{MODEL}/1.html#promise)" in (promoted.root / "papers" / "card.md").read_text()


def test_as_json_it_is_the_paper_whole(promoted: Shop, command: Command) -> None:
    """
    Data for a mail or a PDF: sections, statements, sources, blanks as null.
    """
    said = json.loads(command("report", "evaluation", MODEL, "--project", promoted.root, "--json").out)
    lines = [line for section in said["sections"] for line in section["lines"]]

    assert (said["model"], said["version"]) == (MODEL, 2)
    assert any(line["words"] is None and line["fill"] for line in lines)
    assert any(line["source"] and line["source"]["part"] == "gate-beats_rule" for line in lines)


def test_what_is_no_version_is_told(promoted: Shop, command: Command) -> None:
    """
    A version is a number; an unknown one names the known.
    """
    assert "'two' is no version" in command("report", "card", f"{MODEL}@two", "--project", promoted.root).err
    assert "Known: 1, 2" in command("report", "card", f"{MODEL}@7", "--project", promoted.root).err
