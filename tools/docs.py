"""Make the documents agree with the code: write their generated parts anew, then run every snippet they show.

    python tools/docs.py [--check]      # --check writes nothing, and fails where something is not up to date

A snippet is a fenced block of README.md or of a page under docs/. Python is run as it stands; of a block without a
language, each line that begins with ``waterbed`` is run, and each ``make`` target has to exist; TOML is read as a
scenario or study. Those of a page run in their order, in a folder that is empty at first. Cells of notebooks are none
of them: Sphinx runs these when it builds the site.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
MANY = 20
"""Replicates of a shown command that are not run in full."""
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
        if language in ("python", "toml"):
            yield Snippet(page.name, first, language, body)
        for i, line in enumerate(body.splitlines() if not language else ()):
            command = line.split("#")[0].strip()
            if command.startswith(("waterbed ", "make ")):
                yield Snippet(page.name, first + i, command.split()[0], command)


def missing(snippet: Snippet) -> str:
    """The first package that a block of Python imports and that is not installed (an extra), or nothing."""
    if snippet.kind != "python":
        return ""
    nodes = list(ast.walk(ast.parse(snippet.text)))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return next((top for name in names if importlib.util.find_spec(top := name.split(".")[0]) is None), "")


def run(snippet: Snippet, folder: Path) -> str:
    """Run a snippet in a folder; returns what went wrong, or nothing."""
    if snippet.kind == "make":
        target = snippet.text.split()[1]
        known = re.search(rf"^{re.escape(target)}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
        return "" if known else f"the Makefile has no target {target!r}"
    if snippet.kind == "toml":
        return _read(snippet.text)
    words = ["-c", snippet.text] if snippet.kind == "python" else ["-m", *_short(shlex.split(snippet.text))]
    target_file = folder / words.pop() if words[-2] == ">" else None
    command = [sys.executable, *(word for word in words if word != ">")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if target_file is not None:
        target_file.write_text(done.stdout, "utf-8")
    return "" if done.returncode == 0 else f"exit code {done.returncode}: {done.stderr.strip() or done.stdout[-300:]}"


def _short(words: list[str]) -> list[str]:
    """A command with as few replicates as still make intervals, where it has many: whether it runs is the question."""
    at = words.index("--replicates") + 1 if "--replicates" in words else 0
    if at and int(words[at]) > MANY:
        return [*words[:at], "3", *words[at + 1 :]]
    return words


def _read(text: str) -> str:
    """Read TOML as the scenario or study that it means to be; returns its faults, or nothing."""
    from waterbed import InputError, Scenario, Study
    from waterbed.study.file import is_study

    try:
        if is_study(text):
            Study.parse(text, folder=ROOT)
        else:
            Scenario.parse(text, folder=ROOT)
    except InputError as error:
        return str(error)
    return ""


def generator() -> ModuleType:
    """The module docs/generate_odd.py."""
    sys.path.insert(0, str(ROOT / "docs"))
    return importlib.import_module("generate_odd")


def main() -> int:
    """Do both; returns the exit code."""
    odd = generator()
    text = odd.PAGE.read_text("utf-8")
    faults = []
    if text != odd.generated(text):
        if "--check" in sys.argv:
            faults.append(f"{odd.PAGE.name}: its generated parts are not up to date; run: make docs")
        else:
            odd.PAGE.write_text(odd.generated(text), "utf-8")
            print(f"{odd.PAGE.relative_to(ROOT)}: written anew")
    count = 0
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            for snippet in snippets(page):
                print(f"{snippet}: {snippet.text.splitlines()[0]}", flush=True)
                count += 1
                if lacking := missing(snippet):
                    print(f"{snippet}: left out, {lacking} is not installed")
                elif fault := run(snippet, Path(folder)):
                    faults.append(f"{snippet}: {fault}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{count} snippets, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
