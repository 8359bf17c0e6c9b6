"""Write the generated parts of ``docs/odd.md``: schedule, state variables, parameters. ``--check`` only compares."""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

from pydantic import BaseModel

from waterbed.agents import hub, migrant, police, recruiter
from waterbed.engine.day import day
from waterbed.scenario.parameter import declaration
from waterbed.scenario.scenario import Scenario

PAGE = Path(__file__).with_name("odd.md")


def schedule() -> str:
    """The nine phases, as the function that runs them says."""
    return inspect.cleandoc(day.__doc__ or "")


def variables() -> str:
    """State variables of the four kinds of agent."""
    parts = []
    for name, module in {"Migrant": migrant, "Recruiter": recruiter, "Hub": hub, "Police unit": police}.items():
        all_of_them = (*module.VARIABLES, *getattr(module, "BIOGRAPHY", ()))
        rows = "\n".join(f"| `{v.name}` | {v.unit or '–'} | {v.meaning} |" for v in all_of_them)
        parts.append(f"**{name}**\n\n| variable | unit | meaning |\n|---|---|---|\n{rows}")
    return "\n\n".join(parts)


def parameters() -> str:
    """Every parameter with unit, default, range, meaning and source."""
    rows = []
    for section, field in Scenario.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for name, inner in kind.model_fields.items():
                about = declaration(inner)
                span = "–" if about.plausible is None else f"{about.plausible[0]:g} to {about.plausible[1]:g}"
                cells = (f"`{section}.{name}`", inner.default, about.unit or "–", span, about.meaning, about.source)
                rows.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "| parameter | default | unit | plausible | meaning | source |\n|---|---|---|---|---|---|\n" + "\n".join(
        rows
    )


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
