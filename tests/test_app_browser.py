"""The app in a real browser: what a teacher and a student do with it, and what must not happen meanwhile."""

from __future__ import annotations

import csv
import io
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from pages import Page, Served, link

pytestmark = pytest.mark.slow


def test_load_play_change_compare_export(browser: Any, served: Served, tmp_path: Path) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    assert p.inner_text("#play") == "Play"
    page.accessible()

    p.select_option("#speed", "16")
    p.click("#play")
    page.until("waterbed.state.day > 75")
    assert "travelling" in p.inner_text("#map-with .count")
    p.click("#play")
    day = p.evaluate("waterbed.state.day")
    p.click("#step")
    assert p.evaluate("waterbed.state.day") == int(day) + 1

    p.click("#tab-settings")
    page.accessible()
    before = p.evaluate("waterbed.state.run")
    p.fill("[id='c-operations.surge.officers']", "400")
    p.press("[id='c-operations.surge.officers']", "Enter")
    page.until(f"waterbed.state.run > {before} && waterbed.state.months.size > 0")
    assert p.evaluate("waterbed.state.changes['operations.surge.officers']") == 400
    assert p.evaluate("waterbed.state.before !== null"), "the setting before is kept to be drawn dotted"

    p.click("#tab-fates")
    p.evaluate("waterbed.goTo(waterbed.state.ready.first + 31)")
    page.until("!!document.querySelector('.alluvial')")
    page.accessible()
    p.click("#tab-person")
    p.click("text=Show anybody")
    page.until("waterbed.state.person !== null")
    assert "Person" in p.inner_text("#panel-person")
    page.accessible()

    p.click("#tab-compare")
    p.select_option("#pairs", "5")
    p.click("#compare")
    page.until("!!waterbed.state.compare.results", 120)
    assert "Crossings lost where the officers were" in p.inner_text("#panel-compare")
    page.accessible()

    p.click("#export")
    page.accessible()
    saved = {}
    for name in ("toml", "timelines", "effects", "picture"):
        with p.expect_download() as caught:
            p.click(f"#export-{name}")
        saved[name] = tmp_path / caught.value.suggested_filename
        caught.value.save_as(saved[name])
    assert tomllib.loads(saved["toml"].read_text())["operations"]["surge"]["officers"] == 400
    rows = list(csv.DictReader(io.StringIO(saved["timelines"].read_text())))
    assert {r["series"] for r in rows} >= {"treated", "arrivals", "route:West"}
    assert "treated_crossings_lost" in saved["effects"].read_text()
    assert saved["picture"].read_bytes()[:4] == b"\x89PNG"
    p.click("#dialog-close")
    p.click("#tab-legend")
    page.accessible()
    page.close()


