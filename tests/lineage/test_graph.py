"""The lineage as a structure: where a column comes from, and what a change reaches."""

import pytest

from shipworthy.errors import UnknownName
from shipworthy.lineage.graph import Edge, Graph, Node, Place, between_nodes, find, neighbourhood, origin, path, reached

NODES = [
    Node("source.shop.landed.orders", "source", "landed.orders", ("id", "at", "amount")),
    Node("model.shop.stg_orders", "model", "stg_orders", ("id", "at", "worth", "one")),
    Node("model.shop.daily", "model", "daily", ("day", "worth")),
    Node("model.shop.guessed", "model", "guessed", ("score",)),
    Node("ml.churn", "ml", "churn", ("worth", "label")),
    Node("predictions.churn", "predictions", "predictions_churn", ("answer",)),
    Node("exposure.shop.board", "exposure", "board"),
]
RAW, STAGED, DAILY, GUESSED, CHURN, ANSWERS, BOARD = (node.id for node in NODES)
EDGES = (
    Edge(Place(RAW), Place(STAGED), "reads"),
    Edge(Place(RAW, "id"), Place(STAGED, "id"), "same"),
    Edge(Place(RAW, "at"), Place(STAGED, "at"), "same"),
    Edge(Place(RAW, "amount"), Place(STAGED, "worth"), "computed"),
    Edge(Place(STAGED), Place(DAILY), "reads"),
    Edge(Place(STAGED, "at"), Place(DAILY, "day"), "computed"),
    Edge(Place(STAGED, "worth"), Place(DAILY, "worth"), "computed"),
    Edge(Place(STAGED, "id"), Place(DAILY), "rows"),
    Edge(Place(STAGED), Place(GUESSED), "whole"),
    Edge(Place(DAILY), Place(CHURN), "reads"),
    Edge(Place(DAILY, "worth"), Place(CHURN, "worth"), "same"),
    Edge(Place(CHURN), Place(ANSWERS), "whole"),
    Edge(Place(CHURN), Place(DAILY, "worth"), "meant"),
    Edge(Place(DAILY), Place(BOARD), "whole"),
)
GRAPH = Graph({node.id: node for node in NODES}, EDGES, {GUESSED: "is written in python"})


class TestOrigin:
    def test_a_feature_comes_from_a_source_column_by_a_path(self) -> None:
        """
        The path leads from the feature to the source, both included.
        """
        (found,) = origin(GRAPH, "churn", "worth")

        assert found.place == Place(RAW, "amount")
        assert [step.node for step in found.path] == [CHURN, DAILY, STAGED, RAW]

    def test_a_source_column_is_its_own_origin(self) -> None:
        """
        Nothing lies before it.
        """
        assert origin(GRAPH, "landed.orders", "id") == [(Place(RAW, "id"), (Place(RAW, "id"),))]

    def test_what_cannot_be_told_ends_at_whole_tables(self) -> None:
        """
        Of a Python model nobody knows more than the tables that it reads.
        """
        (found,) = origin(GRAPH, "guessed", "score")

        assert found.place == Place(RAW)
        assert found.path == (Place(GUESSED, "score"), Place(STAGED), Place(RAW))

    def test_a_constant_has_no_origin(self) -> None:
        """
        It is made from no column.
        """
        assert origin(GRAPH, "stg_orders", "one") == []

    def test_an_unknown_name_is_answered_with_the_nearest(self) -> None:
        """
        Of relations and of columns.
        """
        with pytest.raises(UnknownName, match="'stg_orders'"):
            origin(GRAPH, "stg_order", "id")
        with pytest.raises(UnknownName, match="'worth'"):
            origin(GRAPH, "stg_orders", "wort")


class TestReached:
    def test_a_column_reaches_what_is_made_from_it_to_the_predictions(self) -> None:
        """
        Feature, model, predictions, dashboard; not the columns beside it.
        """
        found = reached(GRAPH, [Place(RAW, "amount")])

        assert {Place(CHURN, "worth"), Place(ANSWERS), Place(BOARD)} <= found.keys()
        assert Place(STAGED, "id") not in found
        assert [step.node for step in path(found, Place(CHURN, "worth"))] == [RAW, STAGED, DAILY, CHURN]

    def test_a_column_that_decides_rows_reaches_all_of_them(self) -> None:
        """
        Which rows there are is a matter of every column.
        """
        assert {Place(DAILY), Place(DAILY, "day"), Place(CHURN, "worth")} <= reached(GRAPH, [Place(RAW, "id")]).keys()

    def test_a_column_that_nobody_reads_reaches_nothing_but_what_cannot_be_told(self) -> None:
        """
        The model in Python may read it; nobody else does.
        """
        assert reached(GRAPH, [Place(STAGED, "one")]).keys() == {Place(STAGED, "one"), Place(GUESSED), Place(GUESSED, "score")}

    def test_what_a_model_is_meant_to_move_is_not_reached(self) -> None:
        """
        Or every change of a feature would go round in a circle; nor are its features, whose values it does not change.
        """
        assert reached(GRAPH, [Place(CHURN)]).keys() == {Place(CHURN), Place(ANSWERS), Place(ANSWERS, "answer")}


def test_a_neighbourhood_is_what_lies_within_some_steps() -> None:
    """
    Both ways, with the edges among what is left.
    """
    assert neighbourhood(GRAPH, "stg_orders").nodes.keys() == {RAW, STAGED, DAILY, GUESSED}
    assert neighbourhood(GRAPH, "stg_orders", steps=2).nodes.keys() == {node.id for node in NODES} - {ANSWERS}
    assert neighbourhood(GRAPH, "stg_orders").unread.keys() == {GUESSED}


def test_nodes_are_joined_in_one_or_more_ways() -> None:
    """
    For a picture without columns.
    """
    assert between_nodes(GRAPH)[STAGED, DAILY] == {"reads", "computed", "rows"}


def test_a_short_name_that_two_have_is_no_name() -> None:
    """
    Then the whole one is asked for.
    """
    twice = Graph(GRAPH.nodes | {"source.shop.crm.orders": Node("source.shop.crm.orders", "source", "crm.orders")}, EDGES)

    assert find(GRAPH, "orders").node == RAW
    assert find(twice, "crm.orders").node == "source.shop.crm.orders"
    with pytest.raises(UnknownName, match=r"landed\.orders"):
        find(twice, "orders")
