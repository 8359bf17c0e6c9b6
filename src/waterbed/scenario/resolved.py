"""A scenario as TOML: short, as people write it, or resolved, with every default made visible."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import tomlkit
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from tomlkit.items import Item, Table

from .parameter import Declaration, declaration
from .scenario import Scenario

_ALWAYS = ("format", "name", "network")


def to_toml(scenario: Scenario, *, resolved: bool = False) -> str:
    """The scenario as TOML that reads back to an equal one.

    Short: what differs from the defaults. Resolved: every parameter, each with unit, bounds, meaning and source in
    a comment.
    """
    document = tomlkit.document()
    if resolved:
        document.add(tomlkit.comment(f"{scenario.name}: every parameter, with [unit; bounds] meaning (source)."))
    _fill(document, scenario, resolved, _ALWAYS)
    return tomlkit.dumps(document).strip() + "\n"


def comment(declared: Declaration) -> str:
    """Unit, bounds, meaning and source of a parameter in one line."""
    facts = [declared.unit] if declared.unit else []
    if declared.low is not None or declared.high is not None:
        low = "…" if declared.low is None else f"{declared.low:g}"
        high = "…" if declared.high is None else f"{declared.high:g}"
        facts.append(f"{low} to {high}")
    about = f"[{'; '.join(facts)}] " if facts else ""
    source = f" ({declared.source})" if declared.source else ""
    return f"{about}{declared.meaning}{source}"


def _fill(table: Any, section: BaseModel, resolved: bool, always: tuple[str, ...] = ()) -> None:
    values: list[tuple[str, FieldInfo, Any]] = []
    tables: list[tuple[str, FieldInfo, Any]] = []
    for name, field in type(section).model_fields.items():
        value = getattr(section, name)
        (tables if isinstance(value, BaseModel | Mapping) else values).append((name, field, value))
    for name, field, value in values:
        if not resolved and name not in always and value == field.get_default(call_default_factory=True):
            continue
        item = _item(value)
        if resolved:
            item.comment(comment(declaration(field)))
        table.add(name, item)
    for name, _, value in tables:
        inner = _table(value, resolved)
        if inner is not None:
            table.add(name, inner)


def _table(value: BaseModel | Mapping[str, BaseModel], resolved: bool) -> Table | None:
    """A section or a table of sections; ``None`` when there is nothing to say of it."""
    inner = tomlkit.table(is_super_table=isinstance(value, Mapping))
    if isinstance(value, Mapping):
        for name, entry in value.items():
            inner.add(name, _table(entry, resolved) or tomlkit.table())
    else:
        _fill(inner, value, resolved)
    return inner if len(inner) else None


def _item(value: Any) -> Item:
    item = tomlkit.item(list(value) if isinstance(value, tuple) else value)
    if isinstance(value, tuple) and len(value) > 12:
        # 119 countries in one line would be unreadable, one a line too long.
        item = tomlkit.array()
        for i in range(0, len(value), 12):
            item.add_line(*value[i : i + 12], indent="  ")
        item.add_line(indent="")
    return item
