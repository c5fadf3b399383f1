"""What commands have in common: the project they run in, the moment they are for, data on stdout, progress on stderr."""

import csv
import json
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import click

from shipworthy import clock
from shipworthy.bounds import WORST_FIRST, Outcome
from shipworthy.flows.demo import Stage
from shipworthy.flows.ledger import Line
from shipworthy.flows.promote import Promotion
from shipworthy.flows.time_lapse import Lapsed
from shipworthy.records import Alert, Chapter, Deployment, Interval, Promise, Verdict
from shipworthy.registry.words import cell

F = TypeVar("F", bound=Callable[..., Any])
MARKS: dict[Outcome, tuple[str, str]] = {"pass": ("ok", "green"), "fail": ("FAIL", "red"), "unknown": ("unknown", "yellow")}
NOTED = ("note", "blue")


def moment(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime:
    """Return the moment that was given, or now."""
    try:
        return clock.utc(datetime.fromisoformat(value)) if value else clock.now()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no moment such as 2013-05-01 or 2013-05-01T06:00") from None


def maybe_moment(context: click.Context, parameter: click.Parameter, value: str | None) -> datetime | None:
    """Return the moment that was given, None where none was."""
    return moment(context, parameter, value) if value else None


def verb(command: F) -> F:
    """Add what every verb takes: the project's folder, and `--json`."""
    command = click.option("--json", "as_json", is_flag=True, help="Data as JSON on stdout.")(command)
    return click.option("--project", "folder", type=click.Path(path_type=Path, file_okay=False), default=".", help="The project's folder.")(
        command
    )


def timed(command: F) -> F:
    """Add the moment that a verb is for."""
    return click.option("--as-of", callback=moment, help="The moment whose knowledge counts; now if absent.")(command)


def plain(thing: Any) -> Any:
    """Return `thing` as what JSON knows."""
    if is_dataclass(thing) and not isinstance(thing, type):
        return {field.name: plain(getattr(thing, field.name)) for field in fields(thing)}
    if isinstance(thing, dict):
        return {str(key): plain(value) for key, value in thing.items()}
    if isinstance(thing, Sequence) and not isinstance(thing, str):
        return [plain(value) for value in thing]
    if isinstance(thing, datetime | date):
        return thing.isoformat()
    if isinstance(thing, float):
        return thing if math.isfinite(thing) else None
    return thing.total_seconds() if isinstance(thing, timedelta) else str(thing) if isinstance(thing, Path) else thing


def data(thing: Any) -> None:
    """Write `thing` to stdout as JSON; NaN and infinity are null."""
    click.echo(json.dumps(plain(thing), indent=1, default=str))


def verdicts(found: Sequence[Verdict], *, everything: bool = False) -> None:
    """Write verdicts, worst first; the passed ones are counted rather than listed unless noted, or `everything` is asked for."""
    ordered = sorted(found, key=lambda verdict: (WORST_FIRST.index(verdict.outcome), not verdict.noted))
    for verdict in (one for one in ordered if everything or one.noted or one.outcome != "pass"):
        mark, colour = NOTED if verdict.noted else MARKS[verdict.outcome]
        words = verdict.words.removeprefix(verdict.subject).lstrip(": ")
        click.echo(f"{click.style(f'{mark:8}', fg=colour)}{verdict.name:22} {verdict.subject:30} {words}")
        if (verdict.outcome != "pass" or verdict.noted) and verdict.fix:
            click.echo(f"{'':8}fix: {verdict.fix}")
        if verdict.waived_by:
            click.echo(f"{'':8}waived by {verdict.waived_by}")
    passed = sum(verdict.outcome == "pass" for verdict in found)
    click.echo(f"{passed} of {len(found)} passed")


def chapters(found: Sequence[Chapter]) -> None:
    """Write chapters: words first, then the figures of their tables; what is not known is a dash."""
    for chapter in found:
        _head(" ".join([chapter.title, *dict.fromkeys(verdict.subject for verdict in chapter.verdicts)]))
        for words in chapter.words:
            click.echo(words)
        for one in chapter.tables:
            click.echo(f"\n{one.title}: {', '.join(one.columns)}")
            for row in one.rows:
                click.echo("  " + "  ".join(cell(one, unknown="-") for one in row))


def table(rows: Any) -> None:
    """Write an Arrow table to stdout as CSV; null is empty."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(rows.column_names)
    for batch in rows.to_batches():
        writer.writerows(zip(*(plain(column.to_pylist()) for column in batch.columns), strict=True))


@contextmanager
def progress() -> Iterator[Callable[[str, int, int], None]]:
    """Yield what a flow reports to: a bar on a terminal, a line now and then elsewhere, all on stderr."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415 — a terminal alone needs it

    columns = (TextColumn("{task.description:48.48}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as bars:
        task = bars.add_task("", total=None)

        def say(what: str, done: int, total: int) -> None:
            bars.update(task, description=what, completed=done, total=total)

        yield say


def _lines() -> Callable[[str, int, int], None]:
    last = ""

    def say(what: str, done: int, total: int) -> None:
        nonlocal last
        stage = what.partition(":")[0]
        if stage != last or done == total:
            click.echo(f"  {what} {done}/{total}", err=True)
            last = stage

    return say


def exit_code(outcome: Outcome) -> int:
    """Return 0 where all is sound, 1 where something failed or is unknown."""
    return 0 if outcome == "pass" else 1


def figure(value: float | None, interval: Interval | None = None) -> str:
    """Return a number with its interval; what is not known is a dash."""
    if value is None:
        return "-"
    return f"{value:.2f}" + (f" [{interval.low:.2f} to {interval.high:.2f}]" if interval else "")


def promised(line: Promise) -> str:
    """Return one line of the ledger in words."""
    return f"{line.metric} {figure(line.value, line.interval)} on {line.rows:,} decisions, the rule {figure(line.rule)}"


def ledger(lines: Sequence[Line]) -> None:
    """Write the ledger as a table."""
    click.echo(f"{'version':34}{'stage':10}{'from':12}{'rows':>8}  {'model':28}{'rule':>8}  windows better/worse than the rule")
    for line in lines:
        name = f"{line.model}@{line.version}"
        beside = f"{line.better}/{line.worse} of {line.windows}"
        promise = f"{figure(line.value, line.interval):28}{figure(line.rule):>8}"
        click.echo(f"{name:34}{line.stage:10}{line.period:12}{line.rows:8,}  {promise}  {beside}")


def summary(
    stages: Sequence[Stage],
    promotions: Sequence[Promotion],
    lines: Sequence[Line],
    alerts: Sequence[Alert],
    deployments: Sequence[Deployment],
    lapsed: Sequence[Lapsed],
) -> None:
    """Write what a demo came to."""
    _head("What was trained")
    for promotion in promotions:
        name = f"{promotion.version.model}@{promotion.version.version}"
        click.echo(f"{name}: {'every gate is green; it answers' if promotion.deployment else 'refused'}")
        for verdict in promotion.red:
            click.echo(f"  {verdict.words}")
    _head("The time-lapse")
    click.echo(f"{sum(one.requests for one in lapsed):,} requests, {sum(one.predictions for one in lapsed):,} predictions, "
               f"{sum(one.outcomes for one in lapsed):,} outcomes")  # fmt: skip
    for line in deployments:
        click.echo(f"{line.at:%Y-%m-%d}  {line.action} {line.model}@{line.version}: {line.why}")
    _head("Alarms")
    _alarms([alert for alert in reversed(alerts) if alert.fired_at])
    _head("The ledger of promises")
    ledger(lines)
    _head("What it took")
    for stage in stages:
        click.echo(f"{stage.name:36}{stage.seconds:7.1f} s{stage.cpu_seconds:8.1f} s CPU   peak so far {stage.peak_mib:,.0f} MiB")


def _alarms(fired: Sequence[Alert]) -> None:
    """Write the alarms that fired, the columns of one monitor that fired together in one line."""
    together = groupby(sorted(fired, key=_together), key=_together)
    for (day, monitor, severity), group in together:
        first, *more = group
        over = f", over {first.recovered_at:%Y-%m-%d}" if first.recovered_at else ", still there"
        others = f" (and {len(more)} columns more)" if more else ""
        click.echo(f"{day}{over:18}  {severity:9}{monitor:18}{first.words}{others}")
    click.echo("" if fired else "none fired")


def _together(alert: Alert) -> tuple[str, str, str]:
    return f"{alert.fired_at:%Y-%m-%d}", alert.key.split("/")[1], alert.severity


def _head(title: str) -> None:
    click.echo(f"\n{click.style(title, bold=True)}")
