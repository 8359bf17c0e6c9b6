"""Compile the model ahead of its first use: ``python -m waterbed.engine.warm``."""

from __future__ import annotations

import gc
import sys
import time


def main() -> None:
    """Compile every entry point into Numba's cache, with a word of what is happening."""
    from ..scenario.scenario import Scenario
    from .run import simulate

    print("Compiling the model (once; up to a minute on a slow machine) ...", file=sys.stderr, flush=True)
    start = time.perf_counter()
    gc.disable()  # next to nothing of what a compiler makes is garbage before its end, and looking for it takes a tenth
    simulate(Scenario(name="warm", network="classroom", days=2, burn_in=2), seed=0)
    print(f"The model is ready ({time.perf_counter() - start:.0f} s).", file=sys.stderr)


if __name__ == "__main__":
    main()
