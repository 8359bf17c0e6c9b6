"""What came of a study: its tables, and where they are written."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..measures.tables import whole, write_table
from .results import Results

if TYPE_CHECKING:
    import pandas as pd

    from .study import Study


@dataclass(frozen=True)
class StudyResult:
    """What came of a study."""

    study: Study
    results: Results
    seconds: float
    damaged: list[str] = field(default_factory=list)
    """Files of the store that could not be read."""
    screening: StudyResult | None = None
    """The screening that chose the factors."""

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run."""
        return self.results.runs

    @property
    def summary(self) -> pd.DataFrame:
        """A row a point and effect."""
        return self.results.summary

    @cached_property
    def _sensitivity(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        if not self.study.points.methods:
            return None
        from .sensitivity import sensitivity

        return sensitivity(self.results, self.study.points, self.study.file)

    @property
    def sensitivity(self) -> pd.DataFrame | None:
        """A row an effect, factor and index; nothing where the design is for no sensitivity analysis."""
        return self._sensitivity[0] if self._sensitivity else None

    @property
    def convergence(self) -> pd.DataFrame | None:
        """The same indices from a quarter and from half of the sample."""
        return self._sensitivity[1] if self._sensitivity else None

    @property
    def digest(self) -> str:
        """SHA-256 over the content of the runs, seconds left out."""
        return self.results.digest

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int((self.results.status == "failed").sum())

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Enough to make it again."""
        from ..measures.provenance import provenance

        study = self.study
        more = {
            "study": study.file.model_dump(mode="json"), "points": len(study.points), "runs": len(self.runs),
            "failed": self.failed, "seeds": study.plan.seeds, "model_version": study.plan.version,
            "wall_time_s": self.seconds, "digest": self.digest,
        }  # fmt: skip
        if self.screening is not None:
            more["screening"] = self.screening.study.file.model_dump(mode="json") | {"digest": self.screening.digest}
        if study.base is None:
            return {"kind": "study"} | more
        return provenance("study", study.base, **more)

    def save(self, folder: Path) -> Path:
        """Write the tables; provenance last, so that a folder that has it is complete."""
        write_table(self.runs, folder / "runs.parquet")
        tables = {"summary": self.summary, "sensitivity": self.sensitivity, "convergence": self.convergence}
        for name, table in tables.items():
            if table is not None:
                whole(folder / f"{name}.csv", lambda temporary, table=table: table.to_csv(temporary, index=False))
        text = json.dumps(self.provenance, indent=2, ensure_ascii=False) + "\n"
        whole(folder / "provenance.json", lambda temporary: temporary.write_text(text, encoding="utf-8"))
        return folder
