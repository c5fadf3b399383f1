"""What the documents say of the command line is so."""

import re
import shlex
from pathlib import Path

import click
import pytest

from shipworthy.cli.main import cli
from shipworthy.errors import UnknownName

from . import pages

FILES = pages.documents()
LINE = re.compile(r"(?:^|&& )(?:\w+=\S+ )*(?:\S*/)?shipworthy( .*)$")


def require(line: str, *, whole: bool) -> None:
    """Do nothing if `line`, without its first word, is a call that the command line takes; `whole` with all its arguments."""
    words = shlex.split(re.split(r" (?:&&|>>?|\|) ", line)[0], comments=True)
    if not words or words[0] in ("...", "--help", "--version"):
        return
    context = click.Context(cli, info_name="shipworthy")
    name, command, rest = cli.resolve_command(context, words)
    assert command is not None
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in rest if word.startswith("--")} <= options, line
    if whole:
        command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_call_in_a_code_block_is_one_that_works(file: Path) -> None:
    """
    Command, options and arguments of a line that begins with `shipworthy` exist.
    """
    for block in (pages.blocks(pages.text(file), language) for language in ("", "bash", "sh", "shell", "console")):
        for line in "".join(block).splitlines():
            if found := LINE.search(line.strip()):
                require(found[1], whole=True)


@pytest.mark.parametrize("file", [file for file in FILES if file.name != "commands.md"], ids=str)
def test_every_command_in_a_sentence_exists(file: Path) -> None:
    """
    `shipworthy NAME` in running text names a command, and options that it has.
    """
    for words in re.findall(r"`shipworthy( [^`\n]+)`", pages.prose(pages.text(file))):
        require(words, whole=False)


@pytest.mark.parametrize("wrong", [" trian model", " train model --asof 2013-05-01", " train"])
def test_a_call_that_does_not_work_is_found(wrong: str) -> None:
    """
    An unknown command, an unknown option, and a missing argument each fail.
    """
    with pytest.raises((UnknownName, AssertionError, click.UsageError)):
        require(wrong, whole=True)


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_has_its_paragraph(name: str) -> None:
    """
    The page of commands has a heading for each, with its words and each of its options.
    """
    page = pages.text(Path("docs/commands.md"))
    command = cli.get_command(click.Context(cli), name)

    assert command is not None
    assert name in pages.headings(page)
    section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
    assert (command.help or "").splitlines()[0] in section
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{name} {parameter.opts[0]}"
            assert parameter.opts[0] in section


@pytest.mark.parametrize("file", FILES, ids=str)
def test_every_make_target_exists(file: Path) -> None:
    """
    `make NAME` in a document is a target of the Makefile.
    """
    targets = set(re.findall(r"^([a-z]+):", pages.text(Path("Makefile")), re.MULTILINE))
    said = re.findall(r"(?:^|`)make ([a-z]+(?: [a-z]+)*)", pages.text(file), re.MULTILINE)

    assert {name for names in said for name in names.split()} <= targets
