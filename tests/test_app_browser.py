"""The app in a real browser: what a teacher and a student do with it, and what must not happen meanwhile."""

from __future__ import annotations

import base64
import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the app needs the extra: app")
sync_api = pytest.importorskip("playwright.sync_api", reason="a browser is driven by playwright (extra: browser)")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium here (Debian: apt install chromium)", allow_module_level=True)

pytestmark = pytest.mark.slow
QUICK = {"days": "300", "burn_in": "60", "flow": "0.5", "compare.fate_days": "100", "operations.surge.start": "60"}


class Served:
    """The app as a command, and its address."""

    def __init__(self, port: int = 0, pages: int | None = None) -> None:
        command = [sys.executable, "-m", "waterbed", "app", "classroom", "--port", str(port)]
        if pages is not None:  # fewer at once than the app would serve
            text = f"from waterbed.app import limits; limits.PAGES = {pages}\n"
            command = [sys.executable, "-c", text + "from waterbed.app.server import serve; serve('classroom', 0)"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.url = next(word for word in self.process.stdout.readline().split() if word.startswith("http"))

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


class Page:
    """A browser's page that notes everything that should not happen."""

    def __init__(self, browser: Any, url: str, link: str = "", **context: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **context)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        page = self.page
        page.on("console", lambda m: m.type in ("error", "warning") and self.wrong.append(f"console: {m.text}"))
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("requestfailed", lambda request: self.wrong.append(f"failed: {request.url}"))
        page.on("response", lambda answer: answer.status >= 400 and self.wrong.append(f"{answer.status}: {answer.url}"))
        own = (url, "data:", "blob:")
        page.on("request", lambda r: r.url.startswith(own) or self.wrong.append(f"outside: {r.url}"))
        page.goto(url + link)

    def until(self, expression: str, seconds: float = 60) -> None:
        """Wait until something holds. The page's policy forbids what playwright's own waiting does (eval)."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            assert time.monotonic() < end, f"never: {expression}; {self.page.inner_text('#banner')}; {self.wrong}"
            time.sleep(0.05)

    def ready(self) -> None:
        self.until("!!window.waterbed && waterbed.state.months.size > 0")

    def accessible(self) -> None:
        """No fault that axe-core finds."""
        axe = pytest.importorskip("axe_playwright_python", reason="axe-core comes with the extra: browser")
        if not self.page.evaluate("!!window.axe"):
            self.page.evaluate((files(axe) / "axe.min.js").read_text("utf-8") + "; 0")
        told = "r.violations.map((v) => v.id + ': ' + v.nodes[0].html.slice(0, 160))"
        found = self.page.evaluate(f"axe.run().then((r) => {told})")
        assert found == []

    def close(self) -> None:
        self.context.close()
        assert self.wrong == []


def link(**changes: str) -> str:
    from urllib.parse import urlencode

    return "/#" + urlencode({"s": "classroom", "n": "1"} | QUICK | changes)


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    served = Served()
    yield served
    served.end()


@pytest.fixture
def started() -> Iterator[list[Served]]:
    """Servers of a test's own, ended whatever happens."""
    ours: list[Served] = []
    yield ours
    for served in ours:
        served.process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as driver:
        # As root, as in a container, Chromium has no sandbox.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()


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


def test_a_guided_task_from_prediction_to_answer(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    task = p.locator("#task-none")
    task.locator("summary").click()
    assert task.locator("button", has_text="Run it").is_disabled(), "predict first"
    task.locator("label", has_text="Nothing, for nobody").click()
    task.locator("button", has_text="Run it").click()
    page.until("waterbed.state.changes['operations.surge.officers'] === 0 && waterbed.state.months.size > 0")
    task.locator("button", has_text="Check").click()
    page.until("!!document.querySelector('#task-none .answer')", 200)
    assert "As you predicted" in task.inner_text()
    page.accessible()
    page.close()


def test_the_keyboard_alone_suffices(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    p.keyboard.press("Tab")
    p.keyboard.press("Enter")  # skip to the play button
    p.keyboard.press("Tab")
    reached = []
    p.focus("#play")
    p.keyboard.press("Enter")
    page.until("waterbed.state.playing")
    p.keyboard.press("Enter")
    assert not p.evaluate("waterbed.state.playing")
    p.focus("#scenario")
    for _ in range(40):
        p.keyboard.press("Tab")
        reached.append(p.evaluate("document.activeElement.id || document.activeElement.className"))
    named = "share export about tab-tasks layers play step restart jump speed seed when"
    assert set(named.split()) <= set(reached)
    p.focus("#tab-timelines")
    p.keyboard.press("ArrowRight")
    assert p.evaluate("document.activeElement.id") == "tab-fates" and p.is_visible("#panel-fates")
    p.keyboard.press("ArrowLeft")
    p.focus("#map-with .layers")
    p.keyboard.press("+")
    assert p.evaluate("waterbed.geometry.view.k") > 1
    p.keyboard.press("0")
    assert p.evaluate("waterbed.geometry.view.k") == 1
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


def test_ten_thousand_people_on_each_map_are_drawn_in_time(browser: Any, served: Served) -> None:
    """The work of a frame, which has to leave room for thirty of them a second."""
    from waterbed.app import protocol
    from waterbed.app.courses import Courses
    from waterbed.network import load_world

    page = Page(browser, served.url, link())
    page.ready()
    legs = page.page.evaluate("waterbed.state.world.legs.map((leg) => leg.slice(0, 2))")
    assert len(legs) == len(load_world("classroom").network.legs)
    n, each, rng = 10_000, 4, np.random.default_rng(1)
    chosen = np.array(legs)[rng.integers(len(legs), size=n * each)]
    start = np.sort(rng.integers(-48, 720, (n, each)), axis=1)
    start[:, 0] = -48  # everybody is on the way all the time
    start = start.ravel()
    end = np.append(start[1:], 720)
    end[each - 1 :: each] = 720
    courses = Courses(
        np.repeat(np.arange(n), each), np.full(n * each, 3, np.uint8), chosen[:, 0], chosen[:, 1], start, end
    )
    names = len(page.page.evaluate("waterbed.state.ready.series"))
    run, first = page.page.evaluate("[waterbed.state.run, waterbed.state.ready.first]")
    one = (courses, np.zeros((0, 4), np.uint16), np.zeros((names, 30), np.float32))
    content = base64.b64encode(protocol.write_month(run, 0, first, 30, [one, one])).decode()
    took = page.page.evaluate(
        """(text) => {
            const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
            waterbed.state.months.set(0, waterbed.decode(bytes.buffer, waterbed.geometry.legOf));
            const times = [];
            for (let i = 0; i < 90; i++) {
                const before = performance.now();
                waterbed.goTo(waterbed.state.ready.first + 5 + i / 15);
                times.push(performance.now() - before);
            }
            return times.sort((a, b) => a - b)[45];
        }""",
        content,
    )
    assert page.page.inner_text("#map-with .count").startswith("10\u202f000 travelling")
    print(f"a frame of 2 x 10,000 people takes {took:.1f} ms")
    assert took < 1000 / 30
    page.close()


@pytest.mark.parametrize(("width", "height", "scheme"), [(1024, 768, "dark"), (768, 1024, "light")])
def test_a_tablet_shows_everything_and_hides_nothing(
    browser: Any, served: Served, width: int, height: int, scheme: str
) -> None:
    page = Page(browser, served.url, link(), has_touch=True, color_scheme=scheme)
    p = page.page
    p.set_viewport_size({"width": width, "height": height})
    page.ready()
    covered = """(id) => {
        const what = document.getElementById(id);
        what.scrollIntoView({ block: "center" });
        const box = what.getBoundingClientRect();
        return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) !== what;
    }"""
    controls = "play step restart jump speed seed when share export about"
    tabs = "timelines fates person compare tasks settings legend"
    assert [i for i in (*controls.split(), *(f"tab-{t}" for t in tabs.split())) if p.evaluate(covered, i)] == []
    assert p.evaluate("document.querySelector('.maps').getBoundingClientRect().height") >= 280
    paper = "getComputedStyle(document.body).backgroundColor"
    before = p.evaluate(paper)
    assert (before == "rgb(255, 255, 255)") == (scheme == "light")
    for tab in ("timelines", "settings", "fates", "legend"):
        p.tap(f"#tab-{tab}")
        assert p.evaluate("document.documentElement.scrollWidth") <= width
        page.accessible()
    p.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    assert p.evaluate(paper) != before
    p.tap("#tab-timelines")
    page.accessible()
    page.close()


def test_more_tabs_than_are_served_wait_their_turn_and_memory_is_given_back(
    browser: Any, started: list[Served]
) -> None:
    served = Served(pages=3)
    started.append(served)
    tabs = [Page(browser, served.url, link()) for _ in range(5)]
    running = "!!window.waterbed && waterbed.state.months.size > 0"
    for tab in tabs:
        tab.until(f"({running}) || document.querySelector('#banner').innerText.includes('Close one')")
    first, *others = [tab for tab in tabs if tab.page.evaluate(running)]
    turned_away = [tab for tab in tabs if tab is not first and tab not in others]
    assert len(turned_away) == len(others) == 2
    first.page.evaluate("waterbed.goTo(waterbed.state.ready.first + 5)")
    for tab in others:
        tab.close()
    for tab in turned_away:  # they come in by themselves, and nothing is left of what was said
        tab.ready()
        assert not tab.page.is_visible("#banner")
        tab.close()
    first.page.click("#step")
    assert first.page.evaluate("waterbed.state.day - waterbed.state.ready.first") == 6
    if Path("/proc/self/task").exists():
        end = time.monotonic() + 20
        while len(_family(served.process.pid)) > 5 and time.monotonic() < end:
            time.sleep(0.1)
        # The server, its two helpers, the page that is left and the one that is kept ready.
        assert len(_family(served.process.pid)) <= 5
    first.close()
    assert served.end() == 0


def _family(pid: int) -> list[int]:
    """A process and all that come of it."""
    children: list[str] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children += task.read_text().split()
        except OSError:
            continue
    return [pid, *(one for child in children for one in _family(int(child)))]
