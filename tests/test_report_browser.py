"""The report in a real browser: no error, no request to anywhere, a map that moves. Skipped without Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import waterbed as wb
from waterbed.report import write_report

BROWSER = next((p for name in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(name))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium here")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = wb.compare(wb.Scenario.load("classroom"), replicates=3, seed=1)
    return write_report(found, tmp_path_factory.mktemp("browser"))


def browse(page: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Open a page headless; its document on standard output, what its console said on standard error."""
    return subprocess.run(
        [
            str(BROWSER),
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={page.parent / 'profile'}",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--enable-logging=stderr",
            "--virtual-time-budget=4000",
            *options,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=180,
        check=True,
    )


def test_nothing_is_asked_of_elsewhere_and_the_console_is_silent(page: Path) -> None:
    log = page.parent / "net.json"
    seen = browse(page, "--dump-dom", f"--log-net-log={log}")
    assert "CONSOLE" not in seen.stderr, seen.stderr
    asked = set(re.findall(r'"url":"(https?:[^"]+)"', log.read_text(encoding="utf-8", errors="replace")))
    own = ("google", "gstatic", "gvt1")  # the browser's own, whatever it opens
    assert not {url for url in asked if not any(word in url for word in own)}
    assert page.read_text(encoding="utf-8").count("<svg") > 6 and page.stat().st_size < 3_000_000


def drive(page: Path, script: str) -> dict:
    """Run a script at the end of a copy of the page; it leaves its findings as JSON in the document's title."""
    copy = page.with_name("driven.html")
    text = page.read_text(encoding="utf-8")
    catch = "<script>window.faults=[];addEventListener('error',e=>faults.push(e.message))</script>"
    copy.write_text(
        text.replace("<body>", f"<body>{catch}").replace("</body>", f"<script>{script}</script></body>"),
        encoding="utf-8",
    )
    seen = browse(copy, "--dump-dom", "--window-size=390,844")
    found = re.search(r"<title>(\{.*?\})</title>", seen.stdout)
    assert found, seen.stderr[-2000:]
    return json.loads(found[1])


def test_the_slider_moves_the_map(page: Path) -> None:
    found = drive(
        page,
        """
        const slider = document.getElementById("map-day");
        const shown = () => document.querySelectorAll(".leg:not([hidden])").length;
        const before = shown(), said = [];
        for (const at of [1, 2, 0]) { slider.value = at; slider.dispatchEvent(new Event("input"));
          said.push([document.getElementById("map-said").textContent, shown()]); }
        document.getElementById("map-play").click();
        const playing = document.getElementById("map-play").textContent;
        document.getElementById("map-whole").click();
        document.title = JSON.stringify({before, said, playing, after: document.getElementById("map-play").textContent,
          faults: window.faults, value: slider.value});
    """,
    )
    assert not found["faults"] and found["before"] > 0
    (first, _), (second, _), (whole, again) = found["said"]
    assert first.startswith("Days 0 to 13:") and second.startswith("Days 14 to 27:")
    assert whole == "Whole window" and again == found["before"]
    assert (found["playing"], found["after"], found["value"]) == ("Stop", "Play", "0")


def test_a_phone_scrolls_figures_and_not_the_page(page: Path) -> None:
    found = drive(
        page,
        """
        document.title = JSON.stringify({faults: window.faults, page: document.documentElement.scrollWidth,
          screen: document.documentElement.clientWidth});
    """,
    )
    assert not found["faults"] and found["page"] <= found["screen"]
