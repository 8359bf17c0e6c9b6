"""Many runs: designs, the runner, the store of runs, and what follows from them."""

from __future__ import annotations

from .study import Study, StudyResult

__all__ = ["Study", "StudyResult"]
