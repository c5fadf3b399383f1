"""What is installed, read off the heads of packages alone."""

from importlib.metadata import version

from shipworthy.training.installed import head_of, installed


def test_versions_are_those_that_python_itself_tells() -> None:
    """
    Each version is the one that importlib tells of the package of that name.
    """
    found = installed()

    assert {"lightgbm", "duckdb"} <= set(found)
    assert {name: version(name) for name in found} == found


def test_a_description_is_no_head() -> None:
    """
    A field below the first blank line, or a line that goes on, says nothing about the package.
    """
    assert head_of("Name: ours\nSummary: short\n Version: 9\n\nVersion: 8\n") == {"Name": "ours", "Summary": "short"}
