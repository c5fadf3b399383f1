"""What a change of a project is: two sides, and what differs between them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shipworthy.gateways.manifest import Manifest
from shipworthy.lineage.graph import Graph, Place
from shipworthy.lineage.statements import Reading
from shipworthy.spec.model import ModelSpec
from shipworthy.spec.source import SourceSpec

What = Literal[
    "removed", "dropped", "rewritten", "computed", "retyped", "renamed", "rows", "contract", "seed", "facts", "spec", "added",
    "configuration", "test", "exposure", "macro", "described", "formatting",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Side:
    """A project at one moment: what dbt compiled of it, what its SQL says, its specs and contracts.

    Args:
        name: what people call it: a revision, a file.
        manifest: compiled.
        reading: what its SQL says.
        graph: its lineage.
        specs: its models.
        contracts: its landed sources.
        code: the content of each file of Python that belongs to a model, by its path.
    """

    name: str
    manifest: Manifest
    reading: Reading
    graph: Graph
    specs: Mapping[str, ModelSpec] = field(default_factory=dict)
    contracts: Mapping[str, SourceSpec] = field(default_factory=dict)
    code: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs.

    Args:
        what: the kind of change.
        subject: the relation, model, macro or exposure.
        column: its column, None where it is about the whole.
        words: what differs, in words.
        file: where it is written.
        before: where it begins in the graph of the side before; nowhere, if it touches no data.
        after: the same of the side after.
    """

    what: What
    subject: str
    column: str | None
    words: str
    file: str
    before: tuple[Place, ...] = ()
    after: tuple[Place, ...] = ()

    @property
    def name(self) -> str:
        """The subject, with its column."""
        return f"{self.subject}.{self.column}" if self.column else self.subject


def readers(graph: Graph, node: str, column: str | None = None) -> tuple[Place, ...]:
    """Return the models of the project that read `node` themselves, or its column."""
    columns: list[str | None] = [column] if column else [None, *graph.nodes[node].columns]
    edges = [edge for name in columns for edge in graph.out_of.get(Place(node, name), ())]
    return tuple(Place(name) for name in dict.fromkeys(edge.target.node for edge in edges) if graph.nodes[name].kind == "ml")
