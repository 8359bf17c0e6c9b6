"""Calibration by approximate Bayesian computation: a file, its fit, what it leaves. Imported when first used."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .calibration import Calibration, Result

__all__ = ["Calibration", "Result"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(".calibration", __name__), name)
