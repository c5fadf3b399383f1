"""Keeps the generated parts of the documents in step with the code.

python docs/in_step.py            writes them
python docs/in_step.py --check    writes nothing, and exits 1 if one of them is out of step
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import click
import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from shipworthy import checks
from shipworthy.checks import training_set
from shipworthy.checks.base import Check
from shipworthy.checks.base.contract import contract
from shipworthy.checks.training_set.base import TrainingCheck
from shipworthy.cli.main import cli
from shipworthy.families import members
from shipworthy.flows import score_card
from shipworthy.flows.init import templates
from shipworthy.flows.readiness import READINGS
from shipworthy.flows.score_card.base import SECTIONS, ScoreTest
from shipworthy.monitoring import monitors
from shipworthy.monitoring.monitors.base import Monitor
from shipworthy.registry import gates
from shipworthy.registry.gates.base import Gate
from shipworthy.retraining import reasons
from shipworthy.retraining.reasons.base import Because
from shipworthy.spec.behaviours import Behaviours
from shipworthy.spec.by_hand import ByHand
from shipworthy.spec.duration import in_words
from shipworthy.spec.load import load
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.settings import Settings
from shipworthy.spec.source import SourceSpec
from shipworthy.spec.timeline import Timeline

ROOT = Path(__file__).parent.parent
FIX = "make fix"
HEAD = "<!-- Written by docs/in_step.py; changes made here are lost. -->\n\n"
SCORE_CARD = """\
# The score card

The ML Test Score of Breck et al. (2017): 28 tests in four sections, computed from what a project has left as evidence.

```
shipworthy score-card
shipworthy score-card arrival_delay --at-least 3
```

A test scores 1 where the system itself shows it, 0.5 where half of it is shown or a person did it and wrote it down, 0 where nothing
shows it, where a guard is red or unknown, or where the evidence is too old. Nothing scores because it could be done. A model's score is
that of its weakest section; `--at-least` makes it the exit code. Watching must have gone on in the last 30 days; what a training leaves
counts for 180.

What people did by hand stands in `ml/NAME/by_hand.yml`, and counts for 180 days:

```yaml
done:
  - test: rollback_works
    by: ana@example.org
    when: 2026-06-20
    found: Went back to version 1 in the drill of June; it took a minute. See the wiki.
```
"""
BEGIN, END = "<!-- floors: begin -->\n", "<!-- floors: end -->"
SPECS: dict[str, tuple[type[BaseModel], str]] = {
    "ml/NAME/model.yml": (ModelSpec, "One model."),
    "ml/NAME/behaviours.yml": (Behaviours, "How a model must behave."),
    "shipworthy.yml": (Settings, "The project's settings. An empty file will do."),
    "sources/NAME.yml": (SourceSpec, "The contract of one landed table."),
    "ml/NAME/by_hand.yml": (ByHand, "What somebody did by hand for the [score card](score-card.md)."),
    "demo.yml": (Timeline, "What `shipworthy demo` goes through; templates have it."),
}
WORDS: dict[Any, str] = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    date: "date",
    datetime: "moment",
    timedelta: "length of time",
}


def pages() -> dict[Path, str]:
    """Return every generated file with what it should hold."""
    standing = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    return {
        ROOT / "ARCHITECTURE.md": between(standing, floors()),
        ROOT / "docs" / "commands.md": commands_page(),
        ROOT / "docs" / "spec.md": spec_page(),
        ROOT / "docs" / "guards.md": guards_page(),
        ROOT / "docs" / "dbt_tests.md": dbt_tests_page(),
        ROOT / "docs" / "templates.md": templates_page(),
        ROOT / "docs" / "score-card.md": score_card_page(),
    }


def between(text: str, part: str) -> str:
    """Return `text` with `part` between the two marks.

    >>> between(f"a{BEGIN}old{END}b", "new") == f"a{BEGIN}new{END}b"
    True
    """
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}{part}{END}{rest.partition(END)[2]}"


def floors() -> str:
    """Return the layer contract of pyproject.toml as it stands there, and the names of the others."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = said["tool"]["importlinter"]["contracts"]
    layers = next(one["layers"] for one in contracts if one["type"] == "layers")
    names = "\n".join(f"- {one['name']}{_door(one)}." for one in contracts)
    return "```\n" + "\n".join(layers) + f"\n```\n\nThe contracts that `make check` holds the code to:\n\n{names}\n"


