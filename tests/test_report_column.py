"""Figures for one column of print: they can be read, and say what those of the page say."""

from __future__ import annotations

import re
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from waterbed.errors import InputError
from waterbed.measures.comparison import Comparison
from waterbed.report.html import NARROW, write_figures
from waterbed.report.labels import overlap
from waterbed.report.style import COLUMN, MM


def written(figure, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float, tuple[float, ...]]]:
    """Every text that drawing a figure puts down, with its points and its box (left, bottom, right, top)."""
    found: list[tuple[str, float, tuple[float, ...]]] = []
    put = Text.draw

    def spy(text: Text, renderer) -> None:
        if text.get_visible() and text.get_text().strip():
            size = text.get_fontsize()
            left, low, right, top = Text.get_window_extent(text, renderer).extents
            lead = 0.17 * size * text.figure.dpi / 72  # a box holds the leading above and below its letters too
            found.append((text.get_text(), size, (left + 1, low + lead, right - 1, top - lead)))
        put(text, renderer)

    monkeypatch.setattr(Text, "draw", spy)
    FigureCanvasAgg(figure).draw()
    return found


@pytest.mark.parametrize(
    ("world", "name"), [*(("comparison", n) for n in NARROW), *(("nobody", n) for n in NARROW if n != "doses")]
)
def test_one_column_can_be_read(world: str, name: str, request, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text is large enough, within the figure, and no two texts share a place."""
    figure = request.getfixturevalue(world).plot(name, width="column")
    texts = written(figure, monkeypatch)
    assert len(texts) > 10 and figure.get_figheight() < 265 * MM
    assert not [(words, size) for words, size, _ in texts if size < 6]
    width, height = figure.bbox.size
    assert not [
        words for words, _, (left, low, right, top) in texts if left < 0 or low < 0 or right > width or top > height
    ]
    crossed = [(a, b) for (a, _, one), (b, _, two) in combinations(texts, 2) if overlap(one, two)]
    assert not crossed


def test_one_column_says_what_the_page_says(comparison: Comparison, monkeypatch: pytest.MonkeyPatch) -> None:
    """Title, intervals, units and notes are those of the page, however the lines are broken."""
    for name in NARROW:
        words = []
        for width in ("page", "column"):
            texts = written(comparison.plot(name, width=width), monkeypatch)
            words.append(set(" ".join(said for said, _, _ in texts).split()))
            monkeypatch.undo()
        page, column = words
        missing = {word for word in page - column if not re.fullmatch(r"[+\u2212]?[\d.\u202f]+(%|people)?", word)}
        assert not missing, name


def test_figures_for_one_column_lie_in_a_folder_of_their_own(comparison: Comparison, tmp_path: Path) -> None:
    folder = write_figures(comparison, tmp_path, "column")
    assert folder == tmp_path / "figures" / "column"
    assert {p.name for p in folder.iterdir()} == {f"{n}.{e}" for n in NARROW for e in ("svg", "png")}
    for name in NARROW:
        points = re.search(r'<svg [^>]*?width="([\d.]+)pt"', (folder / f"{name}.svg").read_text("utf-8"))
        assert points and float(points[1]) / 72 / MM == pytest.approx(COLUMN, abs=0.05)
        again = comparison.plot(name, width="column")
        assert again.get_figwidth() / MM == pytest.approx(COLUMN)


def test_a_width_that_there_is_not_is_told(comparison: Comparison, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'wide' is none; use one of: page, column"):
        comparison.plot_map(width="wide")
    with pytest.raises(InputError, match="no column for figure 'summary'; there is one for: timelines, fates"):
        comparison.plot("summary", width="column")
    with pytest.raises(KeyError, match="fates"):
        comparison.plot("pie", width="column")
    with pytest.raises(InputError, match="'wide'"):
        write_figures(comparison, tmp_path, "wide")
    assert not list(tmp_path.iterdir())


def test_the_command_draws_one_column_and_nothing_else(comparison: Comparison, tmp_path: Path) -> None:
    comparison.save(tmp_path / "twin")

    def report(width: str) -> subprocess.CompletedProcess[str]:
        words = [sys.executable, "-m", "waterbed", "report", "twin", "--width", width]
        return subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)

    wrong = report("wide")
    assert wrong.returncode == 2 and "use one of: page, column" in wrong.stderr and "Traceback" not in wrong.stderr
    done = report("column")
    assert done.returncode == 0 and "Figures: twin/figures/column" in done.stdout, done.stderr
    assert [p.name for p in (tmp_path / "twin" / "figures").iterdir()] == ["column"]
    assert not (tmp_path / "twin" / "report.html").exists()
