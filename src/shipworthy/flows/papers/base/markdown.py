"""A paper as Markdown: readable as it stands, in a repository or a mail; each statement with a link to where it comes from."""

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from shipworthy.bounds import Outcome
from shipworthy.flows.papers.base import Line, Section, Shown, Source, Written
from shipworthy.registry import words

MARKS: dict[Outcome, str] = {"pass": "✓ ", "fail": "✕ ", "unknown": "? "}


def markdown(paper: Written, *, base: str, ending: str = "") -> str:
    """Return `paper` as Markdown.

    Args:
        paper: what was written.
        base: what every link begins with: the console's address, or where the static site lies.
        ending: what every page's address ends with: nothing in the console, `.html` in the static site.
    """
    title = f"# {paper.title}: {plain(paper.model)} version {paper.version}"
    head = [title, f"As of {paper.at:%Y-%m-%d %H:%M} UTC.", *map(plain, paper.lead)]
    parts = ["\n\n".join(head), *("\n\n".join(_section(section, base, ending)) for section in paper.sections)]
    return "\n\n".join(parts) + "\n"


def address(source: Source, base: str, ending: str = "") -> str:
    """Return the address of a source's page.

    >>> address(Source(("models", "churn", "3"), "gate", "gate-grain"), "http://localhost:8081", "")
    'http://localhost:8081/models/churn/3#gate-grain'
    """
    part = f"#{quote(source.part)}" if source.part else ""
    return f"{base.rstrip('/')}/{'/'.join(quote(name, safe='') for name in source.place)}{ending}{part}"


def plain(words: str) -> str:
    r"""Return `words` so that Markdown and HTML show them as they are.

    >>> plain("a_b < *c* | `d`")
    'a\\_b &lt; \\*c\\* \\| \\`d\\`'
    """
    kept = words.replace("&", "&amp;").replace("<", "&lt;").replace("\\", "\\\\")
    for mark in "*_`[]|#":
        kept = kept.replace(mark, f"\\{mark}")
    return " ".join(kept.split())


def _section(section: Section, base: str, ending: str) -> Iterator[str]:
    yield f"## {plain(section.title)}"
    yield from map(plain, section.words)
    if section.lines:
        yield "\n".join(_line(line, base, ending) for line in section.lines)
    for shown in section.tables:
        yield _table(shown, base, ending)
    if section.text:
        yield "\n".join(f"> {line}".rstrip() for line in section.text.splitlines())
    if not (section.words or section.lines or section.tables or section.text):
        yield "Nothing."


def _line(line: Line, base: str, ending: str) -> str:
    mark = MARKS[line.outcome] if line.outcome else ""
    if line.words is None:
        return f"- **{plain(line.label)}**: *{line.blank}*" + (f" (to fill it: {plain(line.fill)})" if line.fill else "")
    return f"- **{plain(line.label)}**: {mark}{plain(line.words)}{_link(line.source, base, ending)}"


def _link(source: Source | None, base: str, ending: str) -> str:
    if source is None:
        return ""
    return f" ([{plain(source.what)}]({address(source, base, ending)}))" if source.place else f" ({plain(source.what)})"


def _table(shown: Shown, base: str, ending: str) -> str:
    table = shown.table
    origins = shown.origins or (None,) * len(table.rows)
    title = f"{plain(table.title)}{_link(shown.source, base, ending)}"
    head = [title, "", _row(map(plain, table.columns)), _row(["---"] * len(table.columns))]
    rows = [_row(_cells(row, origin, base, ending)) for row, origin in zip(table.rows, origins, strict=True)]
    return "\n".join([*head, *rows])


def _cells(row: tuple[object, ...], origin: Source | None, base: str, ending: str) -> Iterator[str]:
    first, *others = map(_cell, row)
    yield f"[{first}]({address(origin, base, ending)})" if origin else first
    yield from others


def _cell(value: object) -> str:
    return words.cell(value, unknown="*unknown*") if value is None or isinstance(value, float) else plain(words.cell(value))


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
