"""The engine's entry points, compiled or interpreted: the same functions, two speeds."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from . import births
from .choice import plan
from .day import advance
from .handle import Handle
from .plugins import load
from .rule import fingerprint, hash_of, relink
from .world import World


class Engine(NamedTuple):
    """The few functions that Python calls; everything else is called by them."""

    advance: Callable[..., Any]
    plan: Callable[..., Any]
    draw_weather: Callable[..., Any]
    draw_births: Callable[..., Any]
    draw_thresholds: Callable[..., Any]
    version: str


_ENTRIES = (advance, plan, births.draw_weather, births.draw_births, births.draw_thresholds)


def version(plugins: tuple[str, ...] = ()) -> str:
    """The model's version: a fingerprint of all rule sources, plug-ins included."""
    return fingerprint(*load(plugins).sources)


@cache
def engine(plugins: tuple[str, ...] = (), compiled: bool = True) -> Engine:
    """The engine with the given plug-in files, made once in a process.

    Numba's cache does not notice an edit in another file's rule. So the name under which an entry
    is cached carries the fingerprint of all rules, and that of what makes code of them.
    """
    mark = version(plugins)
    replaced = load(plugins).replacements()
    entries = [relink(entry, replaced, mark) if replaced else entry for entry in _ENTRIES]
    if not compiled:
        return Engine(*entries, mark)
    from numba import njit

    # A division by zero is a fault of a rule, which the interpreted engine shows; to look for it slows every loop.
    compiling = njit(cache=True, _nrt=False, error_model="numpy")
    # Modules that make code of rules are no part of the model's version.
    makers = hash_of(*(sys.modules[made.__module__] for made in (_named, Handle, load, relink)))
    return Engine(*(_over_handle(compiling(_named(entry, f"{mark}_{makers[:8]}"))) for entry in entries), mark)


def _over_handle(entry: Callable[..., Any]) -> Callable[..., Any]:
    """A compiled entry that takes a world and gives it on as a handle."""

    def call(*args: Any) -> Any:
        return entry(*(Handle(arg) if isinstance(arg, World) else arg for arg in args))

    return call


def _named(entry: Callable[..., Any], mark: str) -> Callable[..., Any]:
    twin = types.FunctionType(entry.__code__, entry.__globals__, entry.__name__, entry.__defaults__)
    twin.__qualname__ = f"{entry.__name__}_{mark}"
    return twin
