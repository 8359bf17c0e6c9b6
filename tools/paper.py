"""Build the short paper and the hand-outs of the course as PDF, from the committed results.

    python tools/paper.py [FOLDER]      # by default build/paper

Typst sets them; its compiler comes with the package ``typst`` (extra: paper), so no TeX is needed. The paper's numbers
are read from results/ by its own source, docs/paper/paper.typ; the hand-outs' answers are computed here.
"""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "docs" / "paper"
FONTS = ROOT / "src" / "waterbed" / "report" / "fonts"
_SHOWN = ("title", "minutes", "do", "question", "options", "pattern", "talk")
FIGURES = {45: ("timelines", "fates"), 90: ("timelines", "fates", "evaluators")}


def build(folder: Path) -> list[Path]:
    """Write all PDFs into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [_set(SOURCES / "paper.typ", folder / "waterbed.pdf")]
    lessons = _lessons()
    for length in lessons.LESSONS:
        for answers, name in ((False, "handout"), (True, "answers")):
            # Typst reads only what lies under its root.
            data = folder / f".{name}-{length}.json"
            data.write_text(json.dumps(_lesson(lessons, length, answers), ensure_ascii=False), "utf-8")
            made.append(_set(SOURCES / "sheet.typ", folder / f"{name}-{length}.pdf", data))
            data.unlink()
    return made


def _set(source: Path, target: Path, data: Path | None = None) -> Path:
    """Compile a source; figures, tables and data are named from the repository's root."""
    import typst

    inputs = {} if data is None else {"lesson": "/" + data.resolve().relative_to(ROOT).as_posix()}
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(typst.compile(source, root=ROOT, font_paths=[FONTS], sys_inputs=inputs))
    part.replace(target)
    return target


def _lessons() -> ModuleType:
    """The module docs/course/lessons.py."""
    sys.path.insert(0, str(ROOT / "docs" / "course"))
    return import_module("lessons")


def _lesson(lessons: ModuleType, length: int, answers: bool) -> dict[str, Any]:
    """A lesson as the sheet needs it; answers are computed only for the teacher."""
    steps = []
    for key in lessons.LESSONS[length]:
        step = lessons.STEPS[key]
        shown = {name: getattr(step, name) for name in _SHOWN}
        # One star is emphasis to the pages' Markdown; to Typst, it is strong.
        shown["do"] = shown["do"].replace("*", "_")
        if answers:
            which, said = lessons.answer(step)
            shown |= {"expected": f"{step.options[which]}.", "said": said}
        steps.append(shown)
    return {
        "title": f"Push down here: a lesson of {length} minutes", "answers": answers, "steps": steps,
        "rest": lessons.rest(length), "pairs": lessons.PAIRS,
        "figures": [f"/results/classroom/figures/{name}.png" for name in FIGURES[length]],
    }  # fmt: skip


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build" / "paper"):
        print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
