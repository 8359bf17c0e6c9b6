"""The report: one offline page, the same each time, honest where nothing is identified."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import waterbed as wb
from waterbed.measures.comparison import Comparison
from waterbed.report import effects, write_report
from waterbed.report.html import headline
from waterbed.report.style import interval, number, percent


@pytest.fixture(scope="module")
def comparison() -> Comparison:
    """Two pairs of the classroom's runs."""
    return wb.compare(wb.Scenario.load("classroom"), replicates=2, seed=1)


@pytest.fixture(scope="module")
def page(comparison: Comparison, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(comparison, tmp_path_factory.mktemp("report"))


def test_the_page_loads_nothing_from_elsewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"<(?:script|link|iframe|img)\b", text)
    assert not re.findall(r"""(?:src|href|xlink:href)\s*=\s*["'](?!#|data:)[^"']+""", text)
    assert not re.findall(r"url\((?!#|data:)", text) and "@import" not in text
    assert page.stat().st_size < 3_000_000


def test_every_id_is_there_once_and_every_reference_has_its_target(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= set(ids)
    assert set(re.findall(r"url\(#([^)]+)\)", text)) <= set(ids)


def test_figures_lie_beside_the_page(page: Path) -> None:
    names = {p.name for p in (page.parent / "figures").iterdir()}
    assert names == {f"{n}.{e}" for n in ("timelines", "fates", "map", "effects") for e in ("svg", "png")}


def test_drawn_twice_the_report_is_the_same(comparison: Comparison, page: Path, tmp_path: Path) -> None:
    again = write_report(comparison, tmp_path)
    assert again.read_bytes() == page.read_bytes()


def test_what_is_not_identified_is_said_and_not_drawn(comparison: Comparison, tmp_path: Path) -> None:
    table = comparison.effects.copy()
    table[["mean", "low", "high", "run_low", "run_high"]] = float("nan")
    table["status"], table["note"] = "not identified", "the denominator is not positive"
    silent = replace(comparison, effects=table)
    assert headline(silent) == "No loss of crossings on the treated legs can be told from zero"
    assert effects.title(silent) == "No effect that is a share is identified"
    text = write_report(silent, tmp_path).read_text(encoding="utf-8")
    assert "not identified: the denominator is not positive" in text
    assert not re.search(r">\s*nan\b", text)


def test_numbers_are_written_as_in_print() -> None:
    assert number(-9437.0) == "\u22129\u202f400"
    assert number(310.0, signed=True) == "+310"
    assert number(float("nan")) == "–"
    assert percent(-0.25) == "\u221225\u202f%"
    assert interval(float("nan"), 1.0) == "no interval"
