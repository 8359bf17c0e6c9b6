"""What to simulate: the validated scenario, TOML in and out, and the bundled library."""

from __future__ import annotations

from .addresses import addresses, at
from .checking import faults
from .loading import bundled, load, parse, with_settings
from .measure import Operation, Policy, Target
from .parameter import Declaration
from .scenario import Compare, Scenario

__all__ = [
    "Compare",
    "Declaration",
    "Operation",
    "Policy",
    "Scenario",
    "Target",
    "addresses",
    "at",
    "bundled",
    "faults",
    "load",
    "parse",
    "with_settings",
]
