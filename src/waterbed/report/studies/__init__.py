"""Figures of studies, each a function of axes and a tidy table that returns the axes; and the page that holds them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from .curves import dots, response
from .heat import heat_map
from .scatter import pareto, scatter_matrix
from .sensitivity import bars, covariance, growth

if TYPE_CHECKING:
    from ...study.study import StudyResult

__all__ = ["bars", "covariance", "dots", "growth", "heat_map", "holds_study", "pareto", "response", "scatter_matrix",
           "write_study_report"]  # fmt: skip


def holds_study(folder: Path) -> bool:
    """Whether a folder of results is a study's."""
    return bool(json.loads((folder / "provenance.json").read_text("utf-8")).get("kind") == "study")


def write_study_report(folder: Path, result: StudyResult | None = None) -> Path:
    """Draw a study's figures (SVG and PNG) and its page from its stored tables; returns the page's path."""
    from .page import write

    return write(folder)
