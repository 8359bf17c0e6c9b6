"""A comparison that moves: fortnight by fortnight, where flow fell and rose, above the course of both worlds."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import atlas, map, style, timelines, webmap
from .style import LIGHT, MM, Theme

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

FORMATS = (".gif", ".mp4")
FRAMES_PER_SECOND = 2.5
_DPI = 150
_TIMELINES = 58.0
"""Millimetres of the two timelines."""
_HELD = 3
"""Frames for which the last fortnight stands still before it begins anew."""


def animate(
    comparison: Comparison | str | Path,
    path: str | Path,
    *,
    fps: float = FRAMES_PER_SECOND,
    progress: Callable[[int, int], None] | None = None,
) -> Path:
    """Draw a comparison as a film: a frame a fortnight since the measure's start.

    Legs are drawn in a fortnight only where the 90 % interval of their mean change excludes zero, as wide as the people
    of that change; one scale of widths serves all frames.

    Args:
        comparison: what to draw, or the folder where it is stored.
        path: file to write, ``.gif`` (by Pillow) or ``.mp4`` (by ffmpeg).
        fps: frames a second, above 0 and at most 30.
        progress: called with the number of frames done and of all.

    Returns:
        The path.

    Raises:
        InputError: for another format, for an MP4 where there is no ffmpeg, and for a comparison without a course by
            leg (of an older version, or shorter than two fortnights).
    """
    from ..measures.comparison import Comparison as Kept

    target = Path(path)
    writer = _writer(target, fps)
    if isinstance(comparison, (str, Path)):
        comparison = Kept.load(comparison)
    with style.context():
        film = _film(comparison)
        frames = [*range(len(film.steps)), *(len(film.steps) - 1,) * _HELD]
        target.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all; the name's ending has to stay, since it tells the writer the format.
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".waterbed-") as folder:
            part = Path(folder) / f"film{target.suffix.lower()}"
            with writer.saving(film.figure, str(part), _DPI):
                for done, step in enumerate(frames, 1):
                    film.show(step)
                    writer.grab_frame(facecolor=LIGHT.paper)
                    if progress is not None:
                        progress(done, len(frames))
            os.replace(part, target)
    return target


def _writer(path: Path, fps: float) -> Any:
    """Matplotlib's writer for a file's format."""
    from matplotlib.animation import FFMpegWriter, PillowWriter

    kind = path.suffix.lower()
    if kind not in FORMATS:
        raise InputError(f"{path}: ends in {path.suffix or 'nothing'!r}; name a file that ends in .gif or .mp4")
    if not 0 < fps <= 30:
        raise InputError(f"fps: is {fps:g}; give frames a second above 0 and at most 30")
    if kind == ".gif":
        return PillowWriter(fps=fps)  # type: ignore[arg-type]  # whole numbers are not asked for, only annotated
    if not FFMpegWriter.isAvailable():
        raise InputError(f"{path}: MP4 needs ffmpeg, and there is none on PATH; install it, or name a .gif")
    even = "pad=ceil(iw/2)*2:ceil(ih/2)*2:color=white"
    return FFMpegWriter(fps=fps, codec="h264", extra_args=["-pix_fmt", "yuv420p", "-vf", even])  # type: ignore[arg-type]


@dataclass
class _Film:
    """A figure whose ground stands still, and what is drawn anew in each frame."""

    figure: Any
    map: Any
    panels: tuple[Any, Any]
    words: Any
    chart: atlas.Chart
    steps: list[int]
    course: dict[str, list[float]]
    top: float
    start: int
    length: int
    theme: Theme = LIGHT
    drawn: tuple[Any, ...] = ()

    def show(self, step: int) -> None:
        """Draw a fortnight in place of the last one."""
        for artist in self.drawn:
            artist.remove()
        known = len(self.map.lines)
        for arc in sorted(self.chart.arcs, key=lambda a: not a.on_land):
            change = self.course.get(arc.row.leg, [0.0] * len(self.steps))[step]
            if change:
                width = atlas.thickness(change, self.top)
                map.leg(self.map, replace(arc, row=arc.row._replace(difference=change), width=width), self.theme)
        first = self.steps[step] - self.start
        marks = [axes.axvspan(first, first + self.length, color=style.INK, alpha=0.12, lw=0) for axes in self.panels]
        self.drawn = (*self.map.lines[known:], *marks)
        self.words.set_text(f"Days {first} to {first + self.length - 1} since the measure began")


def _film(comparison: Comparison) -> _Film:
    """The figure with all that does not move."""
    from ..measures.course import STEP

    steps, course = webmap.course(comparison)
    if len(steps) < 2:
        raise InputError(f"{comparison.name}: holds no course by leg to animate; make it again with waterbed compare, "
                         "with at least 28 days after the measure's start")  # fmt: skip
    legs = comparison.legs
    real = atlas.is_real(legs)
    page = style.MIDDLE if not real and atlas.is_tall(legs) else style.PAGE
    width = page - 2 * style.MARGIN
    sure = atlas.sure(legs)
    more = legs[legs["leg"].isin(course) & ~legs["leg"].isin(sure["leg"])]
    chart = atlas.charts(comparison, width, (62.0, 96.0), insets=False, more=more)[0]
    still = replace(chart, arcs=[], placed=[label for label in chart.placed if label.kind == "place"])
    top_change = max((abs(v) for row in course.values() for v in row), default=1.0)
    rows = map.key_rows(map.key_items(comparison, LIGHT, top_change), width)
    words = map.notes(comparison)
    tall = chart.view.height / 72 / MM
    lines = len(style.wrap(map.title(comparison), width * MM * 72, 10, "bold"))
    height = 4.5 + 4.2 * (lines + 1) + map.KEY * len(rows) + tall + _TIMELINES + style.note_height(words, page) + 6
    fig = style.figure(page, height)
    window = comparison.provenance["window"]
    said = (f"Over {window['after'] - window['start']} days, during and after. Below, fortnight by fortnight: change "
            "in completed journeys by leg, with minus without.")  # fmt: skip
    top = style.heading(fig, map.title(comparison), said) + 0.5
    for row in rows:
        map.key_row(fig, style.MARGIN, top, width, row, LIGHT)
        top += map.KEY
    axes = map.panel(fig, style.MARGIN, top + 0.8, still, LIGHT, [], real, comparison)
    moving = axes.text(4, chart.view.height - 4, "", fontsize=9, fontweight="bold", color=LIGHT.ink, va="top",
                       zorder=12, path_effects=style.halo(2, LIGHT.paper))  # fmt: skip
    panels = timelines.panel(fig, style.MARGIN, top + tall + 3, width, _TIMELINES, comparison)
    style.note(fig, words)
    start = comparison.provenance["window"]["start"]
    return _Film(fig, axes, panels, moving, chart, steps, course, top_change, start, STEP)
