"""How soon the command answers, and how long the main job takes once compiled."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np


def _seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True)
    return time.perf_counter() - began


def measure(rounds: int) -> list[dict[str, Any]]:
    """`--help` over importing typer, in turn; and seconds of `compare liberterra --replicates 20`."""
    pairs = [(_seconds("-m", "waterbed", "--help"), _seconds("-c", "import typer")) for _ in range(rounds)]
    ratios = np.array([a / b for a, b in pairs])
    out = str(Path(mkdtemp(prefix="waterbed-bench-")) / "out")
    main = _seconds("-m", "waterbed", "compare", "liberterra", "--replicates", "20", "--out", out)
    return [
        {"what": "waterbed --help over import typer", "value": float(np.median(ratios)), "unit": "ratio",
         "low": float(np.quantile(ratios, 0.25)), "high": float(np.quantile(ratios, 0.75)), "bar": 1.3},
        {"what": "compare liberterra --replicates 20, report included", "value": main, "unit": "s", "bar": 30.0},
    ]  # fmt: skip
