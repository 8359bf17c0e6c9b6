"""Many runs: designs, the runner, the store of runs, and what follows from them. Imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .study import Study, StudyResult

__all__ = ["Study", "StudyResult"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".study", __name__), name)
