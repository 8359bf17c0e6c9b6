"""The engine's entry points, compiled or interpreted: the same functions, two speeds."""

from __future__ import annotations

import ctypes
import sys
import types
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from .births import draw_births, draw_thresholds, draw_weather
from .call import call
from .choice import plan
from .day import PARTS, advance
from .handle import Handle, HandleType
from .plugins import load
from .rule import fingerprint, hash_of, relink
from .trial import not_compiled
from .world import World

UNITS = (*PARTS, plan)
"""Functions of a day or month and a world that are compiled each for itself."""
ENTRIES = (advance, draw_weather, draw_births, draw_thresholds)
# A division by zero is a fault of a rule, which the interpreted engine shows; to look for it slows every loop.
_HOW = {"cache": True, "_nrt": False, "error_model": "numpy"}
_AT = ctypes.CFUNCTYPE(None, ctypes.c_int64, ctypes.c_void_p)


class Engine(NamedTuple):
    """The few functions that Python calls; everything else is called by them."""

    advance: Callable[..., Any]
    plan: Callable[..., Any]
    draw_weather: Callable[..., Any]
    draw_births: Callable[..., Any]
    draw_thresholds: Callable[..., Any]
    version: str


@cache
def version(plugins: tuple[str, ...] = ()) -> str:
    """The model's version: a fingerprint of all rule sources, plug-ins included."""
    return fingerprint(*load(plugins).sources)


@cache
def engine(plugins: tuple[str, ...] = (), compiled: bool = True) -> Engine:
    """The engine with the given plug-in files, made once in a process."""
    days, *draws = (linked(plugins)[entry] for entry in ENTRIES)
    if compiled:
        from numba import njit

        run, *drawn = (njit(**_HOW)(named(entry, plugins)) for entry in ENTRIES)
        return Engine(_days(run, plugins), _plan(plugins), *map(_over_handle, drawn), version(plugins))
    *parts, planning = (linked(plugins)[unit] for unit in UNITS)

    def interpreted(first: int, last: int, world: Any) -> Any:
        return days(first, last, world, parts, planning)

    return Engine(interpreted, planning, *draws, version(plugins))


@cache
def unit(number: int, plugins: tuple[str, ...], kind: HandleType) -> Any:
    """One of :data:`UNITS` as a C callback for worlds of a kind, compiled now or loaded from Numba's cache.

    Raises:
        InputError: for a plug-in that Numba cannot compile.
    """
    from numba import cfunc, int64, void
    from numba.core.errors import NumbaError, UnsupportedBytecodeError

    try:
        return cfunc(void(int64, kind), **_HOW)(named(UNITS[number], plugins))
    except (NumbaError, UnsupportedBytecodeError) as error:
        if not plugins:
            raise
        raise not_compiled(plugins, error) from error


def _days(run: Callable[..., Any], plugins: tuple[str, ...]) -> Callable[..., Any]:
    """:func:`.day.advance` over a world or its handle."""

    @cache
    def addresses(kind: HandleType) -> tuple[np.ndarray, int]:
        *parts, planning = (unit(i, plugins, kind).address for i in range(len(UNITS)))
        return np.array(parts), planning

    def days(first: int, last: int, world: Any) -> Any:
        handle = _handle(world)
        return run(first, last, handle, *addresses(handle.numba_type))

    return days


def _plan(plugins: tuple[str, ...]) -> Callable[..., Any]:
    """:func:`.choice.plan` over a world or its handle."""

    def evening(month: int, world: Any) -> None:
        handle = _handle(world)
        _AT(unit(len(PARTS), plugins, handle.numba_type).address)(month, handle.address)

    return evening


def _over_handle(entry: Callable[..., Any]) -> Callable[..., Any]:
    """A compiled entry that takes a world and gives it on as a handle."""

    def with_handles(*args: Any) -> Any:
        return entry(*(_handle(arg) for arg in args))

    return with_handles


def _handle(arg: Any) -> Any:
    return Handle(arg) if isinstance(arg, World) else arg


@cache
def linked(plugins: tuple[str, ...]) -> dict[Callable[..., Any], Callable[..., Any]]:
    """Entries and units, and what they are with the plug-ins: copies, where these replace something in them."""
    replaced, mark = load(plugins).replacements(), version(plugins)
    return {f: relink(f, replaced, mark) if replaced else f for f in (*ENTRIES, *UNITS)}


def named(function: Callable[..., Any], plugins: tuple[str, ...]) -> Callable[..., Any]:
    """A function to be compiled, under a name that tells of which rules it is, and how code is made of them.

    Numba's cache does not notice an edit in another file's rule. What plug-ins leave alone is found there under its
    plain name.
    """
    ours = linked(plugins)[function]
    twin = types.FunctionType(ours.__code__, ours.__globals__, ours.__name__, ours.__defaults__)
    twin.__qualname__ = f"{ours.__name__}_{version(plugins if ours is not function else ())}_{_makers()[:8]}"
    return twin


@cache
def _makers() -> str:
    """Hash of the modules that make code of rules: they are no part of the model's version."""
    return hash_of(*(sys.modules[made.__module__] for made in (named, Handle, call, load, relink)))
