"""Small studies for tests: a classroom of few people and few days, and functions in place of the model."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SMALL = """
[settings]
flow = 0.1
days = 320
burn_in = 40
"operations.surge.start" = 100
"compare.fate_days" = 100
"compare.lead_days" = 60
"""
COMMAND = [sys.executable, "-m", "waterbed"]


def officers(replicates: int = 3, levels: tuple[int, ...] = (0, 100, 300), more: str = "") -> str:
    """A grid over officers."""
    return f"""
name = "officers"
scenario = "classroom"
replicates = {replicates}
seed = 1
keep = ["arrivals_lost", "displacement_spatial", "deaths_change"]
{more}
{SMALL}
[design]
kind = "grid"
[factors."operations.surge.officers"]
levels = {list(levels)}
"""


def function(kind: str = "sobol", points: int = 16, replicates: int = 2, factors: tuple[str, ...] = ("x",),
             more: str = "", bounds: tuple[float, float] = (0.0, 1.0)) -> str:  # fmt: skip
    """A study of a function."""
    named = "".join(f"[factors.{name}]\nbounds = [{bounds[0]}, {bounds[1]}]\n" for name in factors)
    return f'name = "f"\nreplicates = {replicates}\n[design]\nkind = "{kind}"\npoints = {points}\n{more}\n{named}'


def run(*arguments: str, cwd: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """The command line, to its end."""
    return subprocess.run([*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False,
                          **more)  # fmt: skip


def start(*arguments: str, cwd: Path) -> subprocess.Popen[str]:
    """The command line, under way."""
    return subprocess.Popen([*COMMAND, *arguments], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def children(pid: int) -> list[int]:
    """Processes that a process has started, by Linux's account."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += map(int, task.read_text().split())
    return found


def lives(pid: int) -> bool:
    """Whether a process is there, and not only waits to be buried."""
    try:
        os.kill(pid, 0)
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
