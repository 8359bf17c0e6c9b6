"""The site: its generated parts hold what the code has, every effect is defined, and nothing comes from outside."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

import waterbed as wb
from scripts import load
from waterbed.scenario import addresses

ROOT = Path(__file__).parents[1]
SITE = ROOT / "build" / "docs"


reference = load(ROOT / "docs" / "generate_reference.py")


def test_parameter_pages_hold_every_address():
    page = reference.parameters()
    scenario = wb.Scenario.load("classroom")
    for address in addresses(scenario):
        generic = re.sub(r"^(operations|policies)\.[^.]+", r"\1.NAME", address)
        assert f"| `{generic}` |" in page, address


def test_command_page_holds_every_command_and_option():
    page = reference.cli()
    for command in ("demo", "scenario", "check", "run", "compare", "study", "report", "app"):
        assert f"## {command}\n" in page
    assert "`--replicates" in page and "`--set PATH=VALUE`" in page


def test_every_kept_figure_is_in_the_gallery():
    page = reference.figures()
    for picture in (ROOT / "results").rglob("*.png"):
        assert str(picture.relative_to(ROOT)) in page


def test_every_row_of_the_bundled_worlds_has_a_basis():
    rows = [line.split("|")[1:-1] for line in reference.sources().splitlines()[2:]]
    assert rows
    for name, total, *parts in rows:
        numbers = [int(n.replace(",", "")) for n in (total, *parts)]
        assert numbers[0] == sum(numbers[1:]), name


def test_every_effect_is_defined_on_the_page_of_measures():
    twin = wb.compare(wb.Scenario.load("classroom").replace({"flow": 0.1}), replicates=2, workers=1)
    text = (ROOT / "docs" / "explanation" / "measures.md").read_text("utf-8")
    missing = []
    for effect in sorted(set(twin.effects["effect"])):
        stem = re.sub(r"_(truth|bias|error|coverage)$", "", effect)
        if f"`{effect}`" not in text and f"`{stem}`" not in text:
            missing.append(effect)
    assert missing == []


@pytest.mark.parametrize("length", [45, 90])
def test_lessons_fit_their_time(length):
    lessons = load(ROOT / "docs" / "course" / "lessons.py")
    assert 5 <= lessons.rest(length) <= length / 3
    sheet = lessons.sheet(length, answers=False)
    assert sheet.count("minutes)") == len(lessons.LESSONS[length]) and "Expected" not in sheet


def test_the_built_site_fetches_nothing():
    if not SITE.is_dir():
        pytest.skip("the site is not built; run: make docs")
    pattern = re.compile(r"<(?:script|link|img|iframe)[^>]*?(?:src|href)=\"(https?:)?//[^\"]*\"[^>]*>")
    for page in SITE.rglob("*.html"):
        outside = [m[0] for m in pattern.finditer(page.read_text("utf-8")) if 'rel="canonical"' not in m[0]]
        assert outside == [], page.name
    for sheet in SITE.rglob("*.css"):
        assert not re.search(r"(@import|url\()\s*[\"']?https?:", sheet.read_text("utf-8", errors="replace")), sheet.name


def test_the_built_site_has_no_broken_link_and_no_empty_menu():
    if not SITE.is_dir():
        pytest.skip("the site is not built; run: make docs")
    pages = {page: page.read_text("utf-8") for page in SITE.rglob("*.html") if "_static" not in page.parts}
    anchors = {page: set(re.findall(r"\bid=\"([^\"]+)\"", text)) for page, text in pages.items()}
    broken = []
    for page, text in pages.items():
        for link in re.findall(r"<a [^>]*?href=\"([^\"]+)\"", text):
            where, _, anchor = unquote(unescape(link)).partition("#")
            if re.match(r"[a-z]+:", where):
                continue
            target = (page.parent / where).resolve() if where else page
            if not target.exists() or (anchor and target in anchors and anchor not in anchors[target]):
                broken.append(f"{page.name}: {link}")
        menu = re.search(r"<nav class=\"bd-docs-nav.*?</nav>", text, re.DOTALL)
        assert menu is None or "<li" in menu[0], f"{page.name}: its section menu is empty"
    assert broken == []
