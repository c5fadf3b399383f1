import random
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipworthy.console.drawing.heights import settled
from shipworthy.console.drawing.layers import layers, without_circles
from shipworthy.console.drawing.layout import Box, Layout, Line, Spot, layout
from shipworthy.console.drawing.order import crossings, ordered

EDGES = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=40)


def drawn(count: int, pairs: list[tuple[int, int]]) -> Layout:
    boxes = [Box(f"n{number}", 60 + number % 5 * 20, 20 + number % 3 * 10) for number in range(count)]
    return layout(boxes, [Line(f"n{source}", f"n{target}") for source, target in pairs])


def warehouse(nodes: int, seed: int = 7) -> list[tuple[int, int]]:
    """Return the edges of a project of `nodes` relations: each is made from a few that come before it."""
    draw = random.Random(seed)
    return [(draw.randrange(max(0, node - 60), node), node) for node in range(nodes // 3, nodes) for _ in range(draw.randint(1, 4))]


def apart(one: Spot, other: Spot) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    return beside or one.y + one.height <= other.y or other.y + other.height <= one.y


def holds(placed: Layout) -> None:
    for one, other in combinations(placed.spots.values(), 2):
        assert apart(one, other)
    for course in placed.courses:
        source, target = placed.spots[course.line.source], placed.spots[course.line.target]
        assert (source.layer < target.layer) is not course.back
        steps = [after[0] - before[0] for before, after in pairwise(course.points)]
        assert all(step < 0 if course.back else step > 0 for step in steps)
    for spot in placed.spots.values():
        assert spot.x >= 0
        assert spot.y >= 0
        assert spot.x + spot.width <= placed.width
        assert spot.y + spot.height <= placed.height


@given(EDGES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_no_box_lies_on_another_and_every_line_runs_to_the_right(pairs: list[tuple[int, int]]) -> None:
    """
    Whatever is joined to whatever: boxes are apart, inside the picture, and only what closes a circle runs to the left.
    """
    holds(drawn(12, pairs))


def test_three_hundred_relations_have_their_places() -> None:
    """
    A whole project keeps the same promises.
    """
    pairs = warehouse(300)
    placed = drawn(300, pairs)

    holds(placed)
    assert len(placed.spots) == 300
    assert len(placed.courses) == len(pairs)


def test_no_line_runs_through_a_box() -> None:
    """
    A line that passes a layer has a bend there, between the boxes.
    """
    placed = drawn(60, warehouse(60))

    for course in placed.courses:
        ends = {course.line.source, course.line.target}
        for (x, y), (right, below) in pairwise(course.points):
            for name, spot in placed.spots.items():
                inside = x < spot.x + spot.width and spot.x < right and y == below and spot.y < y < spot.y + spot.height
                assert not inside or name in ends


def test_the_same_graph_is_always_drawn_alike() -> None:
    """
    Places depend on the graph alone.
    """
    assert drawn(80, warehouse(80)) == drawn(80, warehouse(80))


def test_a_line_meets_its_columns() -> None:
    """
    A line leaves and enters where it is told to: at a column's row inside the box.
    """
    placed = layout([Box("a", 80, 60), Box("b", 80, 90)], [Line("a", "b", 40, 75), Line("a", "b")])

    ends = [(course.points[0][1], course.points[-1][1]) for course in placed.courses]
    tops = placed.spots["a"].y, placed.spots["b"].y
    assert ends == [(tops[0] + 40, tops[1] + 75), (tops[0] + 30, tops[1] + 45)]


def test_what_lies_on_one_line_is_drawn_on_one_line() -> None:
    """
    A chain is straight.
    """
    placed = layout([Box(name, 50, 20) for name in "abcd"], [Line("a", "b"), Line("b", "c"), Line("c", "d")])

    assert len({spot.y for spot in placed.spots.values()}) == 1


def test_nothing_is_drawn_of_nothing() -> None:
    """
    No box, no line, no size to speak of.
    """
    assert layout([], []) == Layout({}, (), 12.0, 12.0)


def test_a_circle_is_cut_once() -> None:
    """
    Of each circle one pair is turned, and without it there is none.
    """
    forward, back = without_circles(list("abc"), [("a", "b"), ("b", "c"), ("c", "a"), ("a", "a")])

    assert back == [("c", "a"), ("a", "a")]
    assert layers(list("abc"), forward) == {"a": 0, "b": 1, "c": 2}


def test_a_deep_project_is_no_trouble() -> None:
    """
    A chain of thousands is walked without recursion.
    """
    names = [f"n{number}" for number in range(5000)]

    forward, back = without_circles(names, list(pairwise(names)))

    assert (len(forward), back) == (4999, [])
    assert layers(names, forward)["n4999"] == 4999


def test_the_order_never_has_more_crossings() -> None:
    """
    What comes back is the best of what was tried, the order that came in among it.
    """
    draw = random.Random(3)
    for _ in range(20):
        found = [[f"{layer}{number}" for number in range(8)] for layer in range(4)]
        pairs = [(draw.choice(found[layer]), draw.choice(found[layer + 1])) for layer in range(3) for _ in range(12)]
        best = ordered([list(layer) for layer in found], pairs)
        assert [sorted(layer) for layer in best] == found
        assert crossings(best, pairs) <= crossings(found, pairs)


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(1, 9)), min_size=1, max_size=15))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_places_keep_their_distance_and_do_not_move_without_need(asked: list[tuple[int, int]]) -> None:
    """
    Each place is far enough from the one before; places that are already far enough stay where they are wanted.
    """
    distances = [float(distance) for _, distance in asked]
    found = settled([float(place) for place, _ in asked], distances)

    assert all(after - before >= distance - 1e-9 for (before, after), distance in zip(pairwise(found), distances[1:], strict=True))
    assert settled(found, distances) == pytest.approx(found)
