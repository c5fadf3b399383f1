"""How often each gate refuses a sound candidate, or cannot tell.

    python benchmarks/refusals.py [SERVICES]

Each service is made up anew with another seed: two hundred days of deliveries without a fault in them, in which a model is truly better
than the rule. It is built and trained as a team would, and the gates judge.
"""

import shutil
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from shipworthy.errors import BadData
from shipworthy.flows.build import build
from shipworthy.flows.train import train
from shipworthy.logbook.store import open_logbook
from shipworthy.spec.project import find

SHOP = Path(__file__).parents[1] / "tests" / "projects" / "shop"
BUILT, TRAINED = datetime(2026, 5, 14, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
MODEL = "delivery_minutes"


def made(folder: Path, seed: int) -> None:
    """Write the project of another service into `folder`."""
    shutil.copytree(SHOP, folder, ignore=shutil.ignore_patterns("__pycache__", "make_data.py"))
    spec = spec_from_file_location("make_data", SHOP / "make_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.make(folder, seed)


def judged(seed: int) -> Counter[tuple[str, str]]:
    """Return each gate with its outcome for the service of this seed; a training that a check refused counts as one of its own."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "shop"
        made(folder, seed)
        project = find(folder)
        book = open_logbook(project.logbook)
        build(project, book, BUILT)
        try:
            verdicts = train(project, book, MODEL, TRAINED).verdicts
        except BadData as error:
            return Counter({("refused before the fit", error.where): 1})
        for verdict in verdicts:
            if verdict.outcome != "pass":
                print(f"  {seed}: {verdict.outcome} {verdict.name}: {verdict.words[:200]}", flush=True)
        return Counter((verdict.name, verdict.outcome) for verdict in verdicts)


def main(services: int) -> None:
    """Print, for each gate, how often it passed, failed and could not tell."""
    found: Counter[tuple[str, str]] = Counter()
    for seed in range(100, 100 + services):
        found += judged(seed)
        print(f"{seed - 99} of {services} services", flush=True)
    for name in sorted({name for name, _ in found}):
        print(f"{name:28} " + "  ".join(f"{outcome} {count}" for (gate, outcome), count in sorted(found.items()) if gate == name))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
