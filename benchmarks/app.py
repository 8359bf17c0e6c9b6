"""How soon the teaching app shows, how fast it moves, and what a page costs. Needs the extras app and browser.

    python benchmarks/app.py [--scenario NAME] [--pages N]

Prints seconds from the start of the command to the page's maps and to its first moving month, frames a second while it
plays, and megabytes of each page's own process.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

_MAPS = "!!window.waterbed && !!waterbed.state.world && !!waterbed.maps[0]?.image"
_MONTH = "waterbed.state.months.size > 0"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--scenario", default="classroom")
    asked.add_argument("--pages", type=int, default=3)
    given = asked.parse_args()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        began = time.perf_counter()
        command = [sys.executable, "-m", "waterbed", "app", given.scenario, "--port", "0"]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert server.stdout is not None
            url = next(word for word in server.stdout.readline().split() if word.startswith("http"))
            page.goto(url)
            print(f"page shown after {time.perf_counter() - began:.2f} s")
            print(f"both maps after {until(page, _MAPS) - began:.2f} s")
            print(f"first month after {until(page, _MONTH) - began:.2f} s")
            page.select_option("#speed", "4")
            page.click("#play")
            page.wait_for_timeout(6000)
            frames = "((f) => (1000 * (f.length - 1)) / (f.at(-1) - f[0]))(waterbed.state.frames)"
            print(f"{page.evaluate(frames):.0f} frames a second")
            for _ in range(given.pages - 1):
                other = browser.new_page()
                other.goto(url)
                until(other, f"!!window.waterbed && {_MONTH}")
            sizes = sorted(own_memory(server.pid), reverse=True)[: given.pages]
            print("own memory of the pages' processes: " + ", ".join(f"{size:.0f} MB" for size in sizes))
        finally:
            server.terminate()
            server.wait()
            browser.close()


def until(page: Any, expression: str) -> float:
    """The moment when something holds on a page."""
    while not page.evaluate(expression):
        time.sleep(0.01)
    return time.perf_counter()


def own_memory(server: int) -> list[float]:
    """MB that each process under the server shares with no other (Linux)."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            pid, rest = int(status.parent.name), status.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        parents[pid] = int(rest[1])

    def below(pid: int) -> bool:
        return pid == server or (pid in parents and below(parents[pid]))

    sizes = []
    for pid in [pid for pid in parents if pid != server and below(pid)]:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        sizes.append(sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) / 1024)
    return sizes


if __name__ == "__main__":
    main()
