"""The report: one offline page, the same each time, honest where nothing is identified."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import waterbed as wb
from waterbed.measures.comparison import Comparison
from waterbed.measures.operation import REPORTED_PER_VICTIM
from waterbed.report import (
    captions,
    courses,
    effects,
    evaluators,
    fates,
    operation,
    style,
    summary,
    timelines,
    webmap,
    write_report,
)
from waterbed.report import map as map_figure
from waterbed.report import tables as report_tables
from waterbed.report.html import FIGURES, INLINE
from waterbed.report.page import page as write_page
from waterbed.report.story import cards, headline, sentences
from waterbed.report.style import (
    context,
    extent,
    interval,
    number,
    percent,
    plural,
    span,
    tick,
    whole,
    wrap,
)

TITLED = (timelines, courses, fates, map_figure, effects, evaluators, operation, summary)


@pytest.fixture(scope="module")
def page(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(comparison, tmp_path_factory.mktemp("report"))


def silent(comparison: Comparison) -> Comparison:
    """A comparison of which nothing is identified."""
    table = comparison.effects.copy()
    table[["mean", "low", "high", "run_low", "run_high"]] = float("nan")
    table["status"], table["note"] = "not identified", "the denominator is not positive"
    legs = comparison.legs.assign(low=float("nan"), high=float("nan"))
    runs = comparison.runs.assign(numerator=0.0)
    return replace(comparison, effects=table, legs=legs, runs=runs)


class Reader(HTMLParser):
    """Tags that are open, and what a valid page may not have."""

    VOID = ("meta", "link", "br", "input")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.faults: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        if len(names) != len(set(names)):
            self.faults.append(f"<{tag}> has an attribute twice: {names}")
        self.seen.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")


def read(page: Path) -> Reader:
    reader = Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return reader


def test_the_page_loads_nothing_from_elsewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:iframe|img|object|embed)\b", text)
    assert not re.findall(r"<script[^>]+src=", text)
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#|data:)[^"']+""", text)
    assert not re.findall(r"url\((?!#|data:)", text) and "@import" not in text
    assert not [a for a in re.findall(r"https?://[^\s\"'<>]+", text) if not a.startswith("http://www.w3.org/")]
    assert page.stat().st_size < 3_000_000


def test_every_tag_is_closed_and_every_id_there_once(page: Path) -> None:
    reader = read(page)
    assert not reader.faults and not reader.open
    ids = [a["id"] for _, a in reader.seen if "id" in a]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a in reader.seen if (a.get("href") or "").startswith("#")}
    targets |= {a[k] for _, a in reader.seen for k in ("for", "aria-labelledby", "aria-describedby") if a.get(k)}
    text = page.read_text(encoding="utf-8")
    assert targets | set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_the_page_serves_keyboard_and_screen_reader(page: Path) -> None:
    seen = read(page).seen
    assert ("a", {"class": "skip", "href": "#main"}) in seen
    assert all(a.get("scope") in ("col", "row") for tag, a in seen if tag == "th")
    tables, captions = (sum(tag == name for tag, _ in seen) for name in ("table", "caption"))
    assert tables == captions > 5
    figures = [a for tag, a in seen if tag == "figure" and a.get("id") != "live-map"]
    assert len(figures) == len(INLINE) and all(len(a["aria-label"] or "") > 30 for a in figures)
    for tag, a in seen:
        if tag == "svg":
            assert a.get("aria-hidden") == "true" or a.get("aria-label")
    assert [tag for tag, _ in seen].count("h1") == 1
    css = re.search(r"<style>(.*?)</style>", page.read_text(encoding="utf-8"), re.S)
    assert css and ":focus-visible" in css[1] and "prefers-color-scheme:dark" in css[1] and "@media print" in css[1]


def test_figures_lie_beside_the_page(page: Path) -> None:
    names = {p.name for p in (page.parent / "figures").iterdir()}
    assert names == {f"{n}.{e}" for n in FIGURES for e in ("svg", "png")} | {"summary.pdf"}


def test_drawn_twice_the_report_is_the_same(comparison: Comparison, page: Path, tmp_path: Path) -> None:
    again = write_report(comparison, tmp_path, workers=2)
    assert again.read_bytes() == page.read_bytes()
    for name in sorted(p.name for p in (page.parent / "figures").iterdir()):
        assert (tmp_path / "figures" / name).read_bytes() == (page.parent / "figures" / name).read_bytes()


