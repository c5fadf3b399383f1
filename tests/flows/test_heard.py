"""What was seen while a step ran."""

import sys

from shipworthy.flows.heard import listening


def test_what_is_printed_is_heard_and_still_printed(capsys) -> None:
    """
    Code that prints is heard, on both streams; afterwards nothing is.
    """
    with listening() as heard:
        sys.stdout.write("fold 1\n")
        sys.stderr.write("careful\n")
    sys.stdout.write("later\n")

    assert heard.text == "fold 1\ncareful\n"
    assert capsys.readouterr().out == "fold 1\nlater\n"


def test_progress_is_heard_once_for_each_stage() -> None:
    """
    A stage that reports many steps is one line, though a face prints it as well.
    """
    with listening() as heard:
        report = heard.beside(lambda what, *_: sys.stderr.write(what))
        for done in range(3):
            report("fit", done, 3)

    assert [line.split("  ")[-1] for line in heard.text.splitlines()] == ["fit 0/3"]
