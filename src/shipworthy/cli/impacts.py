"""What a change touches, as text for a terminal and as Markdown for a pull request."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import click

from shipworthy.lineage.change import Change
from shipworthy.lineage.impact import Impact, Kind, Touched

TITLES: dict[Kind, str] = {
    "broken": "Broken", "service": "Services in production", "model": "Models to train and evaluate again", "label": "Labels",
    "feature": "Features", "metric": "Business metrics", "predictions": "Predictions", "exposure": "Dashboards, reports and other readers",
}  # fmt: skip
COLOURS: dict[Kind, str] = {"broken": "red", "service": "red", "model": "yellow", "label": "yellow", "feature": "yellow"}
MOST = 40  # of one kind in a list: what is left out is counted


def text(found: Impact) -> str:
    """Return what a change touches, for a terminal."""
    lines = [summary(found)]
    for kind, group in groupby(found.touched, key=lambda one: one.kind):
        touched = list(group)
        lines += ["", click.style(TITLES[kind], bold=True, fg=COLOURS.get(kind))]
        lines += [f"  {one.name:44} {one.words}{_owned(one)}\n{'':4}by {_causes(one)}" for one in touched[:MOST]]
        lines += [f"  and {len(touched) - MOST} more"] if len(touched) > MOST else []
    lines += ["", click.style("What changed", bold=True)] if found.changes else []
    for change in found.changes[: 2 * MOST]:
        mark = "touches" if found.touches(change) else "nothing"
        lines.append(f"  {mark:9}{change.what:14}{change.name:44} {change.words}{f'  ({change.file})' if change.file else ''}")
    lines += [f"  and {len(found.changes) - 2 * MOST} more"] if len(found.changes) > 2 * MOST else []
    return "\n".join([*lines, *_untold(found)])


def summary(found: Impact) -> str:
    """Return the whole in one sentence."""
    sides = f"from {found.before} to {found.after}"
    if not found.changes:
        return f"Nothing changed {sides}."
    counted = f"{len(found.changes)} change{'s' if len(found.changes) > 1 else ''} {sides}"
    if not found.touched:
        return f"{counted}; they touch nothing that anybody reads."
    kinds = [(kind, sum(1 for _ in group)) for kind, group in groupby(found.touched, key=lambda one: one.kind)]
    said = ", ".join(f"{count} {kind if count == 1 or kind == 'predictions' else f'{kind}s'}" for kind, count in kinds if kind != "broken")
    broken = next((count for kind, count in kinds if kind == "broken"), 0)
    parts = [f"{broken} broken"] if broken else []
    return f"{counted} touch " + ", ".join([*parts, said] if said else parts) + "."


def markdown(found: Impact) -> str:
    """Return what a change touches, for a pull request."""
    lines = ["## What this change touches", "", _escaped(summary(found))]
    for kind, group in groupby(found.touched, key=lambda one: one.kind):
        touched = list(group)
        head = ["", f"### {TITLES[kind]}", "", "| what | means | because | way | owner |", "|---|---|---|---|---|"]
        rows = [_row(f"`{one.name}`", one.words, _causes(one), " → ".join(one.path), one.owner or "") for one in touched[:MOST]]
        lines += [*head, *rows, *([f"\nand {len(touched) - MOST} more"] if len(touched) > MOST else [])]
    lines += list(_changes(found))
    return "\n".join([*lines, *_untold(found, bullet="- ")])


def _changes(found: Impact) -> Iterator[str]:
    told = [("Changes that touch something", True), ("Changes that touch nothing that anybody reads", False)]
    for title, touching in told:
        changes = [change for change in found.changes if found.touches(change) is touching]
        if changes:
            yield f"\n<details{' open' if touching else ''}><summary>{title}: {len(changes)}</summary>\n"
            yield "| change | of | words | file |\n|---|---|---|---|"
            yield from (
                _row(change.what, f"`{change.name}`", change.words, f"`{change.file}`" if change.file else "")
                for change in changes[: 2 * MOST]
            )
            yield f"\nand {len(changes) - 2 * MOST} more\n" if len(changes) > 2 * MOST else ""
            yield "</details>"


def _file(change: Change) -> str:
    return f"`{change.file}`" if change.file else ""


def _row(*cells: str) -> str:
    return f"| {' | '.join(_escaped(cell) for cell in cells)} |"


def _escaped(cell: str) -> str:
    return cell.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def _causes(one: Touched, most: int = 3) -> str:
    names = [_cause(change) for change in one.because]
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "") if names else "nothing that is told"


def _cause(change: Change) -> str:
    return f"{change.name} ({change.what})"


def _owned(one: Touched) -> str:
    return f"; {one.owner}" if one.owner else ""


def _untold(found: Impact, bullet: str = "  ") -> Sequence[str]:
    if not found.untold:
        return []
    head = "Not told column by column; a change above one of these counts for all of it:"
    return ["", head, *(["", *_items(found, bullet)] if bullet == "- " else _items(found, bullet))]


def _items(found: Impact, bullet: str) -> list[str]:
    return [f"{bullet}{name}: {why}" for name, why in sorted(found.untold.items())]
