"""The guided tasks in a real browser: predict, run, check; and what is pressed too early, or fails, says so."""

from __future__ import annotations

from typing import Any

import pytest

from pages import Page, Served, link

pytestmark = pytest.mark.slow


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


def test_a_task_that_is_checked_early_is_answered_and_one_that_fails_says_so(browser: Any, served: Served) -> None:
    """The setting before is compared first: until it is, there is nothing to check against."""
    page = Page(browser, served.url, link())
    p = page.page
    page.ready()
    for name in ("more", "move"):
        p.click(f"#name-{name}")
        p.click(f"#guess-{name}-0")
    p.select_option("#task-pairs", "5")
    p.click("#run-move")
    page.until("!!waterbed.state.compare.progress")
    assert p.is_disabled("#check-move")
    # As if a pair had taken 33 seconds.
    told = p.evaluate("""import("/static/comparing.js").then((m) => {
        waterbed.state.compare.began = performance.now() - 33000;
        m.onProgress({ done: 1, of: 20 });
        return document.querySelector("#panel-compare").innerText;
    })""")
    assert "1 of 20 pairs, about 10 minutes left. Fewer pairs take less time" in told
    p.click("#compare")  # which stops it
    page.until("document.querySelector('#task-move').innerText.includes('Stopped.')")
    assert p.is_disabled("#check-move")
    p.click("#run-move")
    page.until("!document.querySelector('#check-move').disabled", 200)
    assert "Stopped" not in p.inner_text("#task-move")
    p.click("#check-move")
    page.until("!!document.querySelector('#task-move .answer')", 200)
    told = p.inner_text("#task-move")
    finding = p.inner_text("#compared-fates h2")
    assert finding.startswith("Of 100 who crossed by East without the measure"), "where the officers are"
    assert "Arrivals lost: " in told and " before." in told and "From 5 pairs of runs" in told
    # The setting before is known now, and whatever fails is told where it was pressed.
    p.click("#name-more")
    p.click("#run-more")
    page.until("waterbed.state.changes['operations.surge.officers'] === 800 && waterbed.state.months.size > 0")
    p.evaluate("() => { const s = waterbed.state, { send } = s; s.send = (m) => m.type !== 'compare' && send(m); }")
    p.click("#check-more")
    page.until("document.querySelector('#task-more').innerText.includes('The server does not answer.')")
    page.accessible()
    page.close()


def test_tasks_are_of_what_acts(browser: Any, served: Served) -> None:
    page = Page(browser, served.url, link(**{"operations.surge.officers": "0", "operations.surge.announced": "false"}))
    p = page.page
    page.ready()
    said = p.inner_text("#panel-tasks")
    assert "nothing is switched on (surge)" in said and "Settings" in said and p.locator(".task").count() == 0
    assert p.is_disabled("#jump") and "nothing switched on" in p.inner_text("#map-with")
    p.click("#tab-settings")
    p.fill("[id='c-operations.surge.officers']", "50")
    p.press("[id='c-operations.surge.officers']", "Enter")
    page.until("waterbed.state.changes['operations.surge.officers'] === 50 && waterbed.state.months.size > 0")
    p.click("#tab-tasks")
    titles = p.locator(".task summary").all_inner_texts()
    assert [title.split(" · ")[1] for title in titles] == [
        "Push down", "Where does it come up?", "Move the same officers to East", "Four times the officers",
        "Tell everybody", "No officers at all",
    ]  # fmt: skip
    assert "50 officers" in p.inner_text("#task-dip")
    page.close()