def test_results_without_the_course_by_leg_still_make_a_report(comparison: Comparison, tmp_path: Path) -> None:
    comparison.save(tmp_path)
    (tmp_path / "legs_course.parquet").unlink()
    old = Comparison.load(tmp_path)
    with context():
        text = write_page(old, dict.fromkeys(INLINE, "") | {webmap.NAME: webmap.render(old, "")})
    assert "map-day" not in text and 'class="leg ' in text


def test_what_is_not_identified_is_said_and_not_drawn(comparison: Comparison, tmp_path: Path) -> None:
    found = silent(comparison)
    assert headline(found) == "No loss of crossings on the treated legs can be told from zero"
    assert timelines.title(found) == "No change of flow on the treated legs can be told from zero"
    assert effects.title(found) == "No change of crossings on the treated legs can be told from zero"
    assert map_figure.title(found) == "On no leg can a change of flow be told from zero"
    assert evaluators.title(found) == "A field evaluator would have nothing to say on this measure"
    assert all(card.why for card in cards(found))
    text = write_report(found, tmp_path).read_text(encoding="utf-8")
    assert "not identified: the denominator is not positive" in text
    assert not re.search(r">\s*nan\b", text)


def test_an_operation_of_nobody_changes_nothing_and_says_so(nobody: Comparison, tmp_path: Path) -> None:
    assert headline(nobody) == "No loss of crossings on the treated legs can be told from zero"
    assert fates.title(nobody) == "The same people met the same fates in both worlds"
    assert map_figure.title(nobody) == "On no leg can a change of flow be told from zero"
    assert operation.title(nobody) == "The operation would have nothing to report"
    assert courses.title(nobody) == "Neither recruitment nor departures nor arrivals fell in three quarters of the runs"
    assert [card.why for card in cards(nobody)].count("no change in any run") == 3
    text = write_report(nobody, tmp_path).read_text(encoding="utf-8")
    assert "no change in any run" in text and "0\u202f% (0 to 0)" not in text


def test_one_pair_has_no_interval_and_says_so(tmp_path: Path) -> None:
    alone = wb.compare(wb.Scenario.load("classroom"), replicates=1, seed=1)
    assert headline(alone) == "No loss of crossings on the treated legs can be told from zero"
    assert all(title.title(alone) for title in TITLED)
    text = write_report(alone, tmp_path).read_text(encoding="utf-8")
    assert "1 pair of runs" in text and "one run: no interval" in text and not re.search(r">\s*nan\b", text)


def test_the_operations_title_counts_what_was_published(comparison: Comparison) -> None:
    table = comparison.operation.copy()
    table["published"] = [5.0, 9.0, 5.0, 5.0, 5.0, 200.0, 11.0]
    table["low"], table["high"] = [4.0, 4.0, 4.0, 6.0, 6.0, 200.0, 11.0], [7.0, 7.0, 7.0, 7.0, 7.0, 200.0, 11.0]
    told = replace(comparison, operation=table)
    assert operation.title(told) == (
        "1 of the 3 outcomes published like for like lies within 90\u202f% of runs at one set of parameters"
    )
    table["low"] = 6.0
    assert operation.title(told).startswith("None of the 3 outcomes published like for like lies")


def test_unlike_things_do_not_stand_beside_each_other_unsaid(comparison: Comparison) -> None:
    """All arrests have no simulated number; victims, who have one, say what lies between it and the published."""
    told = replace(comparison, operation=comparison.operation.assign(published=7.0))
    assert "arrests" not in {r.row for r in operation.rows(told)}
    text = report_tables.operation(told)
    every = re.search(r"Arrests of all kinds</th>(.*?)</tr>", text)
    assert every and every[1].count("–") == 3
    factor = f"before the reporting factor of about {REPORTED_PER_VICTIM}"
    assert f"Potential victims protected (simulated: {factor})" in text
    alone = report_tables.operation(comparison)
    assert "of all kinds" not in alone and "reporting factor" not in alone


def test_names_in_the_summary_keep_to_their_rows(comparison: Comparison) -> None:
    told = replace(comparison, operation=comparison.operation.assign(published=7.0))
    with context():
        fig = style.figure(90, 60)
        operation.panel(fig, 2, 2, 84, 30, told, size=6.8)
    names = [t for t in fig.texts if t.get_fontweight() == "bold" and t.get_color() == style.INK]
    assert [t.get_text() for t in names] == ["Arrests", "Potential victims", "Migrants detected", "New investigations"]
    assert "before the reporting factor" in operation.about(told) and "factor" not in operation.about(comparison)


