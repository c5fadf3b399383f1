"""What `shipworthy --help` costs: CPU seconds of whole processes, the first with cold caches left out. The budget is 0.2 s.

python benchmarks/help_cpu.py
"""

import os
import resource
import subprocess
import sys
from statistics import median

BUDGET_SECONDS = 0.2
TIMES = 15


def main() -> None:
    """Print the median and the worst."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    costs = [cost(environment) for _ in range(TIMES + 1)][1:]
    within = "within" if median(costs) <= BUDGET_SECONDS else "OVER"
    print(f"shipworthy --help: median {median(costs):.3f} s CPU, worst {max(costs):.3f} s, {within} the budget of {BUDGET_SECONDS} s")


def cost(environment: dict[str, str]) -> float:
    """Return the CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "shipworthy", "--help"], env=environment, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


if __name__ == "__main__":
    main()
