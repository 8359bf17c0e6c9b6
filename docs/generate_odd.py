"""Write the generated parts of ``docs/odd.md``: schedule, state variables, parameters. ``--check`` only compares."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from pydantic import BaseModel

from waterbed.agents import hub, migrant, police, recruiter
from waterbed.engine import world
from waterbed.engine.day import day
from waterbed.engine.records import Variable
from waterbed.scenario.measure import Operation, Policy, Target
from waterbed.scenario.parameter import declaration
from waterbed.scenario.scenario import Scenario

PAGE = Path(__file__).with_name("odd.md")
AGENTS = {"Migrant": migrant, "Recruiter": recruiter, "Hub": hub, "Police unit": police}
OTHERS = {
    "Place": world.PLACE, "Trade (a place's recruiters of one channel)": world.TRADE,
    "Region (shares online recruiters)": world.REGION, "Country": world.COUNTRY, "Leg": world.LEG,
    "Route (legs of one label)": world.ROUTE, "Carrier (a hub's offer of a leg)": world.CARRIER,
    "Class of people": world.CLASS, "Group (people of a class at an origin)": world.GROUP, "Post": world.POST,
    "Operation": world.OPERATION, "Policy": world.POLICY, "Investigation": world.INVESTIGATION,
}  # fmt: skip


def schedule() -> str:
    """The nine phases, as the function that runs them says."""
    return inspect.cleandoc(day.__doc__ or "")


def variables() -> str:
    """State variables of the four kinds of agent, and of all else."""
    kinds: dict[str, Iterable[Variable]] = {name: module.VARIABLES for name, module in AGENTS.items()} | OTHERS
    kinds["Migrant"] = (*migrant.VARIABLES, *migrant.BIOGRAPHY)
    parts = []
    for name, listed in kinds.items():
        rows = "\n".join(f"| `{v.name}` | {v.unit or '–'} | {v.meaning} |" for v in listed)
        parts.append(f"**{name}**\n\n| variable | unit | meaning |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts)


def parameters() -> str:
    """Every parameter with unit, default, range, meaning and source, by its address."""
    rows = []
    for name, field in Scenario.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            rows += _rows(kind, f"{name}.")
        elif field.json_schema_extra:
            rows.append(_row(name, field))
    rows += _rows(Operation, "operations.NAME.") + _rows(Target, "operations.NAME.target.")
    rows += _rows(Policy, "policies.NAME.")
    head = "| parameter | default | unit | plausible | meaning | source |\n|---|---|---|---|---|---|\n"
    return head + "\n".join(rows)


def _rows(kind: type[BaseModel], prefix: str) -> list[str]:
    return [_row(prefix + name, field) for name, field in kind.model_fields.items() if name != "target"]


def _row(address: str, field: object) -> str:
    about = declaration(field)  # type: ignore[arg-type]
    span = "–" if about.plausible is None else f"{about.plausible[0]:g} to {about.plausible[1]:g}"
    default = field.default  # type: ignore[attr-defined]
    shown = str(default).lower() if isinstance(default, bool) else default
    cells = (f"`{address}`", "–" if shown in ("", ()) else shown, about.unit or "–", span, about.meaning, about.source)
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def generated(page: str) -> str:
    """The page with its generated parts anew."""
    for name, make in {"schedule": schedule, "variables": variables, "parameters": parameters}.items():
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        page = re.sub(pattern, lambda m, make=make: m[1] + make() + "\n" + m[2], page, flags=re.S)
    return page


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    if "--check" in sys.argv:
        raise SystemExit(text != generated(text))
    PAGE.write_text(generated(text), encoding="utf-8")
