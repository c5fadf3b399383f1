"""The only door to vl-convert: a Vega-Lite specification in, an SVG out, the same in browser, file and mail.

No script, nothing fetched: a specification carries its data. Pictures are cached by content. `interactive` makes a page for a
browser alone: there the charts answer the mouse, and Vega itself lies in the page.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any, Literal

import vl_convert

from shipworthy.errors import BadSpec

Theme = Literal["light", "dark"]
FONT = "Inter, system-ui, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
MOST_KEPT = 256

_INK = {"light": "#1b1f24", "dark": "#e6e8eb"}
_MUTED = {"light": "#5b6470", "dark": "#9aa4b2"}
_GRID = {"light": "#e4e7eb", "dark": "#2d333b"}
_PAPER = {"light": "#ffffff", "dark": "#14171a"}
_SERIES = {
    "light": ["#2563eb", "#8a94a3", "#0d9488", "#d97706", "#dc2626", "#7c3aed"],
    "dark": ["#60a5fa", "#7d8794", "#2dd4bf", "#fbbf24", "#f87171", "#a78bfa"],
}
_PAGE = (
    f"body{{font:15px/1.5 {FONT};color:{_INK['light']};background:{_PAPER['light']};margin:1.5rem auto;max-width:64rem;padding:0 1rem}}"
    "table{border-collapse:collapse;margin:.5rem 0}td,th{padding:.15rem .8rem .15rem 0;text-align:left;border-bottom:1px solid #8884}"
    "td.n{text-align:right;font-variant-numeric:tabular-nums}.chart{margin:1rem 0}"
    f"@media(prefers-color-scheme:dark){{body{{color:{_INK['dark']};background:{_PAPER['dark']}}}}}"
)
_DRAW = (
    "const dark=matchMedia('(prefers-color-scheme:dark)').matches;"
    "document.querySelectorAll('.chart').forEach((place,i)=>vegaEmbed(place,given.specs[i],{renderer:'svg',"
    "actions:{export:true,source:false,compiled:false,editor:false},config:{...given[dark?'dark':'light'],mark:{tooltip:true,"
    "...given[dark?'dark':'light'].mark}}}).catch(error=>{place.textContent=String(error)}));"
)
_CLIP = re.compile(r'(id="|url\(#)((?:clip|gradient)_?\d+)')


def svg(spec: Mapping[str, Any], *, theme: Theme = "light") -> str:
    """Return `spec` as an `<svg>` on a transparent ground, in the house's colours for `theme`.

    Series take the palette's colours in the order of their scale's domain: write no colours into a
    specification, or it will not be readable in the other theme. What it asks for itself in its own `config`
    stands. Its `description` is what a screen reader says. Ids inside are unique to the content, so
    that many pictures can stand in one page.

    Raises:
        BadSpec: `spec` is no Vega-Lite, or wants data from elsewhere.
    """
    return _drawn(_text(spec), theme)


def html(spec: Mapping[str, Any]) -> str:
    """Return a page of its own with the picture inside, light or dark as the reader has it; nothing is fetched."""
    title = escape(_description(spec) or "Chart")
    grounds = f"body{{margin:1rem;background:{_PAPER['light']}}}.dark{{display:none}}svg{{max-width:100%;height:auto}}"
    dark = f"@media(prefers-color-scheme:dark){{body{{background:{_PAPER['dark']}}}.light{{display:none}}.dark{{display:block}}}}"
    pictures = "".join(f'<div class="{theme}">{svg(spec, theme=theme)}</div>' for theme in ("light", "dark"))  # type: ignore[arg-type]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{grounds}{dark}</style></head><body>{pictures}</body></html>"
    )


def interactive(title: str, parts: Sequence[str | Mapping[str, Any]], *, cache: Path) -> str:
    """Return one page of `parts`, HTML and specifications in their order, that needs no network: each chart tells its values.

    Charts are drawn by the reader's browser, light or dark as the reader has it, so that a page costs next to nothing to make.
    Vega takes 3 s of processor time to be put into one script, and then lies in the folder `cache`.

    Raises:
        BadSpec: a specification is not JSON, or wants data from elsewhere.
    """
    specs = [part for part in parts if not isinstance(part, str)]
    for spec in specs:
        _inline_only(spec)
    body = "".join(part if isinstance(part, str) else '<div class="chart"></div>' for part in parts)
    given = {"specs": [json.loads(_text(spec)) for spec in specs], "light": _config("light"), "dark": _config("dark")}
    data = json.dumps(given).replace("<", "\\u003c")
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{_PAGE}</style></head>'
        f"<body>{body}<script>{_vega(cache)}</script><script>const given={data};{_DRAW}</script></body></html>"
    )


def _vega(cache: Path) -> str:
    """Return Vega, Vega-Lite and what puts them into a page, as one script."""
    file = cache / f"vega-{vl_convert.get_vega_version()}-{vl_convert.get_vegalite_versions()[-1]}.js"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        beside = file.with_suffix(f".{os.getpid()}")
        beside.write_text(vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;").replace("</script", "<\\/script"), encoding="utf-8")
        beside.replace(file)
    return file.read_text(encoding="utf-8")


@lru_cache(maxsize=MOST_KEPT)
def _drawn(text: str, theme: Theme) -> str:
    spec = json.loads(text)
    _inline_only(spec)
    try:
        picture = vl_convert.vegalite_to_svg(spec, config=_config(theme), allowed_base_urls=[])
    except ValueError as error:
        reason = [line for line in str(error).splitlines() if line.strip()][1:2] or [str(error)]
        raise BadSpec(
            where=_description(spec) or "chart", what=f"not drawn: {reason[0].strip()}", fix="mend the Vega-Lite specification"
        ) from None
    return _named(_own_ids(picture, f"{theme}{text}"), _description(spec))


def _own_ids(picture: str, content: str) -> str:
    """Return `picture` with ids that depend on its content alone: the converter counts on from picture to picture."""
    mark = sha256(content.encode()).hexdigest()[:10]
    names = {name: f"sw-{mark}-{place}" for place, name in enumerate(dict.fromkeys(found[2] for found in _CLIP.finditer(picture)))}
    return _CLIP.sub(lambda found: f"{found[1]}{names[found[2]]}", picture)


def _named(picture: str, description: str) -> str:
    words = f' role="img" aria-label="{escape(description)}"' if description else ' role="img"'
    return picture.replace("<svg ", f"<svg{words} ", 1)


def _text(spec: Mapping[str, Any]) -> str:
    try:
        return json.dumps(spec, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadSpec(
            where=_description(spec) or "chart", what=f"not JSON: {error}", fix="write null for what is not known, and times as ISO text"
        ) from None


def _description(spec: Mapping[str, Any]) -> str:
    return str(spec.get("description") or "")


def _inline_only(part: Any) -> None:
    """Refuse a specification that names a place to fetch data from: not even a file of this machine."""
    inside = part if isinstance(part, list) else [value for key, value in part.items() if key != "values"] if isinstance(part, dict) else []
    if isinstance(part, dict) and "url" in part:
        raise BadSpec(where="chart", what=f"wants data from {str(part['url'])[:80]!r}", fix="put the rows in 'data.values'")
    for piece in inside:
        _inline_only(piece)


def _config(theme: Theme) -> dict[str, Any]:
    ink, muted, grid, series = _INK[theme], _MUTED[theme], _GRID[theme], _SERIES[theme]
    words = {"labelColor": muted, "titleColor": muted, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None},
        "title": {
            "color": ink,
            "subtitleColor": muted,
            "anchor": "start",
            "fontSize": 13,
            "subtitleFontSize": 11,
            "fontWeight": 600,
            "offset": 10,
        },
        "axis": {**words, "gridColor": grid, "domainColor": grid, "tickColor": grid},
        "legend": {**words, "orient": "top", "title": None, "symbolStrokeWidth": 2},
        "header": words,
        "range": {"category": series, "heatmap": [grid, series[0]], "ramp": [grid, series[0]]},
        "mark": {"color": series[0]},
        "line": {"strokeWidth": 2},
        "rule": {"color": muted},
        "text": {"color": ink},
    }
