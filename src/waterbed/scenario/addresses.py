"""Dotted addresses: one name for a parameter, the same in TOML, ``--set``, studies and result columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel

from .parameter import Declaration, declaration
from .scenario import Scenario


def addresses(scenario: Scenario) -> dict[str, tuple[Any, Declaration]]:
    """Every parameter of a scenario, by dotted address: its value and what is declared of it."""
    return dict(_walk(scenario, ""))


def at(scenario: Scenario, address: str) -> Any:
    """The value at a dotted address.

    Raises:
        InputError: when there is no such address; the message names the nearest one.
    """
    from ..errors import InputError

    known = addresses(scenario)
    if address not in known:
        raise InputError(f"{scenario.name}: {address}: {unknown(address, list(known))}")
    return known[address][0]


def unknown(name: str, allowed: list[str]) -> str:
    """What to say of a name that does not exist, with the nearest one that does."""
    near = get_close_matches(name, allowed, n=1, cutoff=0.5)
    if near:
        return f"there is no such name; did you mean {near[0]!r}?"
    if not allowed:
        return "there is no such name, and none is allowed here; leave it out"
    listed = ", ".join(allowed[:12]) + (", …" if len(allowed) > 12 else "")
    return f"there is no such name; allowed here: {listed}"


def keys_at(place: tuple[str, ...]) -> list[str]:
    """The names allowed in the table at a place of a scenario file; empty for a table that takes any name."""
    from .measure import Operation, Policy

    kind: type[BaseModel] | None = Scenario
    step = list(place)
    while step and kind is not None:
        name = step.pop(0)
        if name in ("operations", "policies") and kind is Scenario:
            if not step:
                return []
            step.pop(0)
            kind = Operation if name == "operations" else Policy
            continue
        field = kind.model_fields.get(name)
        inner = field.annotation if field else None
        kind = inner if isinstance(inner, type) and issubclass(inner, BaseModel) else None
    if kind is None:
        return []
    return list(kind.model_fields) + (["base"] if kind is Scenario else [])


def _walk(section: BaseModel, prefix: str) -> Iterator[tuple[str, tuple[Any, Declaration]]]:
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        if isinstance(value, BaseModel):
            yield from _walk(value, f"{prefix}{name}.")
        elif isinstance(value, Mapping):
            for key, entry in value.items():
                yield from _walk(entry, f"{prefix}{name}.{key}.")
        else:
            yield prefix + name, (value, declaration(field))
