"""Make the documents agree with the code: write their generated parts anew, then run every snippet they show.

    python tools/docs.py [--check]      # --check writes nothing, and fails where something is not up to date

A snippet is a fenced block of README.md or docs/*.md. Python is run as it stands; of a block without a language,
each line that begins with ``waterbed`` is run, and each ``make`` target has to exist. All in an empty folder.
"""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Snippet(NamedTuple):
    """A block of Python, or one command."""

    page: str
    line: int
    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.page}, line {self.line}"


def snippets(page: Path) -> Iterator[Snippet]:
    """What a page shows that can be run."""
    text = page.read_text("utf-8")
    for block in _BLOCK.finditer(text):
        language, body = block.groups()
        first = text.count("\n", 0, block.start()) + 2
        if language == "python":
            yield Snippet(page.name, first, "python", body)
        for i, line in enumerate(body.splitlines() if not language else ()):
            command = line.split("#")[0].strip()
            if command.startswith(("waterbed ", "make ")):
                yield Snippet(page.name, first + i, command.split()[0], command)


def run(snippet: Snippet, folder: Path) -> str:
    """Run a snippet in a folder; returns what went wrong, or nothing."""
    if snippet.kind == "make":
        target = snippet.text.split()[1]
        known = re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return "" if known else f"the Makefile has no target {target!r}"
    command = ["-c", snippet.text] if snippet.kind == "python" else ["-m", *shlex.split(snippet.text)]
    done = subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip() or done.stdout[-300:]}"


def generator() -> object:
    """The module docs/generate_odd.py."""
    spec = importlib.util.spec_from_file_location("generate_odd", ROOT / "docs" / "generate_odd.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> int:
    """Do both; returns the exit code."""
    odd = generator()
    page = odd.PAGE.read_text("utf-8")
    faults = []
    if page != odd.generated(page):
        if "--check" in sys.argv:
            faults.append(f"{odd.PAGE.name}: its generated parts are not up to date; run: make docs")
        else:
            odd.PAGE.write_text(odd.generated(page), "utf-8")
            print(f"{odd.PAGE.relative_to(ROOT)}: written anew")
    found = [snippet for page in PAGES for snippet in snippets(page)]
    with tempfile.TemporaryDirectory() as folder:
        for snippet in found:
            print(f"{snippet}: {snippet.text.splitlines()[0]}", flush=True)
            if fault := run(snippet, Path(folder)):
                faults.append(f"{snippet}: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(found)} snippets, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
