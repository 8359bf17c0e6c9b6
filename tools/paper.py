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
RESULTS = ROOT / "results" / "classroom"
FONTS = ROOT / "src" / "waterbed" / "report" / "fonts"
_SHOWN = ("title", "minutes", "do", "question", "options", "talk")
FIGURES = {45: ("timelines", "fates"), 90: ("timelines", "evaluators", "fates")}
"""Figures of a hand-out, in the order that fills its pages."""
CAPTIONS = {
    "timelines": "Questions 1 and 2: crossings a day in both worlds, and their difference. Bands hold half and 90 % of "
    "the runs: that is question 3.",
    "fates": "Question 2: what became of the same people. Left, all of them; right, those alone whose fate changed.",
    "evaluators": "Question 8: what an evaluator without a second world would have said, beside the truth.",
}


def build(folder: Path) -> list[Path]:
    """Write all PDFs into a folder; returns their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [paper(folder / "waterbed.pdf")]
    lessons = _lessons()
    for length in lessons.LESSONS:
        for answers, name in ((False, "handout"), (True, "answers")):
            target = folder / f"{name}-{length}.pdf"
            made.append(_with(SOURCES / "sheet.typ", target, "lesson", _lesson(lessons, length, answers)))
    return made


def paper(target: Path) -> Path:
    """The short paper alone."""
    return _with(SOURCES / "paper.typ", target, "made", _rules())


def _with(source: Path, target: Path, name: str, content: Any) -> Path:
    """Compile a source with some data; figures and tables are named from the repository's root."""
    import typst

    # Typst reads only what lies under its root, which the target may not: so the data itself is handed over.
    inputs = {name: json.dumps(content, ensure_ascii=False)}
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(typst.compile(source, root=ROOT, font_paths=[FONTS], sys_inputs=inputs))
    part.replace(target)
    return target


def _rules() -> dict[str, Any]:
    """The version of the rules as they are, and those under which the committed results were run."""
    from waterbed.engine.compiled import version

    by: dict[str, list[str]] = {}
    for path in sorted((ROOT / "results").rglob("*.json")):
        content = json.loads(path.read_text("utf-8"))
        if isinstance(content, dict) and "model_version" in content:
            where = path.parent if path.name == "provenance.json" else path.with_suffix("")
            rules = str(content["model_version"]).partition("-")[0]
            by.setdefault(rules, []).append(where.relative_to(ROOT / "results").as_posix().replace("_", " "))
    if others := sorted(set(by) - {version()}):
        print(f"Results of other rules than the present {version()}: " + "; ".join(
            f"{rules}: {', '.join(by[rules])}" for rules in others), file=sys.stderr)  # fmt: skip
    return {"rules": version(), "of": sorted(by.items())}


def _lessons() -> ModuleType:
    """The module docs/course/lessons.py."""
    sys.path.insert(0, str(ROOT / "docs" / "course"))
    return import_module("lessons")


def _lesson(lessons: ModuleType, length: int, answers: bool) -> dict[str, Any]:
    """A lesson as the sheet needs it; answers are computed only for the teacher."""
    steps, times = [], lessons.clock(length)
    with (RESULTS / "provenance.json").open(encoding="utf-8") as file:
        replicates = json.load(file)["replicates"]
    for key, start in zip(lessons.LESSONS[length], times, strict=False):
        step = lessons.STEPS[key]
        shown = {name: getattr(step, name) for name in _SHOWN}
        shown["start"] = start
        if answers:
            which, said = lessons.answer(step)
            shown |= {"expected": f"{lessons.expected(step, which)}.", "said": said, "pattern": lessons.pattern(step)}
        steps.append(shown)
    return {
        "title": f"Push down here: a lesson of {length} minutes", "answers": answers, "steps": steps,
        "opening": lessons.OPENING, "closing": lessons.CLOSING, "begin": times[0], "end": times[-1], "length": length,
        "pairs": lessons.PAIRS, "figure_pairs": replicates,
        "figures": [[f"/{(RESULTS / 'figures' / name).relative_to(ROOT).as_posix()}.png", CAPTIONS[name]]
                    for name in FIGURES[length]],
    }  # fmt: skip


if __name__ == "__main__":
    for path in build(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else ROOT / "build" / "paper"):
        print(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)
