"""The paper and the hand-outs can be set, and say what the committed results say."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from scripts import load

ROOT = Path(__file__).parents[1]
pytest.importorskip("typst", reason="the paper needs typst (extra: paper)")


paper = load(ROOT / "tools" / "paper.py")


def _text(path: Path) -> str:
    pypdf = pytest.importorskip("pypdf")
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def test_paper_holds_the_results(tmp_path):
    made = paper.paper(tmp_path / "waterbed.pdf")
    assert made.read_bytes()[:5] == b"%PDF-" and [p.name for p in tmp_path.iterdir()] == ["waterbed.pdf"]
    with (ROOT / "results/classroom/effects.csv").open(encoding="utf-8", newline="") as file:
        lost = next(row for row in csv.DictReader(file) if row["effect"] == "treated_crossings_lost")
    text = _text(made)
    assert f"{100 * float(lost['mean']):.0f} % ({100 * float(lost['low']):.0f} to" in text
    with (ROOT / "results/patterns/patterns.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    held = len({r["pattern"] for r in rows}) - len({r["pattern"] for r in rows if r["holds"] == "no"})
    assert f"known from the literature, {held} hold" in text


def test_captions_of_the_paper_stand_alone_and_tables_tell_interval_ends_apart(tmp_path):
    made = paper._with(paper.SOURCES / "paper.typ", tmp_path / "waterbed.pdf", "made", paper._rules())
    text = _text(made)
    about = json.loads((ROOT / "results/classroom/provenance.json").read_text("utf-8"))
    said = f"{about['replicates']} pairs of runs, with and without it, seed {about['seed']}."
    assert text.count(said) == 2 and text.count("World classroom, operation of") == 2
    seeds = json.loads((ROOT / "results/world/provenance.json").read_text("utf-8"))["seeds"]
    assert text.count(f"mean of {seeds[1] - seeds[0]} runs") == 2 and "95 % interval in brackets" in text
    assert "square root of the journeys" in text and "Simulated journeys" in text
    with (ROOT / "results/patterns/patterns.csv").open(encoding="utf-8", newline="") as file:
        rows = {r["quantity"]: r for r in csv.DictReader(file)}
    fee, deaths = rows["elasticity of the fee"], rows["deaths per 1,000 crossings"]
    assert f"{float(fee['low']):.4f} to {float(fee['high']):.4f}" in text
    assert f"deaths per 1,000 crossings {float(deaths['estimate']):.2f} {float(deaths['low']):.2f} to" in text
    table = text[text.index("Table 1: Quantities by which") : text.index("From 10 November 2025")]
    assert not [unit for unit in ("(1/1000)", "(1)", "(share)", "(leg)") if unit in table]


def test_a_sheet_has_no_page_for_one_question_alone(tmp_path):
    pypdf = pytest.importorskip("pypdf")
    lessons = paper._lessons()
    for length, pages in ((45, 2), (90, 4)):
        sheet = paper._lesson(lessons, length, answers=False)
        made = paper._with(paper.SOURCES / "sheet.typ", tmp_path / "sheet.pdf", "lesson", sheet)
        found = [page.extract_text().count("What happened, and why") for page in pypdf.PdfReader(made).pages]
        assert len(found) == pages and sum(found) == len(sheet["steps"]) and 1 not in found


def test_paper_tells_of_liberterra_and_of_the_record_with_intervals(tmp_path):
    def rows(name):
        with (ROOT / "results" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    text = _text(paper.paper(tmp_path / "waterbed.pdf"))
    once = next(r for r in rows("liberterra_story/worlds.csv") if r["outcome"] == "crossings")
    low, high = (f"\u2212{-100 * float(once[end]):.0f}" for end in ("value_low", "value_high"))
    assert f"({low} to {high} %)" in text
    found = next(r for r in rows("liberterra_prediction/prediction.csv") if r["row"] == "investigations_opened")
    assert f"{float(found['median']):.0f} ({float(found['low']):.0f} to" in text
    skill = next(r for r in rows("validation/southwest/scores.csv") if r["horizon"] == "5" and r["low"])
    low, high = (f"{float(skill[end]):.2f}".replace("-", "\u2212") for end in ("low", "high"))
    assert f"{float(skill['skill']):.2f} ({low} to {high})" in text
    verdicts = {r["fact"]: r["verdict"] for r in rows("validation/facts.csv")}
    assert f"Of {len(verdicts)} testable facts of the literature {list(verdicts.values()).count('holds')} hold" in text


def test_hand_out_has_the_questions_and_no_answers():
    lessons = paper._lessons()
    sheet = paper._lesson(lessons, 45, answers=False)
    assert len(sheet["steps"]) == len(lessons.LESSONS[45])
    assert not any("expected" in step or "said" in step for step in sheet["steps"])
    for figure, caption in sheet["figures"]:
        assert (ROOT / figure.lstrip("/")).is_file() and caption


def test_a_lesson_takes_its_time_from_the_first_minute_to_the_last():
    lessons = paper._lessons()
    for length in lessons.LESSONS:
        sheet = paper._lesson(lessons, length, answers=False)
        starts = [step["start"] for step in sheet["steps"]]
        ends = [step["start"] + step["minutes"] for step in sheet["steps"]]
        assert starts == [sheet["begin"], *ends[:-1]] and ends[-1] == sheet["end"] < length
