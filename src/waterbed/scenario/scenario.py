"""The scenario: everything that decides a run, apart from its seed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, PlainSerializer

from .behaviour import Choice, Hubs, Learning, Migration, Police, Recruiting, World
from .measure import Operation, Policy
from .parameter import Int, Section, Text, parameter
from .table import FrozenTable


def _frozen[T](mapping: Mapping[str, T]) -> Mapping[str, T]:
    for name in mapping:
        # A name is part of an address, so a dot in it would make two addresses of one.
        if not re.fullmatch(r"[A-Za-z0-9_-]+", name):
            raise ValueError(f"{name!r} is not a name; use letters, digits, - and _")
    return FrozenTable(mapping)


# A dict inside a frozen model would still be mutable.
type Table[T] = Annotated[
    Mapping[str, T], AfterValidator(_frozen), PlainSerializer(lambda m: dict(m), return_type=dict)
]


FORMAT = 1
"""Version of the scenario file format."""


class Compare(Section):
    """What a comparison looks at."""

    treated: tuple[Text, ...] = parameter(
        (), unit="", meaning="Legs ('Tail > Head') that count as treated; none named: by rule."
    )
    fate_days: Int = parameter(
        360, unit="day", low=1, high=3650, plausible=(180, 720), meaning="Age at which a person's fate is read."
    )
    lead_days: Int = parameter(
        180, unit="day", low=0, high=3650, plausible=(60, 360),
        meaning="The cohort begins with people born this long before the measure's start.",
    )
    after_days: Int = parameter(
        90, unit="day", low=1, high=3650, plausible=(30, 360), meaning="Length of the window after the operation."
    )


class Scenario(Section):
    """A complete scenario: frozen, validated, with every default made visible."""

    format: Literal[1] = Field(1, description="Version of this file format.")
    name: Text = Field(description="Name of the scenario.", min_length=1)
    title: Text = Field("", description="One line for lists and reports.")
    network: Text = Field(description="Bundled world (a name) or a folder with places.csv and legs.csv.")
    start_date: date = Field(date(2025, 1, 1), description="Calendar date of day 0; sets the season.")
    days: Int = parameter(
        1080, unit="day", low=1, high=100000, plausible=(360, 1800), meaning="Days simulated after the burn-in."
    )
    burn_in: Int = parameter(
        360, unit="day", low=0, high=10000, plausible=(180, 720), meaning="Days before day 0, without operations."
    )
    persons_per_agent: Int = parameter(
        1, unit="person", low=1, high=1_000_000, meaning="People for whom one simulated migrant stands."
    )
    flow: Annotated[float, Field(strict=True)] = parameter(
        1.0, unit="1", low=0, high=1e6, plausible=(0.5, 2), meaning="Factor on the sizes of all classes of people."
    )
    plugins: tuple[Text, ...] = Field((), description="Python files with own strategies, measures or rules.")

    choice: Choice = Choice()
    migration: Migration = Migration()
    recruiting: Recruiting = Recruiting()
    hubs: Hubs = Hubs()
    learning: Learning = Learning()
    police: Police = Police()
    world: World = World()
    compare: Compare = Compare()
    operations: Table[Operation] = Field({}, description="Police operations, by name.")
    policies: Table[Policy] = Field({}, description="Policies, by name.")

    def untreated(self) -> Scenario:
        """The counterfactual twin: the same world without operations and policies."""
        return self.model_copy(update={"operations": _frozen({}), "policies": _frozen({})})

    @classmethod
    def load(cls, name_or_path: str | Path) -> Scenario:
        """The bundled scenario of that name, or the one in that TOML file.

        Args:
            name_or_path: a name that ``waterbed scenarios`` lists, or a path.

        Raises:
            InputError: with every fault found, one a line.
        """
        from .loading import load

        return load(name_or_path)

    @classmethod
    def parse(cls, text: str, origin: str = "scenario", folder: Path | None = None) -> Scenario:
        """The scenario written in TOML; ``origin`` names it in messages, ``folder`` is where relative paths start."""
        from .loading import parse

        return parse(text, origin, folder)

    def replace(self, changes: Mapping[str, Any]) -> Scenario:
        """A new scenario with the values at dotted addresses replaced, validated as a whole.

        Args:
            changes: new values by address, in the parameter's own unit. ``{"operations.surge": False}`` drops the
                operation. A table replaces by merging, a list as a whole.

        Raises:
            InputError: with every fault found; for an address that does not exist, with the nearest that does.
        """
        from .loading import replace

        return replace(self, changes)

    def to_toml(self, *, resolved: bool = False) -> str:
        """The scenario as TOML: what differs from the defaults, or (resolved) everything, with what is declared."""
        from .resolved import to_toml

        return to_toml(self, resolved=resolved)

    @property
    def key(self) -> str:
        """Everything that decides a run, as canonical JSON: for hashing and caching. Equal scenarios have equal keys.

        The order of operations and policies is kept: it is the order in which they act.
        """
        return json.dumps(self.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))

    def __hash__(self) -> int:
        return hash(self.key)
