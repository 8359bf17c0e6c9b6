"""waterbed: smuggling networks and enforcement, simulated with and without an operation.

The names below are imported when first used, so that ``import waterbed`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .errors import InputError

if TYPE_CHECKING:
    from .engine.run import Run, simulate, simulate_pair
    from .measures.compare import compare
    from .measures.comparison import Comparison
    from .model import SmugglingModel
    from .scenario import Scenario
    from .study import Study

__version__ = "0.1.0"

_HOMES = {
    "Comparison": ".measures",
    "Run": ".engine.run",
    "Scenario": ".scenario",
    "SmugglingModel": ".model",
    "Study": ".study",
    "compare": ".measures",
    "simulate": ".engine.run",
    "simulate_pair": ".engine.run",
}

__all__ = [
    "Comparison",
    "InputError",
    "Run",
    "Scenario",
    "SmugglingModel",
    "Study",
    "__version__",
    "compare",
    "simulate",
    "simulate_pair",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(home, __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(globals()) | set(__all__))
