"""Films of comparisons: a frame a fortnight, whole or not at all, with a clear word where there can be none."""

from __future__ import annotations

from pathlib import Path

import pytest

import waterbed as wb
from waterbed import InputError
from waterbed.report import animate, animation

SHORT = {"flow": 0.3, "days": 460, "burn_in": 60, "operations.surge.start": 120, "compare.fate_days": 180,
         "compare.lead_days": 60}  # fmt: skip


@pytest.fixture(scope="module")
def twin() -> wb.Comparison:
    return wb.compare(wb.Scenario.load("classroom").replace(SHORT), replicates=3, seed=2, workers=1)


@pytest.fixture(autouse=True)
def few_dots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(animation, "_DPI", 40)


def test_a_gif_has_a_frame_a_fortnight(twin: wb.Comparison, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    said: list[tuple[int, int]] = []
    path = animate(twin, tmp_path / "new" / "film.gif", fps=5, progress=lambda done, total: said.append((done, total)))
    steps = twin.legs_course["day"].nunique()
    assert said[-1] == (steps + 3, steps + 3) and [done for done, _ in said] == list(range(1, steps + 4))
    with image.open(path) as film:
        # Frames that are alike are stored once and shown longer: the last one stands still.
        assert 2 < film.n_frames <= steps
        assert film.info["duration"] == 200
    assert [p.name for p in path.parent.iterdir()] == ["film.gif"]


def test_legs_are_drawn_where_their_change_is_known(twin: wb.Comparison) -> None:
    with animation.style.context():
        film = animation._film(twin)
        still = len(film.map.lines)
        for step in range(len(film.steps)):
            film.show(step)
            changed = sum(1 for changes in film.course.values() if changes[step])
            # A leg is one line, two where it is outlined, and one more for its mark.
            assert changed <= len(film.map.lines) - still <= 3 * changed
            assert f"Days {14 * step} to {14 * step + 13}" in film.words.get_text()


@pytest.mark.parametrize(
    ("name", "fps", "fault"),
    [("film.avi", 2, "ends in '.avi'"), ("film", 2, "ends in 'nothing'"), ("film.gif", 0, "fps: is 0")],
)
def test_what_cannot_be_is_told(twin: wb.Comparison, tmp_path: Path, name: str, fps: float, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        animate(twin, tmp_path / name, fps=fps)
    assert list(tmp_path.iterdir()) == []


def test_mp4_without_ffmpeg_is_told(
    twin: wb.Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matplotlib.animation import FFMpegWriter

    monkeypatch.setattr(FFMpegWriter, "isAvailable", classmethod(lambda cls: False))
    with pytest.raises(InputError, match="needs ffmpeg"):
        animate(twin, tmp_path / "film.mp4")


def test_an_interruption_leaves_nothing(twin: wb.Comparison, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        animate(twin, tmp_path / "film.gif", progress=stop)
    assert list(tmp_path.iterdir()) == []
