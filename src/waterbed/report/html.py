"""The report: figures beside a page that opens offline, says what was found, and what it cannot say."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..processes import share
from . import courses, doses, effects, evaluators, fates, operation, slim, style, summary, timelines, webmap
from . import map as map_figure
from .page import page

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

FIGURES: dict[str, Callable[[Any], Any]] = {
    "timelines": timelines.draw,
    "courses": courses.draw,
    "fates": fates.draw,
    "map": map_figure.draw,
    "map_dark": lambda comparison: map_figure.draw(comparison, style.DARK),
    "effects": effects.draw,
    "evaluators": evaluators.draw,
    "operation": operation.draw,
    "doses": doses.draw,
    "summary": summary.draw,
}
"""Name of the file and how it is drawn; another figure is added here, and on the page in :mod:`.page`."""
NARROW: dict[str, Callable[..., Any]] = {
    "timelines": timelines.draw,
    "fates": fates.draw,
    "map": map_figure.draw,
    "effects": effects.draw,
    "doses": doses.draw,
}
"""Figures that are laid out for one column too."""
INLINE = ("timelines", "courses", "fates", "effects", "evaluators", "operation", "doses")
"""Figures that the page holds; its map is drawn by :mod:`.webmap`, for light and dark alike."""
_ASKED = ("doses",)
"""Figures of tables that a comparison has only where they were asked for."""
_FOLLOWING = {color.lower() for color in style.ON_SCREEN}
_DPI = 200


def write_report(comparison: Comparison | str | Path, folder: str | Path, *, workers: int = 1) -> Path:
    """Draw the figures (SVG and PNG; the summary also PDF) and ``report.html`` into a folder.

    Args:
        comparison: what to report, or the folder where it is stored.
        folder: where figures and page are written.
        workers: processes that draw, this one among them; whatever their number, the same is drawn.

    Returns:
        The path of the page.

    Raises:
        InputError: for a folder that holds no comparison.
    """
    from ..measures.tables import whole

    comparison = _loaded(comparison)
    path = Path(folder)
    text = page(comparison, _parts(comparison, path / "figures", workers))
    whole(path / "report.html", lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return path / "report.html"


def write_figures(comparison: Comparison | str | Path, folder: str | Path, width: str) -> Path:
    """Draw the figures that are laid out for a width other than the page's into ``figures/WIDTH``, as SVG and PNG.

    Args:
        comparison: what to draw, or the folder where it is stored.
        folder: that of the report.
        width: "column", 85 mm.

    Returns:
        The folder that holds them.

    Raises:
        InputError: for a width that there is not, and a folder that holds no comparison.
    """
    known = _loaded(comparison)
    path = Path(folder) / "figures" / width
    for name in _drawn(known, NARROW):
        figure = draw(known, name, width)
        with style.context():
            _store(figure, path, name, "")
    return path


def _drawn(comparison: Comparison, figures: Iterable[str]) -> list[str]:
    """Those of some figures for which the comparison has what they show."""
    return [name for name in figures if name not in _ASKED or name in comparison.tables()]


def _loaded(comparison: Comparison | str | Path) -> Comparison:
    from ..measures.comparison import Comparison as Kept

    return Kept.load(comparison) if isinstance(comparison, (str, Path)) else comparison


def draw(comparison: Comparison, figure: str, width: str = "page") -> Any:
    """One figure of the report, 178 mm wide ("page", some less) or 85 mm ("column").

    Raises:
        KeyError: for an unknown name, with those that there are.
        InputError: for an unknown width, or one that the figure is not laid out for.
    """
    if figure not in FIGURES:
        raise KeyError(f"no figure {figure!r}; there are {sorted(FIGURES)}")
    if width not in style.WIDTHS:
        raise InputError(f"width: {width!r} is none; use one of: {', '.join(style.WIDTHS)}")
    with style.context():
        if width == "page":
            return FIGURES[figure](comparison)
        if figure not in NARROW:
            raise InputError(f"width: no {width} for figure {figure!r}; there is one for: {', '.join(NARROW)}")
        return NARROW[figure](comparison, width=style.WIDTHS[width])


def _parts(comparison: Comparison, folder: Path, workers: int) -> dict[str, str]:
    """Draw every figure into a folder; returns what the page holds of them, by name."""
    names = [*_drawn(comparison, FIGURES), webmap.NAME]
    parts = dict.fromkeys(names, "")

    def keep(i: int, part: str) -> None:
        parts[names[i]] = part

    share(_part, [(comparison, folder, name) for name in names], keep, workers=workers)
    return parts


def _part(comparison: Comparison, folder: Path, name: str) -> str:
    with style.context():  # text is measured in it, that of the page's map too
        if name == webmap.NAME:
            return webmap.render(comparison, webmap.caption(comparison))
        figure = FIGURES[name](comparison)
        _store(figure, folder, name, summary.title(comparison) if name == "summary" else "")
        return inline(svg(figure, "none"), name) if name in INLINE else ""


def _store(figure: Any, folder: Path, name: str, title: str) -> None:
    """Write a figure as SVG and PNG; one with a title as PDF too."""
    from ..measures.tables import whole

    text = svg(figure, "path")
    whole(folder / f"{name}.svg", lambda t: t.write_text(text, encoding="utf-8"))
    whole(
        folder / f"{name}.png",
        lambda t: figure.savefig(t, format="png", dpi=_DPI, pil_kwargs={"compress_level": 4}),
    )
    if title:
        about = {"CreationDate": None, "Title": title}
        whole(folder / f"{name}.pdf", lambda t: figure.savefig(t, format="pdf", metadata=about))


def svg(figure: Any, fonttype: str) -> str:
    """A figure as SVG; text as outlines ('path'), or as text in the page's typeface ('none')."""
    import matplotlib

    out = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": fonttype}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def inline(text: str, name: str) -> str:
    """An SVG for the page: no prolog, ids of its own, colours that follow light and dark, hidden from readers of text.

    What it shows is said by the ``figure`` around it.
    """
    body = text[text.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r">\s+<", "><", body)
    body = re.sub(r'\sxmlns:(?:xlink|cc|dc|rdf)="[^"]*"', "", body).replace("xlink:href", "href")
    body = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
    body = re.sub(r' d="([^"]*)"', lambda d: f' d="{slim.path(d[1])}"', body)
    body = re.sub(r"(fill|stroke): (#[0-9a-fA-F]{6})\b", _follow, body)
    return re.sub(
        r'<svg ([^>]*?)width="[^"]*"',
        r'<svg aria-hidden="true" \1',
        re.sub(r'(<svg [^>]*?)height="[^"]*"', r"\1", body, count=1),
        count=1,
    )


def _follow(paint: re.Match[str]) -> str:
    """A colour that has a counterpart in the dark becomes one that follows the page."""
    name = paint[2].lower()
    return f"{paint[1]}: var(--c{name[1:]})" if name in _FOLLOWING else paint[0]


def colors() -> str:
    """The page's colours of figures as CSS, light and dark."""
    light = "".join(f"--c{c[1:].lower()}:{c};" for c in style.ON_SCREEN)
    dark = "".join(f"--c{c[1:].lower()}:{d};" for c, d in style.ON_SCREEN.items())
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def escape(text: str) -> str:
    """Text for HTML, quotes included."""
    return html.escape(text, quote=True)
