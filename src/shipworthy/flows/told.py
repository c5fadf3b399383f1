"""What a training tells of itself as files: charts and chapters as a page, predictions as a table, its training set, its configuration."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from shipworthy.data.training_set import TrainingSet
from shipworthy.flows import recorded
from shipworthy.flows.recorded import CONFIGURATION, PREDICTIONS
from shipworthy.gateways import charts
from shipworthy.gateways.secrets import masked
from shipworthy.records import Chapter, Table, Verdict
from shipworthy.registry import words
from shipworthy.spec.project import Project

MOST_PREDICTIONS = 2000
Cell = str | float | int | bool | None


def page(project: Project, title: str, drawn: Mapping[str, Mapping[str, Any]], studied: tuple[Chapter, ...]) -> str:
    """Return one page of the charts in `drawn` and of every chapter, which opens without a network."""
    parts: list[str | Mapping[str, Any]] = [f"<h1>{escape(title)}</h1>"]
    parts += [*drawn.values()] if drawn else ["<p>Nothing to draw: the holdout is empty.</p>"]
    for chapter in studied:
        parts += [f"<h2>{escape(chapter.title)}</h2>", *(f"<p>{escape(said)}</p>" for said in chapter.words)]
        parts += [*chapter.charts.values(), *map(_html_table, chapter.tables)]
        parts += [f"<p>{verdict.outcome}: <b>{escape(verdict.name)}</b> {escape(verdict.words)}</p>" for verdict in chapter.verdicts]
    return charts.interactive(title, parts, cache=project.state / "cache")


def _html_table(table: Table) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    rows = "".join(f"<tr>{''.join(map(_html_cell, row))}</tr>" for row in table.rows)
    return f"<h3>{escape(table.title)}</h3><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _html_cell(value: Cell) -> str:
    return f'<td class="n">{words.cell(value)}</td>' if isinstance(value, int | float) else f"<td>{escape(words.cell(value))}</td>"


def markdown(chapter: Chapter) -> str:
    """Return a chapter as Markdown, its charts left out.

    >>> print(markdown(Chapter("over_time", "Over time", ("It held.",), (Table("by week", ("week", "mae"), (("1", None),)),))))
    # Over time
    <BLANKLINE>
    It held.
    <BLANKLINE>
    ## by week
    <BLANKLINE>
    | week | mae |
    |---|---|
    | 1 |  |
    <BLANKLINE>
    """
    parts = [f"# {chapter.title}", *chapter.words]
    for table in chapter.tables:
        lines = [table.columns, ["---"] * len(table.columns), *([words.cell(cell) for cell in row] for row in table.rows)]
        written = ["|" + "|".join(line) + "|" if place == 1 else "| " + " | ".join(line) + " |" for place, line in enumerate(lines)]
        parts += [f"## {table.title}", "\n".join(written)]
    return "\n\n".join([*parts, *([judged(chapter.verdicts)] if chapter.verdicts else [])]).rstrip("\n") + "\n"


def judged(verdicts: tuple[Verdict, ...]) -> str:
    """Return verdicts as a table in Markdown."""
    lines = [f"| {verdict.outcome} | {verdict.name} | {verdict.words} | {verdict.waived_by or ''} |" for verdict in verdicts]
    return "\n".join(["| outcome | gate | in words | waived by |", "|---|---|---|---|", *lines]) + "\n"


def predictions(folder: Path) -> str:
    """Return the kept predictions as the table that MLflow's pages show: all, or 2,000 of them, evenly over time."""
    table = pq.read_table(folder / PREDICTIONS)
    places = np.unique(np.linspace(0, max(0, table.num_rows - 1), min(table.num_rows, MOST_PREDICTIONS)).astype(np.int64))
    rows = table.take(pa.array(places))
    columns = [[_plain(value) for value in rows.column(name).to_pylist()] for name in rows.column_names]
    return json.dumps({"columns": rows.column_names, "data": list(zip(*columns, strict=True))})


def _plain(value: Any) -> Cell:
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | float | int) else str(value)


def configuration(project: Project, model: str, version: int) -> dict[str, str]:
    """Return the files that said how to train, by path, without what looks like a secret; a file that is no text is left out."""
    folder = recorded.folder_of(project, model, version) / CONFIGURATION
    found = {}
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            found[f"{CONFIGURATION}/{file.relative_to(folder).as_posix()}"] = masked(file.read_text(encoding="utf-8"))
        except UnicodeDecodeError:
            continue
    return found


def opening(project: Project, made: TrainingSet) -> str:
    """Return a program that opens the training set, with nothing of Shipworthy in it."""
    place = (project.lake / made.table.table).resolve()
    return (
        f'"""Opens the training set {made.hash} of {made.model}: {made.rows:,} rows, as of {made.as_of:%Y-%m-%d %H:%M}."""\n\n'
        "import pyarrow.dataset as dataset\nfrom deltalake import DeltaTable\n\n"
        f"files = DeltaTable({str(place)!r}, version={made.table.version}).file_uris()\n"
        'rows = dataset.dataset(files, format="parquet").to_table().sort_by([("decided_at", "ascending"), ("entity", "ascending")])\n'
        "print(f\"{rows.num_rows} rows, columns: {', '.join(rows.column_names)}\")\n"
    )
