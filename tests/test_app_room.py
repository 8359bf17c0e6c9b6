"""The app on what a class has: small screens, light and dark, many people, and more tabs than are served."""

from __future__ import annotations

import base64
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest

from pages import Page, Served, link

pytestmark = pytest.mark.slow


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


OVERLAPS = """([boxes, width, height]) => boxes.filter(([x, y, w, h], i) => x < 0 || y < 0 || x + w > width ||
    y + h > height || boxes.slice(0, i).some(([a, b, c, d]) => x < a + c && a < x + w && y < b + d && b < y + h))"""


@pytest.mark.parametrize(("name", "fewest"), [("mediterranean", 4), ("southwest", 12), ("classroom", 16)])
def test_no_word_covers_another(browser: Any, served: Served, name: str, fewest: int) -> None:
    """On maps and in timelines: seven dated policies, 63 operations beside twin cities, and a surge at its height."""
    page = Page(browser, served.url, "/#" + urlencode({"s": name, "n": "1"}))
    p = page.page
    page.ready()
    if name == "classroom":
        p.click("#jump")
        page.until("waterbed.state.months.has(1)")
        p.evaluate("waterbed.goTo(364)")
        assert p.evaluate("waterbed.maps[1].posted.length") > 1
    for width, height in ((1280, 800), (1920, 1080), (1024, 768), (768, 1024)):
        p.set_viewport_size({"width": width, "height": height})
        time.sleep(0.3)
        for side in (0, 1):
            words = p.evaluate(f"[waterbed.maps[{side}].words.said, waterbed.maps[{side}].w, waterbed.maps[{side}].h]")
            assert len(words[0]) >= fewest and p.evaluate(OVERLAPS, words) == []
        placed = "waterbed.state.timelines.charts.map((c) => c.placed.map((n) => [n.text, n.row, n.x, n.end]))"
        charts = p.evaluate(placed)
        assert len(charts) == 3
        for chart in charts:
            assert chart and not any("_" in text for text, *_ in chart)
            for i, (_, row, x, end) in enumerate(chart):
                assert not any(row == r and x < e and a < end for _, r, a, e in chart[:i])
        fits = "[...document.querySelectorAll('.chart select')].every((s) => s.scrollWidth <= s.clientWidth)"
        assert p.evaluate(fits)
    p.click("#tab-legend")
    listed = p.locator(".measures tbody tr").count()
    assert listed == {"mediterranean": 7, "southwest": 63, "classroom": 1}[name]
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


def test_a_telephone_shows_the_fates_whole(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link())
    p = page.page
    p.set_viewport_size({"width": 400, "height": 800})
    page.ready()
    p.click("#tab-fates")
    p.evaluate("waterbed.goTo(waterbed.state.ready.first + 95)")
    page.until("!!document.querySelector('.alluvial')")
    ends = "Array.from(document.querySelectorAll('.alluvial text, .alluvial rect'), (e) => e.getBoundingClientRect())"
    assert p.evaluate(f"{ends}.every((box) => box.left >= 0 && box.right <= innerWidth)")
    page.close()


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
