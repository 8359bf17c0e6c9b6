"""How soon the command answers, how long the model takes to compile, and the main job once it is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np


def _seconds(*command: str, **environment: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, *command], check=True, capture_output=True, env=os.environ | environment)
    return time.perf_counter() - began


def measure(rounds: int) -> list[dict[str, Any]]:
    """`--help` over importing typer, in turn; seconds to compile, and of `compare liberterra --replicates 20`."""
    pairs = [(_seconds("-m", "waterbed", "--help"), _seconds("-c", "import typer")) for _ in range(rounds)]
    ratios = np.array([a / b for a, b in pairs])
    with TemporaryDirectory(prefix="waterbed-bench-") as folder:
        compiling = _seconds("-m", "waterbed.engine.warm", NUMBA_CACHE_DIR=str(Path(folder) / "cache"))
        out = str(Path(folder) / "out")
        main = _seconds("-m", "waterbed", "compare", "liberterra", "--replicates", "20", "--out", out)
    return [
        {"what": "waterbed --help over import typer", "value": float(np.median(ratios)), "unit": "ratio",
         "low": float(np.quantile(ratios, 0.25)), "high": float(np.quantile(ratios, 0.75)), "bar": 1.3},
        {"what": "compiling the model, once", "value": compiling, "unit": "s", "bar": 30.0},
        {"what": "compare liberterra --replicates 20, report included", "value": main, "unit": "s", "bar": 30.0},
    ]  # fmt: skip