def _door(said_of: dict[str, Any]) -> str:
    """Return who may import what, of a contract that protects modules."""
    kept, by = said_of.get("protected_modules", []), said_of.get("allowed_importers", [])
    said = ", ".join(f"`{module.removeprefix('shipworthy.')}`" for module in by)
    return f": {', '.join(f'`{module}`' for module in kept)}, imported by {said} alone" if kept else ""


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table, nothing for no rows."""
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *[[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def commands_page() -> str:
    """Return what each command takes and does, from click."""
    context = click.Context(cli, info_name="shipworthy")
    intro = (
        "# Commands\n\nData goes to stdout, progress and errors to stderr. Exit codes: 0 sound, 1 a step or gate failed or is unknown, "
        "2 could not run, 130 interrupted. An error says where, what, and the fix.\n"
    )
    said = [_command(context, name) for name in cli.list_commands(context)]
    return HEAD + "\n".join([intro, *said])


def _command(context: click.Context, name: str) -> str:
    command = cli.get_command(context, name)
    assert command is not None
    usage = " ".join(command.collect_usage_pieces(click.Context(command, info_name=name, parent=context)))
    options = [_option(parameter) for parameter in command.params if isinstance(parameter, click.Option)]
    return (
        f"## {name}\n\n`shipworthy {name} {usage}`\n\n{cleandoc(command.help or '')}\n\n{table(['option', 'default', 'meaning'], options)}"
    )


def _option(option: click.Option) -> list[str]:
    default = option.default() if callable(option.default) and option.default.__name__ != "getuser" else option.default
    plain = "your login name" if callable(default) else f"`{default}`" if isinstance(default, (str, int)) and default is not False else ""
    kind = "" if option.is_flag else f" {option.make_metavar(click.Context(cli))}"
    return [f"`{', '.join(option.opts)}{kind}`", plain, option.help or ""]


def spec_page() -> str:
    """Return every field of every YAML file, from pydantic."""
    intro = (
        "# The YAML files\n\nUnknown keys are refused, with the line and the nearest name. A length of time is written `36 hours`, "
        "`1 day`, `4 weeks`. `shipworthy init` writes JSON schemas of these files to `schemas/`, for editors. What a relation says about "
        "itself stands in dbt's YAML: see [point in time](point-in-time.md).\n"
    )
    said = [f"## {file}\n\n{words}\n\n" + "\n".join(_part(kind, "")) for file, (kind, words) in SPECS.items()]
    return HEAD + "\n".join([intro, *said])


def _part(kind: type[BaseModel], path: str) -> Iterator[str]:
    rows = [
        [f"`{field.alias or name}`", _type(field), _default(field), field.description or ""] for name, field in kind.model_fields.items()
    ]
    head = f"### {path}\n\n{cleandoc(kind.__doc__ or '')}\n\n" if path else ""
    yield head + table(["field", "type", "default", "meaning"], rows)
    for name, field in kind.model_fields.items():
        for inner in _parts_in(field.annotation):
            yield from _part(inner, f"{path}.{name}".lstrip("."))


def _parts_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in _parts_in(argument)]


def _type(field: FieldInfo) -> str:
    return _in_words(field.annotation)


def _in_words(annotation: Any) -> str:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _in_words(arguments[0])
    if origin is Literal:
        return " or ".join(f"`{value}`" for value in arguments)
    if origin in (Union, UnionType):
        return " or ".join(_in_words(argument) for argument in arguments if argument is not NoneType)
    if origin is list:
        return f"list of {_in_words(arguments[0])}"
    if origin is dict:
        return f"by name: {_in_words(arguments[1])}"
    return WORDS.get(annotation, "part, below")


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "**needed**"
    value = field.get_default(call_default_factory=True, validated_data={})
    if value is None or isinstance(value, BaseModel):
        return ""
    if isinstance(value, timedelta):
        return in_words(value)
    if isinstance(value, (list, dict)):
        return ", ".join(f"`{item}`" if item else "empty" for item in value) or "none"
    return f"`{value}`".lower() if isinstance(value, bool) else f"`{value}`" if value != "" else "empty"


def score_card_page() -> str:
    """Return what each test of the score card counts, and what a score means."""
    tests = members(score_card, ScoreTest)  # type: ignore[type-abstract]
    parts = [f"## {words}\n\n{_score_tests(tests, section)}" for section, words in SECTIONS.items()]
    means = table(["score up to", "means"], [[f"{most:g}", words] for most, words in READINGS])
    return HEAD + "\n".join([SCORE_CARD, *parts, f"## What a score means\n\n{means}"])


def _score_tests(tests: dict[str, ScoreTest], section: str) -> str:
    own = sorted((one for one in tests.values() if one.section == section), key=lambda one: one.number)
    rows = [[f"`{one.name}`", one.asks, " ".join(cleandoc(one.__doc__ or "").partition("\n\n")[2].split()), f"{one.most:g}"] for one in own]
    return table(["test", "asks", "evidence", "most"], rows)


def guards_page() -> str:
    """Return every check, gate, monitor and reason, from the docstring of each."""
    told: list[tuple[str, str, dict[str, Any]]] = [
        (
            "Checks of relations",
            "A check of a relation looks at it after a build: one number, and where it may lie.",
            members(checks, Check),  # type: ignore[type-abstract]
        ),
        (
            "Checks of training sets",
            "A check of a training set looks at it before a model learns from it, in `check` and in `train`. What lies outside the first "
            "bound refuses the training; what lies outside the second is reported.",
            members(training_set, TrainingCheck),  # type: ignore[type-abstract]
        ),
        (
            "Gates",
            "A gate is a question to a candidate. All must be green, or waived, before it is promoted.",
            members(gates, Gate),  # type: ignore[type-abstract]
        ),
        (
            "Monitors",
            "A monitor compares a window with what the model learnt from, with past windows, or with its promise.",
            members(monitors, Monitor),  # type: ignore[type-abstract]
        ),
        (
            "Reasons to train again",
            "Drift explains; it is no reason. After a training the `cool_down` of the spec is kept.",
            members(reasons, Because),  # type: ignore[type-abstract]
        ),
    ]
    intro = "# Guards\n\nNull, NaN, no rows and too few rows are unknown; unknown is never a pass.\n\n"
    own = f"## Contract\n\nNot a family: it looks at columns and types.\n\n### column_contract\n\n{_prose(contract.__doc__ or '')}"
    return HEAD + intro + own + "".join(f"\n## {title}\n\n{words}\n{_members(family)}" for title, words, family in told)


def _members(family: dict[str, Any]) -> str:
    return "".join(f"\n### {name}\n\n{_prose(type(member).__doc__ or '')}{_facts(member)}" for name, member in family.items())


def _prose(docstring: str) -> str:
    """Return a docstring as Markdown, without its examples; what it fires on and is blind to as points."""
    text = cleandoc(docstring).partition("\n>>> ")[0].rstrip().removeprefix("Return ")
    return re.sub(r"\n+(Fires|Blind)", r"\n\n**\1**", text[:1].upper() + text[1:]) + "\n"


def _facts(member: Any) -> str:
    named = {
        "unit": "Unit",
        "default": "Default bound",
        "refuses": "Refuses unless",
        "notes": "Reports unless",
        "severity": "Severity",
        "cause": "Points to",
        "fix": "Fix",
    }
    said = [f"- {words}: {getattr(member, name)}" for name, words in named.items() if getattr(member, name, None) is not None]
    return "\n" + "\n".join(said) + "\n" if said else ""


def dbt_tests_page() -> str:
    """Return every generic test of the dbt package, from the head of its file, called as in its own tests."""
    folder = Path(str(files("shipworthy") / "dbt_package" / "macros" / "generic_tests"))
    intro = (
        "# dbt tests\n\nA dbt package without dependencies; `shipworthy build` keeps it in the project as `shipworthy_dbt/`. "
        "A null is a failure in "
        "each test, and so is a table without rows where a share is asked for. Below a column, `column_name` is that column and left out.\n"
    )
    return HEAD + "\n".join([intro, *[_dbt_test(file) for file in sorted(folder.glob("*.sql"))]])


def _dbt_test(file: Path) -> str:
    head = re.search(r"\{#\s*\w+: (.*?)#\}", file.read_text(encoding="utf-8"), re.DOTALL)
    words = cleandoc(head[1] if head else "").strip()
    asked = yaml.safe_load((ROOT / "tests" / "dbt" / f"{file.stem}.yml").read_text(encoding="utf-8"))["arguments"]
    call = yaml.safe_dump({f"shipworthy.{file.stem}": {"arguments": asked}}, default_flow_style=None, sort_keys=False)
    return f"## {file.stem}\n\n{_prose(words)}\n```yaml\n{call}```\n"


def templates_page() -> str:
    """Return every template, from its own README and specs."""
    intro = "# Templates\n\nA template is a whole project that runs where it stands: `shipworthy init --template NAME`.\n"
    return HEAD + "\n".join([intro, *[_template(Path(str(files("shipworthy") / "templates" / name))) for name in templates()]])


def _template(folder: Path) -> str:
    words = (folder / "README.md").read_text(encoding="utf-8").partition("\n## ")[0].partition("```")[0].partition("\n")[2].strip()
    specs = [load(file, ModelSpec) for file in sorted((folder / "ml").glob("*/model.yml"))]
    rows = [[f"`{spec.model}`", spec.brief.goal or "", spec.baseline.words or "" if spec.baseline else ""] for spec in specs]
    return f"## {folder.name}\n\n{words}\n\n{table(['model', 'goal', 'rule to beat'], rows)}"


def main(arguments: Sequence[str]) -> int:
    """Write what is out of step, or only say so; return the exit code."""
    old = [file for file, text in pages().items() if not file.is_file() or file.read_text(encoding="utf-8") != text]
    for file in old:
        if "--check" in arguments:
            sys.stderr.write(f"{file.relative_to(ROOT)}: out of step with the code\n  fix: {FIX}\n")
        else:
            file.write_text(pages()[file], encoding="utf-8")
            sys.stdout.write(f"wrote {file.relative_to(ROOT)}\n")
    return 1 if old and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
