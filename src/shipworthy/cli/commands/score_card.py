"""The ML Test Score: 28 tests of readiness, each computed from evidence."""

from itertools import groupby
from pathlib import Path

import click

from shipworthy import clock
from shipworthy.cli import faces
from shipworthy.flows.readiness import ScoreCard, cards
from shipworthy.flows.score_card.base import SECTIONS
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find


@click.command("score-card")
@click.argument("model", required=False)
@click.option("--at-least", type=click.FloatRange(0, 7), default=0.0, help="Exit with 1 where a model's score is lower.")
@faces.verb
@click.pass_context
def command(ctx: click.Context, model: str | None, at_least: float, folder: Path, as_json: bool) -> None:
    """The ML Test Score of MODEL, or of every model: 28 tests, each scored by what this project has left as evidence.

    1 where the system itself shows it, 0.5 where half is shown or somebody did it by hand (`ml/NAME/by_hand.yml`), 0 where
    nothing does, or what does is too old. A model's score is that of its weakest section.
    """
    project = find(folder)
    found = cards(project, open_logbook(project.logbook), model, clock.now())
    if as_json:
        faces.data(found)
    else:
        for card in found:
            _show(card)
    ctx.exit(0 if found and min(card.final for card in found) >= at_least else 1)


def _show(card: ScoreCard) -> None:
    click.echo(f"{click.style(card.model, bold=True)}  {card.final:g}  {card.reading}")
    for section, scores in groupby(card.scores, key=lambda score: score.section):
        click.echo(f"  {SECTIONS[section]}  {card.sections[section]:g} of 7")
        for score in scores:
            click.echo(f"    {score.points:<4g}{score.test:24} {score.words}")
            if score.improve:
                click.echo(f"{'':33}to raise it: {score.improve}")
