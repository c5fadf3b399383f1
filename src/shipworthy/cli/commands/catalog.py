"""Find a column or feature, and what is computed twice."""

from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.search import Entry, duplicates, search
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("catalog")
@click.argument("words", nargs=-1)
@click.option("--duplicates", "twice", is_flag=True, help="The expressions that are computed in two places, in place of a search.")
@click.option("--most", type=click.IntRange(min=1), default=15, help="How many are shown; --json has all.")
@faces.verb
def command(words: tuple[str, ...], twice: bool, most: int, folder: Path, as_json: bool) -> None:
    """Find a column or feature by WORDS in its name, description or source: what it means, its tests, statistics, and who uses it.

    A word that is only begun, or almost spelt right, is met as well. Without words, what is used most.
    """
    project = find(folder)
    if twice:
        found = duplicates(project)
        if as_json:
            faces.data(found)
            return
        for one in found:
            click.echo("\n".join(spot.words for spot in one.spots))
            click.echo(f"{'':4}made from {', '.join(one.made_from) or 'no column'}")
        click.echo(f"{len(found)} expressions are computed more than once" if found else "nothing is computed twice")
        return
    entries = search(project, open_logbook(project.logbook), " ".join(words))
    if as_json:
        faces.data(entries)
        return
    for entry in entries[:most]:
        _show(entry)
    click.echo(f"{len(entries)} found" + (f", the first {most} are shown" if len(entries) > most else ""))


def _show(entry: Entry) -> None:
    kind = "" if entry.kind == "relation" else f"  {entry.type or ''}{f' in {entry.unit}' if entry.unit else ''}"
    click.echo(f"{click.style(entry.name, bold=True)}  {entry.of} {entry.kind}{kind}")
    for label, words in _facts(entry):
        if words:
            click.echo(f"{'':4}{label:12}{words}")


def _facts(entry: Entry) -> list[tuple[str, str]]:
    nulls = None if entry.null_share is None else f"{entry.null_share:.3f} of rows null"
    numbers = [nulls, _counted(entry.distinct, "values"), _counted(entry.rows, "rows")]
    numbers += [None if entry.age_days is None else f"newest row {entry.age_days:.1f} days old"]
    return [
        ("means", entry.description or "nobody said"),
        ("known by", entry.known_by or ""),
        ("has", ", ".join(filter(None, numbers))),
        ("comes from", _listed(entry.comes_from)),
        ("used by", _listed(entry.used_by)),
        ("importance", "" if entry.importance is None else f"{entry.importance:.3f} of the gain"),
        ("tested", ", ".join(entry.tests)),
        ("owner", entry.owner or ""),
        ("twice", _listed(entry.duplicates)),
        ("written in", entry.file),
    ]


def _counted(number: int | None, what: str) -> str | None:
    return None if number is None else f"{number:,} {what}"


def _listed(names: tuple[str, ...], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
