"""The app as a command, and pages of it in a real browser, for those who test there. Skips where there is none."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the app needs the extra: app")
sync_api = pytest.importorskip("playwright.sync_api", reason="a browser is driven by playwright (extra: browser)")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    pytest.skip("no Chromium here (Debian: apt install chromium)", allow_module_level=True)

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

    def __init__(self, browser: Any, url: str, link: str = "", late: str = "", **context: Any) -> None:
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
        self.late: list[Any] = []  # requests that are held back until a test lets them go
        if late:
            page.route(late, lambda route: self.late.append(route))
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


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser."""
    with sync_api.sync_playwright() as driver:
        # As root, as in a container, Chromium has no sandbox.
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield browser
        browser.close()
