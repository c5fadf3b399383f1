"""Write a paper about a version: model card, design paper, evaluation report."""

from pathlib import Path

import click

from shipworthy import clock
from shipworthy.cli import faces
from shipworthy.errors import BadRequest
from shipworthy.flows.papers.base.markdown import markdown
from shipworthy.flows.report import report
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("report")
@click.argument("paper")
@click.argument("model")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write to; stdout if absent.")
@click.option("--links", help="What links begin with; the console's address if absent.")
@click.option("--site", is_flag=True, help="Links lead to the files of `shipworthy docs`; --links says where they lie.")
@faces.verb
def command(paper: str, model: str, out: Path | None, links: str | None, site: bool, folder: Path, as_json: bool) -> None:
    """Write PAPER (card, design or evaluation) about MODEL, or about MODEL@VERSION, as Markdown.

    Without a version it is about the one that answers, or the newest where none does. Every statement has a link to the page
    that it comes from; what nobody knows is a blank, with what would fill it.
    """
    project = find(folder)
    name, number = _version(model)
    written = report(project, open_logbook(project.logbook), paper, name, number, clock.now())
    if as_json:
        faces.data(written)
        return
    console = project.settings.console
    base = links or ("." if site else f"http://{console.host}:{console.port}")
    text = markdown(written, base=base, ending=".html" if site else "")
    if out is None:
        click.echo(text, nl=False)
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text, encoding="utf-8")
    click.echo(f"wrote {out}: {len(written.blanks)} blanks", err=True)


def _version(asked: str) -> tuple[str, int | None]:
    name, at, number = asked.partition("@")
    if at and not number.isdecimal():
        raise BadRequest(where=asked, what=f"'{number}' is no version", fix=f"write {name}@1, or {name} for the one that answers")
    return name, int(number) if at else None
