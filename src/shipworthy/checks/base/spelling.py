"""Categories that are one and the same, written differently."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from shipworthy.records import Verdict

NAME = "spelling_variants"
FIX = "give one thing one spelling in the staging model: lower(trim(column)), or a table of what means what"
LEAST_LETTERS = 6
RARE = 0.01
TIMES_RARER = 20
MOST_CATEGORIES, MOST_TYPED = 2_000, 500
MOST_LETTERS = 40
QUIET = re.compile(r"(?<=\w)[\s_\-]+(?=\w)|[\s.,;:'\"`]+")


@dataclass(frozen=True, slots=True)
class Variant:
    """A rarer spelling of a category, and how often both occur; `sure` where case, spaces or punctuation alone are different."""

    text: str
    rows: int
    of: str
    of_rows: int
    sure: bool


def variants(counts: Mapping[str, int]) -> list[Variant]:
    """Return the rarer spellings among categories, the most frequent first.

    Two texts are one where only case, spaces and punctuation differ (signs such as + < > = # % / count, and so does what stands
    between digits), or, if both are long and one is rare, where one letter is another, missing, or changes place with the next. More
    than 2,000 categories are no categories, and have none.

    >>> [(found.text, found.of, found.sure) for found in variants({">50K": 70, ">50K.": 30, "London": 900, "Lodnon": 2, "A+": 5, "A": 4})]
    [('>50K.', '>50K', True), ('Lodnon', 'London', False)]
    """
    if len(counts) > MOST_CATEGORIES:
        return []
    alike: dict[str, list[str]] = defaultdict(list)
    for text in sorted(counts, key=lambda text: (-counts[text], text)):
        alike[plain(text)].append(text)
    sure = [Variant(text, counts[text], first, counts[first], True) for first, *others in alike.values() for text in others]
    heads = {texts[0]: sum(counts[text] for text in texts) for texts in alike.values()}
    found = [*sure, *(Variant(text, counts[text], other, counts[other], False) for text, other in _typos(heads))]
    return sorted(found, key=lambda variant: (-variant.rows, variant.text))


def spelled(counts: Mapping[str, int], *, subject: str) -> Verdict | None:
    """Return what is to be said of the spellings of a relation's text column: reported, not refused; None where each has one.

    Fires when two files write one thing differently, also a label: adult's `>50K.` and `>50K`. Blind to what `variants` is blind to.
    """
    rarer = variants(counts)
    if not rarer:
        return None
    rows = [{"value": one.text, "rows": one.rows, "is": one.of, "of_rows": one.of_rows, "sure": one.sure} for one in rarer[:5]]
    shown = "; ".join(f"{one.text!r} ({one.rows:,}) {'is' if one.sure else 'may be'} {one.of!r} ({one.of_rows:,})" for one in rarer[:3])
    words = f"{subject} has {sum(one.rows for one in rarer):,} of {sum(counts.values()):,} rows in another spelling: {shown}"
    return Verdict(NAME, subject, "pass", words, FIX, {"noted": True, "rows": rows})


def plain(text: str) -> str:
    """Return what is left of a text without case, spaces and punctuation; of numbers all is.

    >>> plain(" New-York "), plain("1.5"), plain("<1 year")
    ('newyork', '1.5', '<1year')
    """
    stripped = text.strip()
    if re.fullmatch(r"[-+\d.,:\s/]*", stripped):
        return stripped
    kept = re.sub(r"(?<=\d)[\-.,:](?=\d)", lambda found: f"\\{ord(found[0])}", stripped)
    return QUIET.sub("", kept).casefold() or stripped


def _typos(counts: Mapping[str, int]) -> Iterable[tuple[str, str]]:
    """Yield each rare text with the frequent one of which it is a slip of the pen."""
    rows = sum(counts.values())
    if len(counts) > MOST_TYPED:
        return
    frequent = {plain(text): text for text in counts if _long(text)}
    for text, count in counts.items():
        if _long(text) and count <= RARE * rows:
            near = [frequent[slip] for slip in _slips(plain(text)) if slip in frequent and slip != plain(text)]
            best = max(near, key=lambda other: (counts[other], other), default=None)
            if best is not None and counts[best] >= TIMES_RARER * count:
                yield text, best


def _long(text: str) -> bool:
    return LEAST_LETTERS <= len(plain(text)) <= MOST_LETTERS and not any(letter.isdigit() for letter in text)


def _slips(text: str) -> set[str]:
    """Return the texts that `text` is one slip away from: a letter missing, more, another, or two changed about."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    cuts = [(text[:place], text[place:]) for place in range(len(text) + 1)]
    missing = {left + right[1:] for left, right in cuts if right}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    more = {left + letter + right for left, right in cuts for letter in letters}
    return missing | swapped | other | more
