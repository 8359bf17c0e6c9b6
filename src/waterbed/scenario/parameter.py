"""How a parameter is declared: once, with type, unit, bounds, plausible range, meaning and source.

Everything else that speaks of parameters (validation, ``--resolved``, the ODD's table, study bounds,
sliders) is derived from these declarations; nowhere else is a default written down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, Strict
from pydantic.fields import FieldInfo

JUDGEMENT = "judgement"
"""Source of a value that has none: a starting point, to be part of every sensitivity analysis."""

TUNED = "judgement; tuned on classroom, seeds 0-39, see docs/design.md"
PROTOTYPE = "judgement; prototype of the model specification, tuned on seeds 0-39"
"""Source of a value that a throwaway prototype was tuned to: judgement as well."""

# TOML tells 1 from true and from "1", and so do we.
Real = Annotated[float, Strict()]
Int = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict()]


class Section(BaseModel):
    """A frozen group of parameters that refuses what it does not know."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False
    )

    # A pydantic model iterates over its fields, and mesa.batch_run iterates over whatever it can.
    __iter__ = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Declaration:
    """What is known of one parameter, besides its type and default.

    ``low`` and ``high`` are hard bounds (``None``: unbounded); ``plausible`` is the range that
    sensitivity analyses cover, by default the hard bounds.
    """

    unit: str
    low: float | None
    high: float | None
    plausible: tuple[float, float] | None
    meaning: str
    source: str


def parameter(
    default: Any,
    *,
    unit: str,
    meaning: str,
    source: str = JUDGEMENT,
    low: float | None = None,
    high: float | None = None,
    plausible: tuple[float, float] | None = None,
) -> Any:
    """Declare a parameter of a :class:`Section` with everything that is to be known of it."""
    if plausible is None and low is not None and high is not None:
        plausible = (low, high)
    about: Any = {"unit": unit, "source": source, "plausible": plausible}
    return Field(default, ge=low, le=high, description=meaning, json_schema_extra=about)


def declaration(field: FieldInfo) -> Declaration:
    """Read a declaration back from a pydantic field."""
    bounds = {name: getattr(m, name) for m in field.metadata for name in ("ge", "le") if hasattr(m, name)}
    about: Any = field.json_schema_extra or {}
    return Declaration(
        unit=about.get("unit", ""),
        low=bounds.get("ge"),
        high=bounds.get("le"),
        plausible=about.get("plausible"),
        meaning=field.description or "",
        source=about.get("source", ""),
    )
