"""The places that statements come from: pages of the console, which are also those of the static site."""

from shipworthy.flows.papers.base import Source
from shipworthy.flows.papers.base.dossier import Dossier


def of_version(dossier: Dossier, what: str, part: str = "") -> Source:
    """Return a part of the version's page."""
    return Source(("models", dossier.model, str(dossier.version.version)), what, part)


def spec(dossier: Dossier) -> Source:
    """Return the file of the spec."""
    return Source((), f"ml/{dossier.model}/model.yml")


def promise(dossier: Dossier) -> Source:
    """Return the version's lines of the ledger."""
    return of_version(dossier, "ledger of promises", "promise")


def gate(dossier: Dossier, name: str) -> Source:
    """Return what a gate said of the version."""
    return of_version(dossier, f"gate {name}", f"gate-{name}")


def training_set(dossier: Dossier) -> Source:
    """Return the training set of the version."""
    return of_version(dossier, f"training set {dossier.version.training_set[:12]}", "training-set")


def run(dossier: Dossier, part: str = "run") -> Source:
    """Return a part of how the version was made: its run, with the way to MLflow's pages, its code, its machine."""
    return Source(("models", dossier.model, str(dossier.version.version), "training"), f"how it was made: {part}", part)


def asked(dossier: Dossier, name: str) -> Source:
    """Return what a command found out about the model; somebody must have asked."""
    return Source(("models", dossier.model, "studies", name), dossier.asked[name].title.lower())


def of_model(dossier: Dossier, what: str, part: str = "") -> Source:
    """Return a part of the model's page."""
    return Source(("models", dossier.model), what, part)


def findings(dossier: Dossier) -> Source:
    """Return what the checks found in the model's training sets."""
    return Source(("findings", dossier.model), "findings in the training set")


def study(dossier: Dossier, name: str) -> Source:
    """Return what a study found out about the version; it must have said something."""
    place = ("models", dossier.model, str(dossier.version.version), "studies", name)
    return Source(place, f"study {dossier.chapters[name].title.lower()}")


def lineage(dossier: Dossier) -> Source | None:
    """Return the model in the lineage, None where nothing is built."""
    node = f"ml.{dossier.model}"
    known = dossier.graph is not None and node in dossier.graph.nodes
    return Source(("lineage", node, "1"), "lineage") if known else None


def column(dossier: Dossier, node: str, name: str) -> Source | None:
    """Return where a column of a node comes from, None where that is not known."""
    known = dossier.graph is not None and node in dossier.graph.nodes and name in dossier.graph.nodes[node].columns
    return Source(("lineage", node, "column", name), "lineage") if known else None
