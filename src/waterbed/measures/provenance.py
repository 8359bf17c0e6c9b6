"""Where a result comes from: enough to make it again."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..scenario.scenario import Scenario

LIBRARIES = ("waterbed", "mesa", "networkx", "numba", "numpy", "pandas", "pyarrow", "pydantic")


def provenance(kind: str, scenario: Scenario, **more: Any) -> dict[str, Any]:
    """Kind of result, version, resolved scenario, platform, library versions and command, and what is given."""
    from .. import __version__

    return {
        "kind": kind,
        "version": __version__,
        "scenario": scenario.model_dump(mode="json"),
        "platform": platform.platform(),
        "python": platform.python_version(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "command": _command(),
    } | more


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _command() -> str:
    """The command line, where it is waterbed's own; a notebook's or a test's says nothing."""
    program = sys.argv[0] if sys.argv else ""
    return " ".join(["waterbed", *sys.argv[1:]]) if "waterbed" in program else "from Python"
