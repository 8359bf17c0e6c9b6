"""The report: figures beside a page that opens offline, says what was found, and what it cannot say."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import courses, effects, evaluators, fates, operation, style, summary, timelines
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
    "summary": summary.draw,
}
"""Name of the file and how it is drawn; another figure is added here, and on the page in :mod:`.page`."""
INLINE = ("timelines", "courses", "fates", "effects", "evaluators", "operation")
"""Figures that the page holds; its map is drawn by :mod:`.webmap`, for light and dark alike."""
_DPI = 200


def write_report(comparison: Comparison | str | Path, folder: str | Path) -> Path:
    """Draw the figures (SVG and PNG; the summary also PDF) and ``report.html`` into a folder.

    Args:
        comparison: what to report, or the folder where it is stored.
        folder: where figures and page are written.

    Returns:
        The path of the page.

    Raises:
        InputError: for a folder that holds no comparison.
    """
    from ..measures.comparison import Comparison as Kept
    from ..measures.tables import whole

    if isinstance(comparison, (str, Path)):
        comparison = Kept.load(comparison)
    path = Path(folder)
    drawn = _figures(comparison, path / "figures")
    with style.context():  # the map for the page measures its labels
        text = page(comparison, drawn)
    whole(path / "report.html", lambda temporary: temporary.write_text(text, encoding="utf-8"))
    return path / "report.html"


def draw(comparison: Comparison, figure: str) -> Any:
    """One figure of the report. Raises KeyError for an unknown name, with those that there are."""
    if figure not in FIGURES:
        raise KeyError(f"no figure {figure!r}; there are {sorted(FIGURES)}")
    with style.context():
        return FIGURES[figure](comparison)


def _figures(comparison: Comparison, folder: Path) -> dict[str, str]:
    from ..measures.tables import whole

    drawn = {}
    with style.context():
        for name, draw in FIGURES.items():
            figure = draw(comparison)
            text = svg(figure, "path")
            whole(folder / f"{name}.svg", lambda t, text=text: t.write_text(text, encoding="utf-8"))
            whole(
                folder / f"{name}.png",
                lambda t, figure=figure: figure.savefig(t, format="png", dpi=_DPI, pil_kwargs={"compress_level": 4}),
            )
            if name == "summary":
                about = {"CreationDate": None, "Title": summary.title(comparison)}
                whole(
                    folder / f"{name}.pdf",
                    lambda t, figure=figure, about=about: figure.savefig(t, format="pdf", metadata=about),
                )
            if name in INLINE:
                drawn[name] = inline(svg(figure, "none"), name)
    return drawn


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
    body = re.sub(r'\sxmlns:(?:xlink|cc|dc|rdf)="[^"]*"', "", body).replace("xlink:href", "href")
    body = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
    for color in style.ON_SCREEN:
        body = re.sub(rf"(fill|stroke): {color}\b", rf"\1: var(--c{color[1:].lower()})", body, flags=re.I)
    return re.sub(
        r'<svg ([^>]*?)width="[^"]*"',
        r'<svg aria-hidden="true" \1',
        re.sub(r'(<svg [^>]*?)height="[^"]*"', r"\1", body, count=1),
        count=1,
    )


def colors() -> str:
    """The page's colours of figures as CSS, light and dark."""
    light = "".join(f"--c{c[1:].lower()}:{c};" for c in style.ON_SCREEN)
    dark = "".join(f"--c{c[1:].lower()}:{d};" for c, d in style.ON_SCREEN.items())
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def escape(text: str) -> str:
    """Text for HTML, quotes included."""
    return html.escape(text, quote=True)
