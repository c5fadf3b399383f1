"""Every check of the family, on the rows that it shows itself."""

import pytest

from shipworthy import checks
from shipworthy.checks.base import SHOWN_AS_OF, Check
from shipworthy.checks.base.contract import kinds, types
from shipworthy.checks.base.inspection import inspect
from shipworthy.families import members
from shipworthy.gateways import engine
from shipworthy.records import Verdict

CHECKS = members(checks, Check)


def verdict(check: Check, relation: str) -> Verdict:
    """Return what `check` says of the column x of `relation`."""
    name = next(name for name, member in CHECKS.items() if member is check)
    with engine.memory() as connection:
        found = kinds(types(connection, relation))
        times = ["x"] if found["x"] == "timestamp" else []
        said = inspect(connection, relation, found, relation="shown", as_of=SHOWN_AS_OF, keys=["x"], times=times)
    return next(verdict for _, verdict in said if verdict.name == name)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
class TestEveryCheck:
    def test_its_good_rows_pass(self, check: Check) -> None:
        """
        The rows it shows as good lie inside its bound: a check that always fires is switched off in a week.
        """
        assert verdict(check, f"(values {check.passes}) t(x)").outcome == "pass"

    def test_its_bad_rows_fail(self, check: Check) -> None:
        """
        The rows it shows as bad lie outside its bound: a check that cannot fail checks nothing.
        """
        said = verdict(check, f"(values {check.fails}) t(x)")

        assert said.outcome == "fail"
        assert said.fix == check.fix

    def test_no_rows_are_unknown(self, check: Check) -> None:
        """
        An empty table is unknown, never a pass: silence is not health.
        """
        said = verdict(check, f"(select * from (values {check.passes}) t(x) where false) t(x)")

        assert said.outcome == "unknown"
        assert "no rows" in said.words

    def test_it_says_what_it_fires_on_and_what_it_is_blind_to(self, check: Check) -> None:
        """
        Whoever meets it learns when it fires and what slips through, without reading its SQL.
        """
        assert "Fires when" in str(check.__doc__)
        assert "Blind to" in str(check.__doc__)
        assert check.unit
