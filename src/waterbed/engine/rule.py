"""Rules: plain Python functions that run as they are, or compiled.

A rule is written once. Interpreted, it is the function itself; compiled, Numba inlines it into the
few entry points (:mod:`waterbed.engine.compiled`). Floats go through :mod:`math` only: ``**`` and
NumPy's mathematics give other bits compiled than interpreted.
"""

from __future__ import annotations

import hashlib
import inspect
import sys
import types
from collections.abc import Callable, Mapping
from typing import Any

from numba.extending import register_jitable

inlined = register_jitable(no_cfunc_wrapper=True)
"""Let compiled code call a function. Wrappers for calls from C, of which there are none, would take long to compile."""

RULES: dict[str, Callable[..., Any]] = {}
"""Every rule by ``module.function``, in order of definition."""


def rule[F: Callable[..., Any]](function: F) -> F:
    """Mark a function as a rule of the model: it stays a plain Python function that Numba can inline."""
    RULES[f"{function.__module__.removeprefix('waterbed.')}.{function.__name__}"] = function
    return inlined(function)  # type: ignore[no-any-return]


def fingerprint(*more: types.ModuleType) -> str:
    """Hash of the sources of all rules (and ``more``): the model's version and the cache's key."""
    return hash_of(*(sys.modules[name] for name in sorted({f.__module__ for f in RULES.values()})), *more)


def hash_of(*written: types.ModuleType | Callable[..., Any]) -> str:
    """Hash of the sources of modules and functions, in their order."""
    digest = hashlib.sha256()
    for one in written:
        digest.update(inspect.getsource(one).encode())
    return digest.hexdigest()[:16]


def relink(
    entry: Callable[..., Any], replaced: Mapping[Callable[..., Any], Callable[..., Any]], mark: str
) -> Callable[..., Any]:
    """Copy a rule, and every rule it reaches, with some rules replaced.

    Rules call each other by global name. A copy whose globals hold the replacement is therefore a
    model of its own, interpreted or compiled, beside the untouched original. Copies carry ``mark``, the
    model's version, in their names: the linker takes the first of equal names that it finds, and code that
    comes from the cache may bear the same ones.
    """
    rules = {id(f): f for f in RULES.values()}
    done: dict[int, Callable[..., Any]] = {id(old): new for old, new in replaced.items()}

    def copy(function: Callable[..., Any]) -> Callable[..., Any]:
        if id(function) in done:
            return done[id(function)]
        done[id(function)] = function  # rules do not recurse; this only guards against it
        changed = {}
        for name in function.__code__.co_names:
            callee = function.__globals__.get(name)
            if callee is not None and (id(callee) in rules or id(callee) in done):
                twin = copy(callee)
                if twin is not callee:
                    changed[name] = twin
        if changed:
            twin = types.FunctionType(
                function.__code__, {**function.__globals__, **changed}, function.__name__, function.__defaults__
            )
            twin.__doc__ = function.__doc__
            twin.__qualname__ = f"{function.__qualname__}_{mark}"
            done[id(function)] = inlined(twin) if id(function) in rules else twin
        return done[id(function)]

    return copy(entry)
