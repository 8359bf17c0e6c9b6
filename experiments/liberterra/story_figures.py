"""What all figures of the Liberterra story share: lines of estimates, and pages with a title computed from data."""

from __future__ import annotations

from typing import Any

from story_words import estimate_words

from waterbed.report import style
from waterbed.report.dots import Row
from waterbed.report.style import MARGIN, PAGE, span

WIDTH = PAGE - 2 * MARGIN
BARS = "Bars: 90\u202f% bootstrap interval over pairs of runs."


def signed(value: float) -> str:
    """A change on an axis."""
    return style.tick(value, signed=True)


def line(
    name: str, r: Any, column: str = "change", last: str | None = None, unit: str = "share", plus: bool = True
) -> Row:
    """A line from a row of a table; shares and points as hundreds; plus: of a change, which is told with its sign."""
    value, low, high = (getattr(r, c) for c in (column, f"{column}_low", f"{column}_high"))
    if value != value:
        return Row(name, why="not identified")
    factor = 1.0 if unit == "people" else 100.0
    tail = {"share": "\u202f%", "points": " points", "people": ""}[unit]
    words = estimate_words(factor * value, factor * low, factor * high, plus) + tail
    known = span(low, high, share=unit == "share", signed=plus) if unit != "points" else (
        span(100 * low, 100 * high, signed=True)
    )  # fmt: skip
    said = (words, known) if last is None else (words, known, last)
    return Row(name, "", factor * value, factor * low, factor * high, said=said)


def page_for(title: str, subtitle: str, body: float, below: str) -> tuple[Any, float]:
    """A figure of the page's width for a body of so many millimetres, with heading and notes; and the body's top."""
    probe = style.figure(PAGE, 50)
    head = style.heading(probe, title, subtitle)
    fig = style.figure(PAGE, head + 2 + body + style.note_height(below, PAGE) + 2)
    top = style.heading(fig, title, subtitle) + 2
    style.note(fig, below)
    return fig, top
