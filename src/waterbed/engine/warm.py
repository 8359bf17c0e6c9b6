"""Compile the model ahead of its first use, on all cores: ``python -m waterbed.engine.warm``."""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from ..processes import cores, share
from .compiled import ENTRIES, UNITS, named, unit
from .people import migrants_act

if TYPE_CHECKING:
    from .handle import HandleType


def compile_where_needed(plugins: tuple[str, ...] = ()) -> None:
    """Compile into Numba's cache what it does not hold of the model, with a word of what is happening."""
    missing = [i for i, function in enumerate(UNITS) if not is_kept(function, plugins)]
    if not missing and all(is_kept(function, plugins) for function in ENTRIES):
        return
    print("Compiling the model (once for each version of its rules; up to a minute on a slow machine) ...",
          file=sys.stderr, flush=True)  # fmt: skip
    start = time.perf_counter()
    missing.sort(key=lambda i: UNITS[i] is not migrants_act)  # the longest first
    kind = _kind()
    share(_compile, [(i, plugins, kind) for i in missing], lambda i, _: None, workers=cores())
    _run_two_days(plugins)
    print(f"The model is ready ({time.perf_counter() - start:.0f} s).", file=sys.stderr, flush=True)


def is_kept(function: object, plugins: tuple[str, ...]) -> bool:
    """Whether Numba's cache holds a function of the model under its name of now."""
    from numba.core.caching import FunctionCache

    twin = named(function, plugins)
    return any(Path(FunctionCache(twin).cache_path).glob(f"*{twin.__qualname__}-*.nbi"))


def _compile(i: int, plugins: tuple[str, ...], kind: HandleType) -> None:
    gc.disable()  # next to nothing of what a compiler makes is garbage before its end, and looking for it takes a tenth
    unit(i, plugins, kind)
    gc.enable()


def _kind() -> HandleType:
    """The kind of all worlds, from one that is laid out and not settled, which would take compiled code."""
    from ..network import load_world
    from ..scenario.scenario import Scenario
    from .baseline import bare_world
    from .blueprint import lay_out
    from .handle import Handle

    arrays, _, _ = lay_out(Scenario(name="warm", network="classroom"), load_world("classroom"))
    return Handle(bare_world(arrays)).numba_type


def _run_two_days(plugins: tuple[str, ...]) -> None:
    """What is left, which is little, is compiled when it is first called."""
    from ..scenario.scenario import Scenario
    from .run import simulate

    simulate(Scenario(name="warm", network="classroom", days=2, burn_in=2, plugins=plugins), seed=0)


if __name__ == "__main__":
    compile_where_needed()
