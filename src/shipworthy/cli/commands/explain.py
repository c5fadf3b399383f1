"""One prediction from raw rows to action."""

from datetime import datetime
from pathlib import Path

import click

from shipworthy.cli import faces
from shipworthy.flows.explain import Explained, Origin, explain
from shipworthy.logbook.store import open_logbook
from shipworthy.registry.explaining.reasons import Reason
from shipworthy.spec.project import find

SHOWN = 12  # reasons


@click.command("explain")
@click.argument("model")
@click.argument("entity")
@click.option("--at", callback=faces.moment, help="The last decision about ENTITY at or before this moment; now if absent.")
@click.option("--version", "number", type=int, help="Ask this version; the one that answers if absent, else the newest.")
@faces.verb
def command(model: str, entity: str, at: datetime, number: int | None, folder: Path, as_json: bool) -> None:
    """One prediction of MODEL, for ENTITY, from raw rows to action: where each value is from, what it adds, what the rule says.

    Exits 0 if it could be explained, 2 if not.
    """
    project = find(folder)
    found = explain(project, open_logbook(project.logbook), model, entity, at, number=number)
    if as_json:
        plain = faces.plain(found)
        faces.data({**plain, "class": plain.pop("class_"), "reasons": [_plain(reason) for reason in found.reasons]})
    else:
        _show(found)


def _plain(reason: Reason) -> dict[str, object]:
    return {name: getattr(reason, name) for name in reason.__struct_fields__}


def _show(found: Explained) -> None:
    unit = f" {found.unit}" if found.unit else ""
    answer = f"'{found.class_}' with {found.answer:.1%}" if found.class_ else f"{found.answer:,.4g}{unit}"
    click.echo(f"{found.model}@{found.version} says {answer} for {found.entity}, decided {found.decided_at:%Y-%m-%d %H:%M}")
    if found.rule_words:
        said = "nothing" if found.rule is None else f"'{found.rule}'" if isinstance(found.rule, str) else f"{found.rule:,.4g}{unit}"
        click.echo(f"  the rule says {said}: {found.rule_words}")
    if found.threshold is not None:
        click.echo(f"  it is {'' if found.acted_on else 'not '}acted on: the threshold is {found.threshold:.3g}")
    if found.decision:
        click.echo(f"  what it decides: {found.decision}")
    click.echo(f"\nWhy, on the scale {found.scale}: {found.base:,.4g} without a look at anything, {found.total:,.4g} in the end")
    for reason in found.reasons[:SHOWN]:
        click.echo(f"  {reason.contribution:+12,.4g}  {reason.words}")
    rest = found.reasons[SHOWN:]
    if rest:
        click.echo(f"  {sum(reason.contribution for reason in rest):+12,.4g}  {len(rest)} other features together")
    click.echo("\nWhere the values are from")
    for origin in found.origins:
        click.echo(f"  {origin.relation:28} {_where(origin)}")


def _where(origin: Origin) -> str:
    keys = ", ".join(f"{name} = {value}" for name, value in origin.keys.items())
    if not origin.found:
        return f"{keys}: no row was known, or none young enough"
    if origin.event_time is None:
        return f"{keys}: a fact without times"
    return f"{keys}: of {origin.event_time:%Y-%m-%d %H:%M}, known {origin.known_time:%Y-%m-%d %H:%M}"
