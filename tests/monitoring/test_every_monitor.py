"""Every monitor, by the windows that it shows as sound and as wrong."""

from dataclasses import replace

import pytest

from shipworthy.monitoring.monitors.base import Comparison, Monitor, Seen
from shipworthy.monitoring.profile import Profile, as_json
from shipworthy.monitoring.watch import MONITORS


def outcomes(monitor: Monitor, comparison: Comparison) -> set[str]:
    return {finding.verdict.outcome for finding in monitor.judge(comparison)}


def emptied(profile: Profile | None) -> Profile | None:
    if profile is None:
        return None
    numbers = {name: replace(held, rows=0, nulls=0, bins={}, below=0, above=0) for name, held in profile.numbers.items()}
    return Profile(0, numbers, {name: replace(held, rows=0, nulls=0, counts={}) for name, held in profile.categories.items()})


@pytest.mark.parametrize("monitor", MONITORS.values(), ids=MONITORS)
class TestEveryMonitor:
    def test_its_sound_window_passes(self, monitor):
        """
        Every subject of the window that it shows as sound passes.
        """
        assert outcomes(monitor, monitor.passes) == {"pass"}

    def test_its_wrong_window_fails(self, monitor):
        """
        Every subject of the window that it shows as wrong fails: a monitor that cannot fail watches nothing.
        """
        assert outcomes(monitor, monitor.fails) == {"fail"}

    def test_a_window_of_which_nothing_is_known_is_unknown(self, monitor):
        """
        No rows, no predictions, no labels are unknown, never a pass.
        """
        silent = replace(monitor.fails, current=Seen(window=monitor.fails.current.window))

        assert outcomes(monitor, silent) == {"unknown"}

    def test_a_window_without_rows_never_passes(self, monitor):
        """
        A window in which there were no rows is unknown, or a failure where there used to be some.
        """
        current = monitor.passes.current
        empty = replace(
            current, rows=0, inputs=emptied(current.inputs), outputs=emptied(current.outputs), mature=0, outcomes=0, realized=None
        )

        assert "pass" not in outcomes(monitor, replace(monitor.passes, current=empty))

    def test_nothing_to_compare_with_is_unknown(self, monitor):
        """
        Without a reference, past windows and a promise, nothing passes; only late outcomes are late in themselves.
        """
        alone = Comparison(model="demand", current=monitor.passes.current)

        assert outcomes(monitor, alone) == ({"pass"} if monitor.name == "outcome_delay" else {"unknown"})

    def test_it_says_when_it_fires_and_what_it_does_not_see(self, monitor):
        """
        A monitor names its conditions and its blind spots, its unit, how loud it is and what it points to.
        """
        said = type(monitor).__doc__ or ""

        assert "Fires when" in said
        assert "Blind to" in said or "Blind until" in said
        assert monitor.unit
        assert monitor.severity in {"info", "warning", "critical"}
        assert monitor.cause in {"pipeline", "world", "model"}

    def test_a_failure_names_its_subject_and_a_remedy(self, monitor):
        """
        A finding is dated to its window's end, so that judging it again replaces it; a failure has words with figures, and a fix.
        """
        for finding in monitor.judge(monitor.fails):
            assert (finding.measurement.name, finding.measurement.at) == (monitor.name, monitor.fails.current.window.end)
            assert finding.measurement.subject == finding.verdict.subject
            assert finding.verdict.subject.partition(".")[0] == "demand"
            assert any(letter.isdigit() for letter in finding.verdict.words)
            assert finding.verdict.fix
            assert finding.verdict.evidence["window_end"] == monitor.fails.current.window.end.isoformat()

    def test_it_changes_nothing_that_it_looks_at(self, monitor):
        """
        Judging a window twice says the same twice.
        """
        comparison = monitor.fails
        before = [as_json(profile) for profile in comparison.inputs]

        assert monitor.judge(comparison) == monitor.judge(comparison)
        assert [as_json(profile) for profile in comparison.inputs] == before
