"""What differs between two machines."""

from dataclasses import replace

from shipworthy.training.machine import differences, this_machine


def test_a_machine_does_not_differ_from_itself() -> None:
    """
    The same process, twice, is the same; it knows its packages and cores.
    """
    now = this_machine()

    assert differences(now, this_machine()) == []
    assert now.cores >= 1
    assert "lightgbm" in now.packages


def test_threads_and_a_package_that_is_gone_are_told() -> None:
    """
    Another number of threads and a package that is no longer there are causes, with both values.
    """
    now = this_machine()
    then = replace(now, threads={"OMP_NUM_THREADS": "8"}, packages={**now.packages, "xgboost": "1.0"})

    told = differences(then, replace(now, threads={}, packages={**now.packages, "xgboost": "2.0"}))

    assert told == ["xgboost 1.0 then, 2.0 now", "threads OMP_NUM_THREADS=8 then, not set now"]
