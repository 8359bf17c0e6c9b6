"""A comparison of two worlds: its tables, and how they are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .tables import claim, digest, whole, write_table

if TYPE_CHECKING:
    import pandas as pd

_CSV = ("effects", "fates", "operation")
_PARQUET = ("timelines", "legs")


@dataclass(frozen=True)
class Comparison:
    """What paired replicates say; every table is tidy, its columns as in the documentation of files."""

    effects: pd.DataFrame
    fates: pd.DataFrame
    operation: pd.DataFrame
    timelines: pd.DataFrame
    legs: pd.DataFrame
    sets: dict[str, Any]
    cohort: dict[str, Any]
    provenance: dict[str, Any]

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.provenance["scenario"]["name"])

    @property
    def title(self) -> str:
        """One line about the scenario."""
        return str(self.provenance["scenario"]["title"] or self.name)

    @property
    def replicates(self) -> int:
        """Pairs of runs."""
        return int(self.provenance["replicates"])

    def effect(self, name: str, key: str = "") -> dict[str, Any]:
        """One row of the effects. Raises KeyError for an unknown one."""
        rows = self.effects[(self.effects["effect"] == name) & (self.effects["key"] == key)]
        if rows.empty:
            raise KeyError(f"no effect {name} ({key})")
        return dict(rows.iloc[0])

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        return {name: getattr(self, name) for name in (*_CSV, *_PARQUET)}

    def save(self, folder: str | Path, *, csv: bool = False, force: bool = False) -> Path:
        """Write everything but the report; raises InputError for a folder that holds another run."""
        path = claim(folder, force)
        for name in _CSV:
            table = getattr(self, name)
            whole(path / f"{name}.csv", lambda temporary, table=table: table.to_csv(temporary, index=False))
        for name in _PARQUET:
            write_table(getattr(self, name), path / f"{name}.parquet", csv)
        whole(path / "legs.geojson", lambda temporary: temporary.write_text(json.dumps(self._geojson())))
        about = self.provenance | {"sets": self.sets, "cohort": self.cohort, "digest": digest(self.tables())}
        whole(path / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))
        return path

    def _geojson(self) -> dict[str, Any]:
        features = []
        for row in self.legs.itertuples(index=False):
            record = row._asdict()
            ends = [[record.pop(f"{end}_lon"), record.pop(f"{end}_lat")] for end in ("tail", "head")]
            clean = {k.lstrip("_"): _plain(v) for k, v in record.items()}
            features.append(
                {"type": "Feature", "geometry": {"type": "LineString", "coordinates": ends}, "properties": clean}
            )
        return {"type": "FeatureCollection", "features": features}

    @classmethod
    def load(cls, folder: str | Path) -> Comparison:
        """Read a comparison back. Raises InputError where the folder holds none."""
        import pandas as pd

        path = Path(folder)
        if not (path / "provenance.json").is_file() or not (path / "effects.csv").is_file():
            raise InputError(f"'{path}' holds no comparison; make one with: waterbed compare NAME --out {path}")
        try:
            about = json.loads((path / "provenance.json").read_text())
            tables = {n: pd.read_csv(path / f"{n}.csv", keep_default_na=True) for n in _CSV}
            for name in ("effect", "key", "unit", "status", "note"):
                tables["effects"][name] = tables["effects"][name].fillna("")
            tables |= {n: pd.read_parquet(path / f"{n}.parquet") for n in _PARQUET}
            return cls(**tables, sets=about.pop("sets"), cohort=about.pop("cohort"), provenance=about)
        except (OSError, ValueError, KeyError) as error:
            raise InputError(
                f"'{path}' cannot be read as a comparison ({error}); make it again with waterbed compare"
            ) from error


def _plain(value: Any) -> Any:
    """A value as JSON knows it; what is no number is nothing."""
    if value != value:
        return None
    return value.item() if hasattr(value, "item") else value
