"""What is observed, and what it means: effects against the counterfactual twin."""

from __future__ import annotations

from .compare import compare
from .comparison import Comparison

__all__ = ["Comparison", "compare"]
