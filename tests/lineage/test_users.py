"""Who reads a place in the end."""

import pytest

from shipworthy.lineage.graph import Edge, Graph, Place, reached
from shipworthy.lineage.users import users

from .test_graph import CHURN, DAILY, EDGES, GRAPH, RAW, STAGED

CIRCLE = Graph(GRAPH.nodes, (*EDGES, Edge(Place("predictions.churn", "answer"), Place(STAGED, "worth"), "computed")))


@pytest.mark.parametrize("graph", [GRAPH, CIRCLE], ids=["without a circle", "with one"])
def test_all_at_once_are_what_each_reaches_by_itself(graph: Graph) -> None:
    """
    Also where predictions come back as a feature.
    """
    found = users(graph)

    for place in [
        Place(RAW, "amount"),
        Place(RAW, "at"),
        Place(STAGED, "one"),
        Place(DAILY),
        Place(CHURN, "worth"),
        Place(STAGED, "worth"),
    ]:
        ends = {reader for reader in reached(graph, [place]) if reader != place}
        features = {f"churn.{reader.column}" for reader in ends if reader.node == CHURN and reader.column}
        others = {graph.nodes[reader.node].name for reader in ends if graph.nodes[reader.node].kind in ("predictions", "exposure")}
        assert found[place] - {"churn.worth"} == (features | others) - {"churn.worth"}
