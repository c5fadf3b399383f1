"""Charts: drawn by the real converter, in two themes, from inline data alone."""

import re

import pytest

from shipworthy.errors import BadSpec
from shipworthy.gateways import charts
from shipworthy.gateways.charts import html, svg

LINES = {
    "description": "MAE by <week>",
    "data": {
        "values": [
            {"week": "2013-05-01T00:00:00Z", "mae": 12.5, "who": "model"},
            {"week": "2013-05-08T00:00:00Z", "mae": None, "who": "rule"},
        ]
    },
    "mark": {"type": "line", "point": True, "clip": True},
    "encoding": {
        "x": {"field": "week", "type": "temporal", "scale": {"type": "utc"}},
        "y": {"field": "mae", "type": "quantitative"},
        "color": {"field": "who", "type": "nominal", "scale": {"domain": ["model", "rule"]}},
    },
}


def test_a_picture_needs_no_script_no_style_and_no_other_place():
    """
    A picture can stand under a strict content policy: no script, no style attribute, nothing fetched.
    """
    picture = svg(LINES)

    assert picture.startswith("<svg")
    assert not re.search(r"<script|style=|<image|href=\"http", picture)


def test_the_two_themes_differ_in_colour_alone():
    """
    Light and dark draw the same picture in other colours, both on a transparent ground.
    """
    light, dark = svg(LINES, theme="light"), svg(LINES, theme="dark")

    assert light != dark
    assert 'fill="white"' not in light + dark
    assert _without_colours(light) == _without_colours(dark)


def test_the_words_of_the_description_are_said_to_a_screen_reader_and_escaped():
    """
    A description becomes the picture's label, and cannot break out of it.
    """
    assert 'role="img" aria-label="MAE by &lt;week&gt;"' in svg(LINES)


def test_two_pictures_can_stand_in_one_page():
    """
    The ids of two pictures never meet: a clip of one would cut the other.
    """
    other = LINES | {"width": 400}
    first, second = (set(re.findall(r'id="([^"]+)"', svg(spec))) for spec in (LINES, other))

    assert first
    assert second
    assert not first & second
    assert set(re.findall(r"url\(#([^)]+)\)", svg(LINES))) <= first


def test_the_same_content_is_the_same_picture_whatever_was_drawn_before():
    """
    A picture depends on its specification alone, so that a static site does not change without a reason.
    """
    first = svg(LINES)
    charts._drawn.cache_clear()
    svg(LINES | {"width": 123})

    assert svg(LINES) == first


def test_what_is_no_chart_is_refused():
    """
    A specification that cannot be drawn names itself and says why.
    """
    with pytest.raises(BadSpec, match="broken: not drawn"):
        svg({"description": "broken", "mark": "lin", "encoding": {}})


@pytest.mark.parametrize("url", ["file:///etc/passwd", "https://example.org/x.csv", "data.csv"])
def test_data_from_elsewhere_is_refused(url):
    """
    A chart never fetches: no file of this machine and no address gets into a picture.
    """
    with pytest.raises(BadSpec, match="wants data from"):
        svg({"layer": [{"data": {"url": url}, "mark": "point", "encoding": {}}]})


def test_nan_is_refused_with_a_remedy():
    """
    NaN is not JSON: null says that a number is not known.
    """
    with pytest.raises(BadSpec, match="not JSON") as refusal:
        svg({"data": {"values": [{"x": float("nan")}]}, "mark": "point", "encoding": {}})

    assert "null" in refusal.value.fix


def test_a_page_carries_both_themes_and_stands_alone():
    """
    The page of a chart holds its pictures and fetches nothing.
    """
    page = html(LINES)

    assert page.count("<svg") == 2
    assert "prefers-color-scheme:dark" in page
    assert "<title>MAE by &lt;week&gt;</title>" in page
    assert "http" not in page.replace("http://www.w3.org/", "")


def _without_colours(picture: str) -> str:
    return re.sub(r"sw-[0-9a-f]{10}-|#[0-9a-f]{6}", "", picture)