def test_a_refused_setting_is_told_where_it_was_entered_and_changes_nothing(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    p.click("#tab-settings")
    officers = "[id='c-operations.surge.officers']"
    shown = "[waterbed.state.run, waterbed.state.months.size, JSON.stringify(waterbed.state.changes)]"
    page.until("waterbed.state.asked.size === 0")  # months that were asked for have come
    before = p.evaluate(shown)
    for typed, said in (("-5", "has to be at least 0"), ("1.5", "whole number"), ("99999999999", "has to be at most")):
        p.fill(officers, typed)
        p.press(officers, "Enter")
        page.until(f"document.querySelector('#banner').innerText.includes({said!r})")
        assert "officers: is " + typed in p.inner_text("#banner") and "Nothing was changed" in p.inner_text("#banner")
        assert said in p.inner_text(".control.refused .fault")
        assert p.input_value(officers) == typed and p.get_attribute(officers, "aria-invalid") == "true"
    page.accessible()
    assert before == p.evaluate(shown)
    day = p.evaluate("waterbed.state.day")
    p.click("#step")
    assert p.evaluate("waterbed.state.day") == int(day) + 1, "the run before goes on"
    p.click("#share")
    assert "officers" not in p.input_value("#dialog textarea")
    p.click("#dialog-close")
    p.click("#banner-act")
    assert p.input_value(officers) == "200" and not p.is_visible("#banner") and not p.is_visible(".refused")

    p.click("#tab-person")
    p.click("#person-any")
    assert "Person" in p.inner_text("#panel-person")
    p.evaluate("""() => {
        const count = document.querySelector("#map-with .count");
        window.told = [];
        new MutationObserver(() => told.push(count.textContent)).observe(count, { childList: true });
    }""")
    p.fill(officers, "30000")
    p.press(officers, "Enter")
    page.until("waterbed.state.changes['operations.surge.officers'] === 30000")
    assert "Person" not in p.inner_text("#panel-person"), "nothing is left of the setting before"
    page.until("waterbed.state.months.size > 0 && told.length > 1")
    assert p.evaluate("told[0]").startswith("loading")
    assert "Outside the plausible range, 0 to 20\u202f000" in p.inner_text("#panel-settings")
    for seed in ("-3", "1.5"):
        p.fill("#seed", seed)
        p.press("#seed", "Enter")
        page.until(f"document.querySelector('#banner').innerText.includes('seed: is {seed}')")
        assert p.input_value("#seed") == "1" and p.evaluate("waterbed.state.seed") == 1
    p.fill("#seed", "7")
    p.press("#seed", "Enter")
    page.until("waterbed.state.seed === 7 && waterbed.state.months.size > 0")
    assert not p.is_visible("#banner")
    # Refused while another one, asked for just before, is being taken: whichever is shown goes on.
    for typed in ("100", "-5"):
        p.fill(officers, typed)
        p.press(officers, "Enter")
    page.until("document.querySelector('#banner').innerText.includes('at least 0') && !!waterbed.state.ready")
    p.evaluate("waterbed.goTo(waterbed.state.ready.first + 70)")
    page.until("waterbed.state.months.has(2)")
    p.click("#banner-act")
    assert p.input_value(officers) == str(p.evaluate("waterbed.state.changes['operations.surge.officers']"))
    page.close()


def test_the_keyboard_alone_suffices(browser: Any, served: Served) -> None:
    """The whole main job, with no pointer; nothing that is drawn anew lets go of the keyboard."""
    page = Page(browser, served.url, link())
    p, press = page.page, page.page.keyboard.press
    page.ready()
    run = "waterbed.state.run"

    def held() -> str:
        name: str = p.evaluate("document.activeElement.id || document.activeElement.className")
        return name

    def reach(name: str, key: str = "Tab") -> None:
        seen = []
        while held() != name:
            assert len(seen) < 90, f"{name} is not reached: {seen}"
            press(key)
            seen.append(held())
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert p.evaluate(outline) == "solid", f"{held()} does not show that it has the keyboard"

    def then_runs(key: str) -> None:
        before = p.evaluate(run)
        press(key)
        page.until(f"{run} > {before} && waterbed.state.months.size > 0")

    press("Tab")
    press("Enter")
    assert held() == "play"
    press("Enter")
    page.until("waterbed.state.playing")
    press("Space")
    assert not p.evaluate("waterbed.state.playing")
    reach("layers", "Shift+Tab")
    press("+")
    assert p.evaluate("waterbed.geometry.view.k") > 1
    press("0")
    assert p.evaluate("waterbed.geometry.view.k") == 1
    reach("chart-1")
    press("ArrowDown")
    assert p.input_value("#chart-1") == "others"

    reach("tab-tasks", "Shift+Tab")
    press("ArrowRight")
    reach("c-operations.surge.officers-slider")
    then_runs("ArrowRight")
    assert p.evaluate("waterbed.state.changes['operations.surge.officers']") > 200, "a key goes to the next value"
    assert held() == "c-operations.surge.officers-slider"
    reach("c-operations.surge.target.routes-East")
    then_runs("Space")
    assert held() == "c-operations.surge.target.routes-East"

    reach("tab-timelines")
    press("ArrowRight")
    press("ArrowRight")
    reach("person-any")
    press("Enter")
    assert p.evaluate("waterbed.state.person") is not None and held() == "person-any"
    reach("tab-person", "Shift+Tab")
    press("ArrowRight")
    reach("pairs")
    for _ in range(2):
        press("ArrowUp")
    reach("compare", "Shift+Tab")
    press("Enter")
    page.until("!!waterbed.state.compare.results", 120)
    assert held() == "compare"

    reach("export", "Shift+Tab")
    press("Enter")
    reach("export-effects")
    with p.expect_download():
        press("Enter")
    press("Escape")
    assert held() == "export"
    reach("tab-settings")
    press("ArrowLeft")
    reach("name-none")
    press("Enter")
    reach("guess-none-0")
    press("ArrowDown")
    reach("run-none")
    then_runs("Enter")
    assert held() == "run-none" and p.evaluate("waterbed.state.compare.results") is None
    reach("check-none")
    press("Enter")
    page.until("!!document.querySelector('#task-none .answer')", 200)
    assert held() == "check-none"
    page.close()


def test_reduced_motion_goes_from_day_to_day(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link(), reduced_motion="reduce")
    p = page.page
    page.ready()
    p.click("#play")
    days = set()
    for _ in range(30):
        days.add(p.evaluate("waterbed.state.day"))
        time.sleep(0.1)
    assert len(days) > 1 and all(day == int(day) for day in days)
    page.close()


def test_a_lost_server_says_so_and_the_page_goes_on(browser: Any, started: list[Served]) -> None:
    served = Served()
    started.append(served)
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    p.evaluate("waterbed.goTo(40)")
    served.process.kill()
    page.until("!document.querySelector('#banner').hidden", 20)
    assert "does not answer" in p.inner_text("#banner") and "waterbed app" in p.inner_text("#banner")
    p.click("#step")
    assert p.evaluate("waterbed.state.day") == 41, "what is there can still be looked at"
    served.process.wait()
    again = Served(served.port)
    started.append(again)
    page.until("document.querySelector('#banner').hidden", 40)
    p.evaluate("waterbed.goTo(waterbed.state.ready.first + 100)")
    page.until("waterbed.state.months.has(3)")
    assert p.evaluate("waterbed.state.day") == 130
    p.select_option("#speed", "16")
    p.click("#play")
    again.process.kill()
    page.until("!document.querySelector('#banner').hidden && !waterbed.state.months.has(6)", 20)
    again.process.wait()
    again = Served(served.port)
    started.append(again)
    page.until("waterbed.state.day > 225", 60)  # months that nobody had when it was lost: the play goes on by itself
    assert p.evaluate("waterbed.state.playing")
    page.wrong = [w for w in page.wrong if "WebSocket" not in w]  # the browser's own word for a server that is gone
    page.close()
    assert again.end() == 0


def test_a_faulty_link_is_refused_and_can_be_mended(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link(**{"flow": "1000", "operations.surge.cooperation": "0.5"}))
    page.until("!document.querySelector('#banner').hidden", 30)
    assert "lower flow" in page.page.inner_text("#banner")
    page.close()
    page = Page(browser, served.url, link(**{"operations.surge.oficers": "3"}))
    page.until("document.querySelector('#banner').innerText.includes('did you mean')", 30)
    page.close()


def test_a_link_put_over_an_open_page_is_followed(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, "/")
    page.ready()
    with page.page.expect_event("load"):
        page.page.evaluate("location.hash = 's=classroom&n=7'")
    page.ready()
    assert page.page.input_value("#seed") == "7"
    page.close()


@pytest.mark.parametrize("seed", ["-4", "abc"])
@pytest.mark.parametrize("late", [True, False])
def test_a_link_with_a_faulty_seed_is_refused_whatever_comes_first(
    browser: Any, served: Served, seed: str, late: bool
) -> None:
    """The world of the first view may come after the refusal: it does not take its place."""
    page = Page(browser, served.url, f"/#s=classroom&n={seed}", late="**/world.json" if late else "")
    p = page.page
    page.until("document.querySelector('#banner').innerText.includes('seed: is')", 30)
    for request in page.late:
        request.continue_()
    page.until("!!waterbed.state.world && document.querySelector('#map-with .count').innerText === 'nothing runs'")
    assert seed in p.inner_text("#banner") and p.is_disabled("#play")
    p.click("#banner-act")
    page.ready()
    assert not p.is_visible("#banner") and p.is_enabled("#play") and p.input_value("#seed") == "1"
    page.close()


def test_a_file_that_is_too_long_is_refused_in_words_and_the_page_goes_on(
    browser: Any, served: Served, tmp_path: Path
) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    long = tmp_path / "long.toml"
    long.write_text('name = "long"\n' + "# a line\n" * 600_000)
    p.set_input_files("#file", long)
    page.until("!document.querySelector('#banner').hidden")
    said = p.inner_text("#banner")
    assert "long.toml has 5\u202f400\u202f014 characters" in said and "waterbed app FILE" in said
    p.click("#step")
    assert p.evaluate("waterbed.state.day") == p.evaluate("waterbed.state.ready.first") + 1
    # What gets past the page is closed by the server: the page says so, and does not send it again.
    p.evaluate("waterbed.state.send({ type: 'open', run: 9, scenario: 'x'.repeat(2e6) })")
    page.until("document.querySelector('#banner').innerText.includes('larger than the server takes')")
    time.sleep(1)
    assert "larger than the server takes" in p.inner_text("#banner")
    page.close()


def test_a_link_brings_the_same_setting_to_another_browser(browser: Any, served: Served) -> None:
    one = Page(browser, served.url, link(**{"operations.surge.target.routes": '["West"]'}))
    one.ready()
    one.page.click("#share")
    shared = one.page.input_value("#dialog textarea")
    two = Page(browser, served.url, shared.removeprefix(served.url))
    two.ready()
    courses = "Array.from(waterbed.state.months.get(0).maps[1].start).join()"
    assert one.page.evaluate(courses) == two.page.evaluate(courses)
    assert one.page.evaluate("waterbed.state.world.toml") == two.page.evaluate("waterbed.state.world.toml")
    one.close()
    two.close()
