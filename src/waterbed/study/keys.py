"""What makes two runs the same: resolved scenario, seed, and the version of everything that computes them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .factors import Axis

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

_NOT_DECISIVE = ("name", "title", "plugins")
"""Fields that change no number: plug-ins are part of the version, by their content."""
_ROOMS = ("agents", "engine", "measures", "network")


@cache
def version_of(plugins: tuple[str, ...]) -> str:
    """The model's version (fingerprint of its rules), and a hash of all sources that a result passes through.

    Rules alone would not do: an edit in what lays out a world, or in what reads an effect, changes numbers too.
    """
    from ..engine.compiled import version

    total = hashlib.blake2b(digest_size=6)
    package = Path(__file__).parent.parent
    for plugin in plugins:  # the model's version knows their rules, but not their measures
        total.update(Path(plugin).read_bytes())
    for room in _ROOMS:
        for path in sorted((package / room).rglob("*.py")):
            total.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{version(plugins)}-{total.hexdigest()}"


@cache
def _world(name: str) -> str:
    """Hash of the tables of a world, wherever it lies."""
    from ..network import load_world

    folder = Path(load_world(name).folder)
    total = hashlib.blake2b(digest_size=8)
    for path in sorted(folder.glob("*.csv")):
        total.update(path.name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def text_of(scenario: Scenario) -> str:
    """All that decides a run apart from its seed, as JSON."""
    return json.dumps(_tree(scenario), ensure_ascii=False, separators=(",", ":"))


def _tree(scenario: Scenario) -> dict[str, Any]:
    tree = scenario.model_dump(mode="json", exclude=set(_NOT_DECISIVE))
    tree["network"] = _world(scenario.network)
    return tree


class Keys:
    """The key of each run of a study: 32 hexadecimal digits."""

    def __init__(self, base: Scenario | None, axes: Sequence[Axis], version: str) -> None:
        self._base, self._axes, self._version = base, axes, version
        self._parts: list[str] = []
        """JSON of the scenario around the factors' values, where each factor is one value in it."""
        self._order: list[int] = []
        self._known: list[dict[str, str]] = [{} for _ in axes]
        if base is not None:
            self._cut(_tree(base))

    def _cut(self, tree: dict[str, Any]) -> None:
        marks = {}
        for i, axis in enumerate(self._axes):
            *way, last = axis.address.split(".")
            table: Any = tree
            for name in way:
                table = table.get(name) if isinstance(table, Mapping) else None
            if not isinstance(table, dict) or isinstance(table.get(last), Mapping) or axis.address == "network":
                return
            marks[i] = table[last] = f"\x00{i}\x00"
        text = json.dumps(tree, ensure_ascii=False, separators=(",", ":"))
        at = sorted(marks, key=lambda i: text.index(json.dumps(marks[i])))
        for i in at:
            before, text = text.split(json.dumps(marks[i]), 1)
            self._parts.append(before)
            self._order.append(i)
        self._parts.append(text)

    def point(self, values: Sequence[Any]) -> bytes:
        """Hash of a point: of the resolved scenario, whichever way it came about."""
        text = self._text(values)
        return hashlib.blake2b(f"{self._version}\0{text}".encode(), digest_size=16).digest()

    def _text(self, values: Sequence[Any]) -> str:
        if self._base is None:
            return json.dumps(dict(zip((a.address for a in self._axes), values, strict=True)), default=str)
        if not self._parts:
            changes = {axis.address: value for axis, value in zip(self._axes, values, strict=True)}
            return text_of(self._base.replace(changes))
        parts = [self._parts[0]]
        for i, after in zip(self._order, self._parts[1:], strict=True):
            parts += (self._resolved(i, values[i]), after)
        return "".join(parts)

    def _resolved(self, i: int, value: Any) -> str:
        """A value as the resolved scenario has it (a whole number where it takes a real one becomes real)."""
        axis = self._axes[i]
        if not axis.levels:
            return repr(value)
        written = repr(value)
        if written not in self._known[i]:
            assert self._base is not None
            found: Any = _tree(self._base.replace({axis.address: value}))
            for name in axis.address.split("."):
                found = found[name]
            self._known[i][written] = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
        return self._known[i][written]

    @staticmethod
    def run(point: bytes, seed: int) -> str:
        """The key of a point under a seed."""
        return hashlib.blake2b(point + seed.to_bytes(8, "little"), digest_size=16).hexdigest()
