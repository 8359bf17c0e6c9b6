"""A comparison of two worlds: its tables, and how they are kept."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from .tables import claim, digest, whole, write_table
from .timelines import COURSE

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

_CSV = ("effects", "fates", "operation")
_MAYBE = ("doses",)
"""Tables that a comparison has only where they were asked for; CSV too."""
_PARQUET = ("timelines", "legs", "legs_course", "runs")
_LATER = {"legs_course": COURSE}
"""Tables that results of older versions lack, and their columns."""
_PEOPLE = dict.fromkeys(("people", "low", "high", "delayed", "with", "without", "difference"), "person")
_BANDS = dict.fromkeys(
    ("median", "low50", "high50", "low90", "high90"),
    "person/day; open_hubs: hub; online_share and world 'relative': share",
)
_BY_ROW = dict.fromkeys(
    ("mean", "low", "high", "run_low", "run_high", "published", "low50", "high50", "naive", "value"),
    "as in column unit",
)
_UNITS = {
    "effects": _BY_ROW, "fates": _PEOPLE, "operation": _BY_ROW, "timelines": _BANDS | {"day": "day"}, "legs": _PEOPLE,
    "legs_course": _PEOPLE | {"day": "day"}, "runs": _BY_ROW,
    "doses": _BY_ROW | {"dose": "times the planned officers", "officers": "officer"},
}  # fmt: skip
_NAMES = ("effect", "key", "unit", "status", "note")
_TEXT = {"effects": _NAMES, "doses": _NAMES, "fates": ("without", "with"),
         "operation": ("row", "unit", "operation")}  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """What paired replicates say. Every table is tidy; units of its columns are in ``table.attrs["units"]``."""

    effects: pd.DataFrame
    """A row an effect and key, with estimate and 90 % intervals of the mean and of single runs, in its ``unit``."""
    fates: pd.DataFrame
    """People of the cohort by fate ``without`` and ``with``, mean a run."""
    operation: pd.DataFrame
    """What each operation reports, in the rows that INTERPOL publishes."""
    timelines: pd.DataFrame
    """A row a day, series and world, with median and bands of the replicates, people a day (trailing means)."""
    legs: pd.DataFrame
    """A row a leg, with crossings in both worlds, people over the window, with the 90 % interval of the change."""
    legs_course: pd.DataFrame
    """A row a leg and step of 14 days: change of crossings, people, with its 90 % interval."""
    runs: pd.DataFrame
    """A row a replicate, effect and key, with its seed, its terms and its own value."""
    sets: dict[str, Any]
    """Treated, buffer and control legs by name, and why these."""
    cohort: dict[str, Any]
    """Whose fates are read, and sums over them."""
    provenance: dict[str, Any]
    """Scenarios, seeds, versions, platform; all that made it."""
    doses: pd.DataFrame | None = None
    """All effects with fewer officers and with more, see :mod:`.doses`; None where no other dose was asked for."""

    def __post_init__(self) -> None:
        for name, table in self.tables().items():
            numbers = set(table.select_dtypes("number").columns)
            table.attrs["units"] = {column: unit for column, unit in _UNITS[name].items() if column in numbers}

    @property
    def scenario(self) -> Scenario:
        """The scenario with the measure."""
        return _scenario(json.dumps(self.provenance["scenario"]))

    @property
    def against(self) -> Scenario:
        """The scenario of the other world."""
        return _scenario(json.dumps(self.provenance["against"]))

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
        """Pairs of runs that are done."""
        return int(self.provenance["replicates"])

    @property
    def stopped(self) -> str:
        """Why fewer pairs are done than were asked for, or nothing."""
        return str(self.provenance.get("stopped", ""))

    def effect(self, name: str, key: str | None = None) -> dict[str, Any]:
        """One row of the effects; without a key, the first of that name, which is the one to read first.

        Raises:
            KeyError: for an unknown one, with the keys that there are.
        """
        rows = self.effects[self.effects["effect"] == name]
        if rows.empty:
            raise KeyError(f"no effect {name!r}; there are {sorted(set(self.effects['effect']))}")
        chosen = rows if key is None else rows[rows["key"] == key]
        if chosen.empty:
            raise KeyError(f"no key {key!r} of effect {name!r}; there are {rows['key'].tolist()}")
        return {str(k): v for k, v in chosen.iloc[0].items()}

    def plot(self, figure: str, width: str = "page") -> Any:
        """A figure of the report, as a Matplotlib figure: "timelines", "fates", "map", "effects", "summary" and others.

        Args:
            figure: its name.
            width: "page" (178 mm, some figures less), or, of some of them, also "column" (85 mm).

        Raises:
            KeyError: for an unknown figure, with those that there are.
            InputError: for an unknown width, or one that the figure does not have.
        """
        # The one arrow that points up, for whoever sits at a prompt; followed only when called.
        from ..report.html import draw

        return draw(self, figure, width)

    def plot_timelines(self, width: str = "page") -> Any:
        """Both worlds over the days, and the difference within pairs. ``width`` and errors: see :meth:`plot`."""
        return self.plot("timelines", width)

    def plot_fates(self, width: str = "page") -> Any:
        """Fates of the same people without and with the measure (alluvial). ``width`` and errors: see :meth:`plot`."""
        return self.plot("fates", width)

    def plot_map(self, width: str = "page") -> Any:
        """Where flow fell and rose. ``width`` and errors: see :meth:`plot`."""
        return self.plot("map", width)

    def plot_effects(self, width: str = "page") -> Any:
        """Effects in groups, with both intervals. ``width`` and errors: see :meth:`plot`."""
        return self.plot("effects", width)

    def plot_doses(self, width: str = "page") -> Any:
        """What fewer officers and more do. ``width`` and errors: see :meth:`plot`; InputError where none were run."""
        return self.plot("doses", width)

    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name."""
        kept = {name: getattr(self, name) for name in (*_CSV, *_PARQUET)}
        return kept | {name: table for name in _MAYBE if (table := getattr(self, name)) is not None}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the content of all tables: equal for equal bits."""
        return digest(self.tables())

    def save(self, folder: str | Path, *, csv: bool = False, force: bool = False) -> Path:
        """Write everything but the report.

        Args:
            csv: write CSV beside Parquet.
            force: overwrite a run that is stored there.

        Returns:
            The folder.

        Raises:
            InputError: for a folder that holds another run, unless ``force``.
        """
        overwrites = (Path(folder) / "provenance.json").exists()
        path = claim(folder, force)
        if overwrites:
            for old in ("report.html", "diaries.parquet", "diaries.csv", *(f"{name}.csv" for name in _MAYBE)):
                (path / old).unlink(missing_ok=True)
            shutil.rmtree(path / "figures", ignore_errors=True)
        for name in (*_CSV, *_MAYBE):
            table = getattr(self, name)
            if table is None:
                continue
            whole(path / f"{name}.csv", lambda temporary, table=table: table.to_csv(temporary, index=False))
        for name in _PARQUET:
            write_table(getattr(self, name), path / f"{name}.parquet", csv)
        about = self.provenance | {"sets": self.sets, "cohort": self.cohort, "digest": self.digest}
        for name, value, indent in (("legs.geojson", self._geojson(), None), ("provenance.json", about, 2)):
            text = json.dumps(value, indent=indent, ensure_ascii=False, allow_nan=False) + "\n"
            whole(path / name, lambda temporary, text=text: temporary.write_text(text, encoding="utf-8"))
        return path

    def _geojson(self) -> dict[str, Any]:
        """Legs as lines with their flows and effects, for QGIS. A missing number is null."""
        features = []
        for record in self.legs.to_dict("records"):
            line = [[record.pop(f"{end}_lon"), record.pop(f"{end}_lat")] for end in ("tail", "head")]
            known = {str(k): None if v != v else v for k, v in record.items()}
            geometry = {"type": "LineString", "coordinates": line}
            features.append({"type": "Feature", "geometry": geometry, "properties": known})
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
            stored = [*_CSV, *(name for name in _MAYBE if (path / f"{name}.csv").exists())]
            tables = {name: pd.read_csv(path / f"{name}.csv", engine="python") for name in stored}
            for name in stored:
                for column in _TEXT[name]:
                    tables[name][column] = tables[name][column].fillna("")
            tables |= {n: pd.read_parquet(path / f"{n}.parquet") for n in _PARQUET if n not in _LATER}
            for name, columns in _LATER.items():
                file = path / f"{name}.parquet"
                tables[name] = pd.read_parquet(file) if file.exists() else pd.DataFrame(columns=list(columns))
            about.pop("digest", None)
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


@lru_cache(maxsize=16)
def _scenario(text: str) -> Scenario:
    from ..scenario.scenario import Scenario

    return Scenario.model_validate_json(text)
