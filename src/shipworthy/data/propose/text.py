"""Guesses as YAML that a person corrects: every value with its reason, every question in sight."""

import json
import re
from textwrap import wrap

from shipworthy.data.propose.guess import OPEN, PRESENT, Guess, Table, roles

PLAIN = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*$")
RESERVED = ("true", "false", "null", "yes", "no", "on", "off", "y", "n")
WIDTH = 110


def name(text: str) -> str:
    """Return a name as YAML has it.

    >>> name("customer_id"), name("order date"), name("No")
    ('customer_id', '"order date"', '"No"')
    """
    return text if PLAIN.match(text) and text.lower() not in RESERVED else json.dumps(text, ensure_ascii=False)


def names(texts: list[str] | tuple[str, ...]) -> str:
    """Return names as a YAML list in one line."""
    return f"[{', '.join(name(text) for text in texts)}]"


def remark(text: str, indent: str = "") -> list[str]:
    """Return a remark as comment lines."""
    return [f"{indent}# {line}" for line in wrap(text, WIDTH - len(indent))]


def entry(key: str, guess: Guess, indent: str = "") -> list[str]:
    """Return `key: value` with its reason: beside it where that is short, above it where it is long."""
    value = OPEN if guess.open else name(guess.value)
    line = f"{indent}{key}: {value}"
    if len(line) + len(guess.because) <= WIDTH:
        return [f"{line}  # {guess.because}"]
    return [*remark(guess.because, indent), line]


def meta(found: Table) -> str:
    """Return the piece of schema YAML that says of one model what names a row and when it became known."""
    inner = " " * 10
    lines = [
        *remark(f"Goes into the YAML beside {found.model.file}: merge it with what stands there of '{found.model.name}'."),
        "models:",
        f"  - name: {name(found.model.name)}",
        "    config:",
        "      meta:",
        "        shipworthy:",
        *_entity(found, inner),
        *(_state(found, inner) if found.present_state else []),
        *_times(found, inner),
    ]
    columns = [line for column, guess in roles(found).items() for line in _role(column, guess)]
    return "\n".join([*lines, *(["    columns:", *columns] if columns else [])]) + "\n"


def _entity(found: Table, indent: str) -> list[str]:
    value = names(found.entity) if found.entity else f'["{OPEN}"]'
    lines = [*remark(found.because, indent), f"{indent}entity: {value}"]
    others = [key for key in found.model.refers if key not in found.entity]
    if others and not found.event_time.open:
        lines += remark(f"If this is to be the history of each {others[0]}, write entity: [{others[0]}].", indent)
    return lines


def _state(found: Table, indent: str) -> list[str]:
    changing = [time for time in found.profile.times if PRESENT.search(time)]
    seen = f" {changing[0]} says that rows are changed." if changing else ""
    text = (
        f"One row for each {found.entity[0]}: its present state.{seen} A decision of last year would be shown what is true today. If values"
        " change, keep their history (a dbt snapshot) and name its times; if no column ever changes, write 'static: true' instead of times."
    )
    return remark(text, indent)


def _times(found: Table, indent: str) -> list[str]:
    event, known = found.event_time, found.known_time
    if found.present_state:
        event = Guess(
            OPEN, f"the times here are {', '.join(found.profile.times)}" if found.profile.times else "there is no column with a time"
        )
        known = Guess(OPEN, "when did a row come to say what it says now?")
    return [*entry("event_time", event, indent), *entry("known_time", known, indent)]


def _role(column: str, guess: Guess) -> list[str]:
    return [f"      - name: {name(column)}", f"        config: {{meta: {{shipworthy: {{role: {guess.value}}}}}}}  # {guess.because}"]