def test_naive_forecasts_stand_beside_published_operations_alone(comparison: Comparison) -> None:
    assert comparison.operation["naive"].notna().any() and not operation.published(comparison)
    alone = report_tables.operation(comparison)
    assert "Naive" not in alone and "Published" not in alone and "prediction.md" not in alone
    assert all(r.naive != r.naive for r in operation.rows(comparison))
    told = replace(comparison, operation=comparison.operation.assign(published=7.0))
    beside = report_tables.operation(told)
    assert "Naive forecast" in beside and "Published" in beside
    assert all(r.naive > 0 for r in operation.rows(told))
    assert "prediction.md" in captions.caption(told, "operation")
    assert "prediction.md" not in captions.caption(comparison, "operation")


def test_captions_stand_alone(comparison: Comparison, page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for figure in INLINE:
        said = captions.caption(comparison, figure)
        assert said.startswith("Scenario classroom, operation surge: 3 pairs of runs, with and without. ")
        assert "Unit: " in said and "90\u202f%" in said and f"<figcaption>{escape(said)}</figcaption>" in text
    assert "Scenario classroom, operation surge: 3 pairs of runs" in webmap.caption(comparison)
    single = replace(comparison, provenance=comparison.provenance | {"replicates": 1})
    assert "one pair has neither bands nor intervals" in captions.about(single)


def test_every_sentence_of_the_summary_is_whole(comparison: Comparison, nobody: Comparison) -> None:
    for found in (comparison, nobody, silent(comparison)):
        for word, sentence in sentences(found):
            assert word.endswith(".") and sentence.endswith(".") and "nan" not in sentence, sentence


def test_numbers_are_written_as_in_print() -> None:
    assert number(-9437.0) == "\u22129\u202f400"
    assert number(310.0, signed=True) == "+310"
    assert number(96.0, 3) == "96" and number(9.99, 2) == "10" and number(0.0312) == "0.031"
    assert number(float("nan")) == "–"
    assert number(3.98) == number(4.0) == number(4.02) == "4" and percent(0.0398) == percent(0.04)
    assert span(-0.0602, -0.018, share=True) == "\u22126 to \u22121.8\u202f%"
    assert percent(-0.25) == "\u221225\u202f%"
    assert interval(float("nan"), 1.0) == "no interval"
    assert span(-0.851, 0.0039, signed=True) == "\u22120.85 to +0.004"
    assert span(-0.34, -0.047, share=True) == "\u221234 to \u22124.7\u202f%"
    assert [plural(n, "day") for n in (1.0, 12.0)] == ["1 day", "12 days"]
    assert whole(12992.0) == "12\u202f992" and tick(-1000.0) == "\u22121\u202f000" and tick(2.5, signed=True) == "+2.5"


def test_lines_are_broken_to_fit() -> None:
    lines = wrap("a rather long title that has to go over several lines of print", 120.0, 10.0, "bold")
    assert len(lines) > 1 and all(extent(line, 10.0, "bold")[0] <= 120.0 for line in lines)
    assert " ".join(lines) == "a rather long title that has to go over several lines of print"


def test_a_comparison_draws_its_own_figures(comparison: Comparison) -> None:
    assert comparison.plot_effects().get_figwidth() > 0
    assert comparison.plot_map().axes
    with pytest.raises(KeyError, match="fates"):
        comparison.plot("pie")


def test_many_operations_are_told_together():
    from types import SimpleNamespace

    from waterbed.report import story

    many = {f"o{i}": {"officers": 10 + i, "days": 5, "countries": []} for i in range(9)}
    rows = [(f"o{i}", row, float(i)) for i in range(9) for row in ("arrests_trafficking_smuggling", "officers")]
    table = pd.DataFrame(rows, columns=["operation", "row", "mean"]).assign(published=np.nan, naive=1.0)
    about = {"scenario": {"operations": many, "policies": {}}}
    told = SimpleNamespace(provenance=about, operation=table)
    assert story.done(told) == "9 operations of 10 to 18 officers, 45 days in all"
    assert {r.operation for r in operation.rows(told)} == {"o8"}
    few = SimpleNamespace(provenance=about, operation=table[table["operation"].isin(["o1", "o2"])])
    assert [r.operation for r in operation.rows(few)] == ["o1", "o2"]
