"""Plug-ins: a user's own police strategies, measures and rules, from a Python file of theirs.

A strategy is a function ``(self, post, day, world) -> weight``; a rule replaces the model's rule of
that name (``agents.prospect.conversion_logit``, say); a measure is a function of a finished run, shown by ``run`` and
compared by ``compare``::

    from waterbed.plugins import measure, police_strategy, replace_rule

    @police_strategy("harbours")
    def harbours(self, post, day, world):
        return 1.0 if post.kind == 0 and world.legs[post.target].mode == 2 else 0.0

    @measure("deaths_at_sea")
    def deaths_at_sea(run):
        sea = (run.world.network.legs["mode"] == "sea").to_numpy()
        return run.legs[:, sea, 5].sum() * run.scenario.persons_per_agent

Strategies and rules run on both engines, compiled with the model; their file joins its version. They may call other
functions of that file, and are tried interpreted before they are compiled (:mod:`.trial`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import InputError
from .rule import RULES, inlined

type Function = Callable[..., Any]


@dataclass
class Plugins:
    """What plug-in files registered."""

    strategies: dict[str, Function] = field(default_factory=dict)
    rules: dict[str, Function] = field(default_factory=dict)
    measures: dict[str, Function] = field(default_factory=dict)
    sources: list[types.ModuleType] = field(default_factory=list)
    """Files that hold strategies or rules: whole, with what these call and the constants they read, they are part of
    the model's version."""

    def replacements(self) -> dict[Function, Function]:
        """Model rules and what stands in for them."""
        replaced = {RULES[name]: inlined(rule) for name, rule in self.rules.items()}
        if self.strategies:
            replaced[RULES["agents.police.own_strategy"]] = _dispatch(list(self.strategies.values()))
        return replaced


_loading: Plugins | None = None


def police_strategy(name: str) -> Callable[[Function], Function]:
    """Register a police strategy under a name that scenarios use."""

    def register(function: Function) -> Function:
        if _loading is not None:
            _loading.strategies[name] = function
        return function

    return register


def replace_rule(name: str) -> Callable[[Function], Function]:
    """Replace a rule of the model, by its ``module.function`` name. Raises InputError for an unknown one."""
    if name not in RULES:
        from difflib import get_close_matches

        near = get_close_matches(name, RULES, 1)
        raise InputError(f"no rule '{name}' to replace" + (f"; did you mean '{near[0]}'?" if near else ""))

    def register(function: Function) -> Function:
        if _loading is not None:
            _loading.rules[name] = function
        return function

    return register


def measure(name: str) -> Callable[[Function], Function]:
    """Register a measure: a function of a finished run that returns a number."""

    def register(function: Function) -> Function:
        if _loading is not None:
            _loading.measures[name] = function
        return function

    return register


@cache
def load(paths: tuple[str, ...]) -> Plugins:
    """Run plug-in files and collect what they register. Raises InputError, naming the file."""
    global _loading
    import waterbed.agents.migrant  # noqa: F401  rules are known once their modules are
    import waterbed.engine.day  # noqa: F401

    found = Plugins()
    for path in paths:
        if not Path(path).is_file():
            raise InputError(f"plugins: no file '{path}'; give the path of a Python file")
        # A name that follows from the file, and a place in sys.modules: what Numba caches refers to both.
        mark = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
        spec = importlib.util.spec_from_file_location(f"waterbed_plugin_{Path(path).stem}_{mark}", path)
        assert spec is not None and spec.loader is not None
        module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
        before = len(found.strategies) + len(found.rules)
        _loading = found
        try:
            spec.loader.exec_module(module)
        except InputError:
            raise
        except Exception as error:
            where = line_in(path, error)
            raise InputError(f"plugins: '{path}'{where} cannot be run: {type(error).__name__}: {error}") from error
        finally:
            _loading = None
        if len(found.strategies) + len(found.rules) > before:
            found.sources.append(module)
            _take_helpers(module, found)
    _require_arguments(found)
    return found


def line_in(path: str, error: BaseException) -> str:
    """Where in a file an error came up, as ``, line 5``; nothing where it did not."""
    lines = [entry.lineno for entry in traceback.extract_tb(error.__traceback__) if entry.filename == path]
    return f", line {lines[-1]}" if lines else ""


def _take_helpers(module: types.ModuleType, found: Plugins) -> None:
    """Let strategies and rules call the other functions of their file."""
    known = [*found.strategies.values(), *found.rules.values(), *found.measures.values()]
    for function in vars(module).values():
        if isinstance(function, types.FunctionType) and function.__module__ == module.__name__:
            if function not in known:
                inlined(function)


def _require_arguments(found: Plugins) -> None:
    """Raise InputError for a strategy or rule that does not take what it will be given."""
    given = [(f"police strategy '{name}'", f, ("self", "post", "day", "world")) for name, f in found.strategies.items()]
    given += [
        (f"rule '{name}'", f, tuple(inspect.signature(RULES[name]).parameters)) for name, f in found.rules.items()
    ]
    faults = []
    for what, function, names in given:
        mine = tuple(inspect.signature(function).parameters)
        if len(mine) != len(names):
            code = function.__code__
            faults.append(f"plugins: '{code.co_filename}', line {code.co_firstlineno}: {what} takes "
                          f"({', '.join(mine)}); it has to take ({', '.join(names)})")  # fmt: skip
    if faults:
        raise InputError(faults)


def _dispatch(strategies: list[Function]) -> Function:
    """One rule that calls the strategy of a unit's number, built from the last to the first."""

    def chain(code: int, first: Function, others: Function) -> Function:
        def own_strategy(self, post, day, world):  # type: ignore[no-untyped-def]
            if self.strategy == code:
                return first(self, post, day, world)
            return others(self, post, day, world)

        # The linker takes the first of equal names, so that a chain has to be named by what is in it.
        links = f"{code} {first.__module__}.{first.__qualname__} {others.__qualname__}"
        own_strategy.__qualname__ = f"own_strategy_{hashlib.sha256(links.encode()).hexdigest()[:16]}"
        return inlined(own_strategy)  # type: ignore[no-any-return]

    def nothing(self, post, day, world):  # type: ignore[no-untyped-def]
        return 0.0

    rule: Function = inlined(nothing)
    for i, strategy in reversed(list(enumerate(strategies))):
        rule = chain(100 + i, inlined(strategy), rule)
    return rule
