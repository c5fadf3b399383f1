"""Expressions in one form: what is the same whatever it is called and however it is written gives the same term."""

from dataclasses import dataclass, field

from shipworthy.gateways.sql.statement import Term

COMMUTATIVE = frozenset(
    {"add", "mul", "and", "or", "eq", "neq", "bitwiseand", "bitwiseor", "bitwisexor", "greatest", "least", "nullsafeeq"}
)
FLAT = frozenset({"add", "mul", "and", "or"})
SETS = frozenset({"all"})  # a set of conditions: order, repetition and nesting do not count
TURNED = {"gt": "lt", "gte": "lte"}


@dataclass(slots=True)
class Terms:
    """Every term once: the same one again gets the same number."""

    found: list[Term] = field(default_factory=list)
    numbers: dict[Term, int] = field(default_factory=dict)

    def add(self, operator: str, *parts: int | str) -> int:
        """Return the number of the term: what may be swapped is in order, what may be nested is flat.

        >>> terms = Terms()
        >>> a, b = terms.add("col", "t", "a"), terms.add("col", "t", "b")
        >>> terms.add("add", a, b) == terms.add("add", b, a), terms.add("gt", a, b) == terms.add("lt", b, a)
        (True, True)
        """
        if operator in TURNED:
            operator, parts = TURNED[operator], tuple(reversed(parts))
        if operator in FLAT | SETS:
            parts = self._flat(operator, parts)
        if operator in SETS:
            parts = tuple(dict.fromkeys(parts))
        if operator in COMMUTATIVE | SETS:
            parts = tuple(sorted(parts, key=str))
        if len(parts) == 1 and operator in SETS:
            return int(parts[0])
        term: Term = (operator, *parts)
        if term not in self.numbers:
            self.numbers[term] = len(self.found)
            self.found.append(term)
        return self.numbers[term]

    def _flat(self, operator: str, parts: tuple[int | str, ...]) -> tuple[int | str, ...]:
        flat: list[int | str] = []
        for part in parts:
            term = self.found[part] if isinstance(part, int) else (part,)
            flat.extend(term[1:] if term[0] == operator and isinstance(part, int) else (part,))
        return tuple(flat)
