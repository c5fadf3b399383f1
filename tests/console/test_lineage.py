import shutil
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from shipworthy.console.lineage import Known, beside, known_lineage, place_of_model, place_of_node, place_of_relation, reaches
from shipworthy.console.lineage_drawing import of_column, way, whole
from shipworthy.console.links import Live
from shipworthy.console.pages.lineage import LineagePage
from shipworthy.console.rendering import render
from shipworthy.console.rooms import rooms
from shipworthy.lineage.graph import Edge, Graph, How, Node, Place
from shipworthy.spec.project import Project

from .past import NOW, lay_out
from .reading import Reading


def graph(*edges: tuple[str, str, How]) -> Graph:
    """Return a graph by edges between `node` or `node.column`."""
    columns: dict[str, dict[str, None]] = {}
    made = []
    for source, target, how in edges:
        ends = [Place(*end.split(".")) if "." in end else Place(end) for end in (source, target)]
        for end in ends:
            columns.setdefault(end.node, {}).update({end.column: None} if end.column else {})
        made.append(Edge(ends[0], ends[1], how))
    return Graph({name: Node(name, "model", name, tuple(held)) for name, held in columns.items()}, tuple(made))


CHAIN = graph(("a", "b", "reads"), ("b", "c", "reads"), ("c", "d", "reads"), ("d", "e", "reads"), ("e", "f", "reads"), ("c", "a", "meant"))
COLUMNS = graph(
    ("raw", "clean", "reads"), ("raw.x", "clean.x", "same"), ("raw.y", "clean.z", "computed"), ("raw.y", "clean", "rows"),
    ("clean.z", "mart.z", "same"), ("clean.x", "mart.z", "computed"), ("mart", "report", "whole"),
)  # fmt: skip


def words(browser: httpx.Client, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return Reading(answer.text).words


def test_one_looks_as_far_as_there_is_something_to_see() -> None:
    """
    One, two and three steps, then all; what would show no more is not offered, and a metric that is only meant is no step.
    """
    assert {word: sorted(nodes) for word, nodes in reaches(CHAIN, "a").items()} == {
        "1": ["a", "b"], "2": ["a", "b", "c"], "3": ["a", "b", "c", "d"], "all": ["a", "b", "c", "d", "e", "f"],
    }  # fmt: skip
    assert list(reaches(CHAIN, "e")) == ["1", "2", "3", "all"]
    assert list(reaches(graph(("a", "b", "reads")), "a")) == ["1"]
    assert place_of_node(graph(("a", "b", "reads")), "a") == ("lineage", "a", "1")


def test_what_lies_beside_is_told_by_distance() -> None:
    """
    A node is told once, at its shortest distance.
    """
    found = graph(("a", "b", "reads"), ("b", "c", "reads"), ("a", "c", "reads"))

    assert beside(found, "c", up=True) == [["b", "a"]]
    assert beside(found, "a", up=False) == [["b", "c"]]


def test_a_column_is_drawn_with_what_it_comes_from_and_goes_into() -> None:
    """
    Values alone: what only decides the rows is not on the way; whoever reads the whole relation is.
    """
    drawn = of_column(COLUMNS, Place("clean", "z"), {})

    rows = {one.card.id: [line.row.name for line in one.rows] for one in drawn.cards}
    assert rows == {"raw": ["y"], "clean": ["z"], "mart": ["z"], "report": []}
    assert [joint.kind for joint in drawn.joints] == ["computed", "same", "whole"]
    assert list(way(COLUMNS, Place("raw", "x"))) == [Place("raw", "x"), Place("clean", "x"), Place("mart", "z"), Place("report")]


def test_what_failed_is_marked_and_said() -> None:
    """
    A mark, a word for a screen reader, and a look: never a colour alone.
    """
    drawn = whole(CHAIN, ["a", "b"], "a", {"b": "fail", "a": "pass"})

    cards = {one.card.id: one.card for one in drawn.cards}
    assert (cards["a"].mark, cards["a"].here) == ("", True)
    assert (cards["b"].mark, cards["b"].words) == ("✕", "relation b, its checks failed")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/lineage", "Relations airport_ weather 1 → 3 flight_ arrivals 1 → 3"),
        ("/lineage", "What cannot be told airport_ weather is written in python"),
        ("/lineage/ml.arrival_delay/1", "How far: 1 step 2 steps"),
        ("/lineage/model.flights.flight_arrivals/1", "Made from 1 step away landed.departures Goes into 1 step away arrival_ delay"),
        ("/lineage/model.flights.flight_arrivals/column/arrival_delay", "Made from landed.departures. flight_ id computed"),
    ],
)
def test_the_lists_tell_what_the_graph_shows(browser: httpx.Client, address: str, said: str) -> None:
    """
    Who does not see the graph reads the same below it.
    """
    told = words(browser, address)

    assert said.replace("_ ", "_") in told.replace("_ ", "_")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/lineage/model.flights.flight_arival/1", "did you mean 'model.flights.flight_arrivals'?"),
        ("/lineage/ml.arrival_delay/99", "no reach '99'"),
        ("/lineage/ml.arrival_delay/column/lable", "did you mean 'label'?"),
    ],
)
def test_what_is_not_there_names_the_nearest(browser: httpx.Client, address: str, said: str) -> None:
    """
    An unknown node, distance or column is answered with what there is.
    """
    assert said in words(browser, address, 404)


def test_pages_of_models_and_relations_lead_to_their_lineage(project: Project) -> None:
    """
    A model and a relation have their node; a source is told from a relation of the same name; before a build there is none.
    """
    known = known_lineage(project)

    assert place_of_model(known, "arrival_delay") == ("lineage", "ml.arrival_delay", "2")
    assert place_of_relation(known, "departures", source=True) == ("lineage", "source.flights.landed.departures", "2")
    assert place_of_relation(known, "departures", source=False) is None
    assert place_of_model(Known(None), "arrival_delay") is None


def test_a_mistake_takes_no_page_away(tmp_path: Path, book: Engine) -> None:
    """
    A manifest that cannot be read is told on the page; one that is not there yet is no mistake.
    """
    project = lay_out(tmp_path / "flights")
    manifest = project.state / "dbt" / "manifest.json"
    manifest.write_text("{}")
    assert "is no manifest of dbt" in known_lineage(project).trouble

    shutil.rmtree(manifest.parent)
    page = LineagePage.of(rooms(project, book, NOW), (), {})
    assert (page.drawn, page.trouble) == (None, "")
    assert "Nothing has been built yet" in Reading(render(page, Live())).words


def test_three_hundred_nodes_are_on_one_page(project: Project, book: Engine) -> None:
    """
    Every node of a large project is a link of the graph, and the neighbourhood of one stays small.
    """
    edges: list[tuple[str, str, How]] = [(f"n{node // 3}", f"n{node}", "reads") for node in range(1, 300)]
    found = graph(*edges)

    page = LineagePage("large", NOW, whole(found, found.nodes, None, {}, tight=True), [], [], "")
    read = Reading(render(page, Live()))
    assert sum(link.startswith("/lineage/n") for link in read.links) == 300
    assert len(reaches(found, "n150")["1"]) == 2
