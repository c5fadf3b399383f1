"""SQL that reads dates and moments: year first, or as the contract's format says, never by a guess.

A moment without a zone is read in the zone of its column; an hour that clocks skip or show twice there is no moment.
"""

from shipworthy.gateways.engine import literal
from shipworthy.spec.source import SourceColumn

ISO_DATE = r" *\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T]0{1,2}(:00){1,2}(\.0+)?)? *"
ISO_MOMENT = r" *\d{4}[-/]\d{1,2}[-/]\d{1,2}([ T].+)?"
EARLIEST = "timestamp '1000-01-01'"  # a year of two digits is not the first century
SEPARATORS = "/.-"
CLOCKS = ("", " %H:%M", " %H:%M:%S")
DAY, NAMED = "interval '24 hours'", "[-+A-Za-z]"


def date_of_text(raw: str, column: SourceColumn) -> str:
    """Return SQL of the date that the text `raw` holds, null where it holds none, or a time of day besides."""
    if column.format is None:
        return f"case when regexp_full_match({raw}, {literal(ISO_DATE)}) then try_cast({raw} as date) end"
    read = _read(raw, column.format)
    return f"case when {read} >= {EARLIEST} and {read} = date_trunc('day', {read}) then {read}::date end"


def moment_of_text(raw: str, column: SourceColumn) -> str:
    """Return SQL of the moment that the text `raw` holds, null where it holds none, or one that its zone skips or has twice."""
    local = local_of_text(raw, column)
    if column.format is not None and "%z" in column.format.lower():
        return f"try_strptime({raw}, {literal(column.format)})::timestamptz"
    if column.format is not None:
        return moment_of_local(local, column)
    whole = f"case when regexp_full_match({raw}, {literal(ISO_MOMENT)}) then try_cast({raw} as timestamptz) end"
    return whole if column.zone is None else f"case when {_has_zone(raw)} then {whole} else {moment_of_local(local, column)} end"


def local_of_text(raw: str, column: SourceColumn) -> str:
    """Return SQL of the clock time that the text `raw` shows, null where it shows none or comes with a zone."""
    if column.format is not None:
        read = _read(raw, column.format)
        return f"case when {read} >= {EARLIEST} then {read} end"
    shape = f"regexp_full_match({raw}, {literal(ISO_MOMENT)}) and not {_has_zone(raw)}"
    return f"case when {shape} then try_cast({raw} as timestamp) end"


def moment_of_local(local: str, column: SourceColumn) -> str:
    """Return SQL of the moment at which clocks in the column's zone show `local`; null where they never do, or do twice."""
    if column.zone is None:
        return f"timezone('UTC', {local})"
    before, after = _candidate(local, column.zone, f"- {DAY}"), _candidate(local, column.zone, f"+ {DAY}")
    first, second = _shows(before, column.zone, local), _shows(after, column.zone, local)
    return (
        f"case when {before} = {after} then {before} when {first} and not {second} then {before} "
        f"when {second} and not {first} then {after} end"
    )


def skipped(local: str, zone: str) -> str:
    """Return the condition that clocks in `zone` never show `local`."""
    shown = [_shows(_candidate(local, zone, f"{sign} {DAY}"), zone, local) for sign in "-+"]
    return f"({local} is not null and not ({shown[0]}) and not ({shown[1]}))"


def _candidate(local: str, zone: str, away: str) -> str:
    """Return SQL of the moment of `local`, by the offset from UTC that holds `away` from it."""
    there = f"(timezone('UTC', {local}) {away})"
    return f"(timezone('UTC', {local}) - (timezone({literal(zone)}, {there}) - timezone('UTC', {there})))"


def _shows(moment: str, zone: str, local: str) -> str:
    return f"timezone({literal(zone)}, {moment}) = {local}"


def _has_zone(raw: str) -> str:
    return f"regexp_matches(substr(ltrim({raw}), 12), {literal(NAMED)})"


def _read(raw: str, form: str) -> str:
    return f"try_strptime({raw}, {literal(form)})"


def swapped(column: SourceColumn) -> str | None:
    """Return the column's format with day and month in each other's place; None where that is no other format.

    >>> swapped(SourceColumn(type="date", format="%d/%m/%Y"))
    '%m/%d/%Y'
    """
    form = column.format or ""
    if "%d" not in form or "%m" not in form:
        return None
    return form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


def hint(raw: str) -> str:
    """Return SQL of what a text that is not written year first could be: a hint for a person, never a reading."""
    day_first = _any_of(raw, "%d{0}%m{0}%Y")
    month_first = _any_of(raw, "%m{0}%d{0}%Y")
    return (
        f"case when {day_first} is not null and {month_first} is not null and {day_first} <> {month_first} "
        f"then ': day first or month first? write the column''s format' "
        f"when {day_first} is not null then ': it reads day first, write the column''s format' "
        f"when {month_first} is not null then ': it reads month first, write the column''s format' else '' end"
    )


def _any_of(raw: str, days: str) -> str:
    forms = ", ".join(literal(days.format(separator) + clock) for separator in SEPARATORS for clock in CLOCKS)
    return f"try_strptime({raw}, [{forms}])"


def written_as(raw: str, column: SourceColumn) -> str:
    """Return SQL that writes the date or moment `raw` as the contract would: in its format where that loses nothing."""
    if column.format is None or "%z" in column.format.lower():
        return f"{raw}::varchar"
    written = f"strftime({raw}::timestamp, {literal(column.format)})"
    return f"case when {_read(written, column.format)} = {raw}::timestamp then {written} else {raw}::varchar end"
