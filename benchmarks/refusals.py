"""How often each gate refuses a sound candidate, or cannot tell.

    python benchmarks/refusals.py [SERVICES] [FIRST] [FILE]

Each service is made up anew with another seed, from FIRST on: two hundred days of deliveries without a fault in them, in which a model
is truly better than the rule. It is built and trained as a team would, and the gates judge. What they say is added to FILE, so that many
services can be judged in pieces, and the shares are those of all services in it.
"""

import json
import shutil
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from scipy.stats import binomtest

from shipworthy.errors import BadData
from shipworthy.flows.build import build
from shipworthy.flows.train import train
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find

SHOP = Path(__file__).parents[1] / "tests" / "projects" / "shop"
BUILT, TRAINED = datetime(2026, 5, 14, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
MODEL = "delivery_minutes"
REFUSED = "refused before the fit"


def made(folder: Path, seed: int) -> None:
    """Write the project of another service into `folder`."""
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__", "make_data.py"))
    spec = spec_from_file_location("make_data", SHOP / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(folder, seed)


def judged(seed: int) -> dict[str, str]:
    """Return the outcome of each gate for the service of this seed; a training that a check refused has one of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "shop"
        made(folder, seed)
        project = find(folder)
        book = open_logbook(project.logbook)
        build(project, book, BUILT)
        try:
            verdicts = train(project, book, MODEL, TRAINED).verdicts
        except BadData as error:
            print(f"  {seed}: {error}", flush=True)
            return {REFUSED: "fail"}
        for verdict in verdicts:
            if verdict.outcome != "pass" or verdict.noted:
                print(f"  {seed}: {verdict.outcome} {verdict.name}: {verdict.words[:300]}", flush=True)
        return {REFUSED: "pass", **{verdict.name: verdict.outcome for verdict in verdicts}}


def told(found: list[dict[str, str]]) -> None:
    """Print, for each gate, in how many of the services it failed and could not tell, with the interval of the share that it refused."""
    for name in sorted({name for one in found for name in one}):
        counted = Counter(one[name] for one in found if name in one)
        asked = counted.total()
        share = binomtest(asked - counted["pass"], asked).proportion_ci()
        outcomes = f"pass {counted['pass']}  fail {counted['fail']}  unknown {counted['unknown']}"
        print(f"{name:24} {outcomes}  not passed {1 - counted['pass'] / asked:.3f} [{share.low:.3f} to {share.high:.3f}]")


def main(services: int, first: int, file: Path | None) -> None:
    """Judge the services and print the shares."""
    found = [json.loads(line) for line in file.read_text().splitlines()] if file and file.exists() else []
    for seed in range(first, first + services):
        found.append(judged(seed))
        print(f"{seed - first + 1} of {services} services", flush=True)
        if file:
            with file.open("a") as stream:
                stream.write(json.dumps(found[-1]) + "\n")
    told(found)


if __name__ == "__main__":
    given = dict(enumerate(sys.argv[1:]))
    main(int(given.get(0, 20)), int(given.get(1, 100)), Path(given[2]) if 2 in given else None)
