"""Tidy tables with units, their digest, and how they are written: whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.states import FATES
from ..engine.world import (
    CHANNEL_COUNTS,
    COUNTRY_COUNTS,
    EVENT_KINDS,
    LEG_COUNTS,
    NETWORK_COUNTS,
    PLACE_COUNTS,
    TOTALS,
)
from ..errors import InputError
from .provenance import provenance

if TYPE_CHECKING:
    import pandas as pd

    from ..engine.run import Run

PEOPLE = {"contacts", "recruits", "recruits_online", "arrivals", "departures", "crossings", "detections", "turned_back",
          "returned", "deaths", "newly_exploited", "exploited", "protected", "detained", "stranded", "legal", "births",
          "carried", "stopped"}  # fmt: skip


def run_tables(run: Run) -> dict[str, pd.DataFrame]:
    """``daily``, ``legs_daily``, ``fates`` and ``events`` of a run, in people; units in ``attrs``."""
    return {"daily": _daily(run), "legs_daily": _legs_daily(run), "fates": _fates(run), "events": _events(run)}


def _long(run: Run, counts: np.ndarray, columns: tuple[str, ...], kind: str, keys: list[str]) -> pd.DataFrame:
    import pandas as pd

    day, key, column = np.nonzero(counts)
    ppa = run.scenario.persons_per_agent
    scale = np.array([ppa if c in PEOPLE or c.endswith("cents") else 1 for c in columns])
    return pd.DataFrame(
        {
            "day": day,
            "measure": np.array(columns)[column],
            "key_kind": kind,
            "key": np.array(keys, dtype=object)[key],
            "value": (counts[day, key, column] * scale[column]).astype(float),
        }
    )


def _daily(run: Run) -> pd.DataFrame:
    import pandas as pd

    by = run.world.network.places["name"].tolist()
    parts = [
        _long(run, run.totals[:, None, :], TOTALS, "all", [""]),
        _long(run, run.places, PLACE_COUNTS, "place", by),
        _long(run, run.countries, COUNTRY_COUNTS, "country", run.country_names),
        _long(run, run.networks, NETWORK_COUNTS, "network", run.network_names or [""]),
        _long(run, run.channels, CHANNEL_COUNTS, "channel", ["in person", "online"]),
    ]
    labels = run.world.network.legs["route"].to_numpy()
    routes = [r for r in dict.fromkeys(labels) if r]
    if routes:
        flows = np.stack([run.legs[:, labels == r].sum(axis=1) for r in routes], axis=1)
        parts.append(_long(run, flows, LEG_COUNTS, "route", routes))
    for name, values in (("mean_fee", run.mean_fee), ("mean_belief", run.mean_belief)):
        day = np.flatnonzero(~np.isnan(values))
        parts.append(pd.DataFrame({"day": day, "measure": name, "key_kind": "all", "key": "", "value": values[day]}))
    table = pd.concat(parts, ignore_index=True)
    return _with_units(
        table, {"day": "day", "value": "person, or as the measure's name says (cents: USD cent; officer_days)"}
    )


def _legs_daily(run: Run) -> pd.DataFrame:
    import pandas as pd

    day, leg = np.nonzero(run.legs.any(axis=2))
    counts = run.legs[day, leg] * run.scenario.persons_per_agent
    table = pd.DataFrame({"day": day, "leg": np.array(run.world.network.leg_names, dtype=object)[leg]})
    for i, name in enumerate(LEG_COUNTS):
        table[name] = counts[:, i]
    return _with_units(table, {"day": "day"} | dict.fromkeys(LEG_COUNTS, "person"))


def _fates(run: Run) -> pd.DataFrame:
    import pandas as pd

    p = run.people[run.people["fate"] >= 0]
    classes = run.world.classes["class"].to_numpy()
    routes = np.array([*run.route_names, ""], dtype=object)
    table = pd.DataFrame(
        {
            "person": p["group"].astype(np.int64) << 32 | p["ordinal"],
            "class": classes[p["class_"]],
            "birth_day": p["birth"],
            "state": np.array(FATES, dtype=object)[p["fate"]],
            "route": routes[p["fate_route"]],
            "crossing_day": pd.array(np.where(p["crossing_leg"] >= 0, p["crossing_day"], 0), dtype="Int64"),
            "attempts": p["attempts"],
            "exploited_days": p["exploited_days"],
            "paid": p["paid"] / 100.0,
        }
    )
    table.loc[p["crossing_leg"] < 0, "crossing_day"] = pd.NA
    return _with_units(table, {"birth_day": "day", "crossing_day": "day", "exploited_days": "day", "paid": "USD"})


def _events(run: Run) -> pd.DataFrame:
    import pandas as pd

    e = run.events
    places = np.array([*run.world.network.places["name"], ""], dtype=object)
    legs = np.array([*run.world.network.leg_names, ""], dtype=object)
    operations = np.array([*run.scenario.operations, ""], dtype=object)
    table = pd.DataFrame(
        {
            "day": e["day"],
            "kind": np.array(EVENT_KINDS, dtype=object)[e["kind"]],
            "actor": e["actor"],
            "place": places[e["place"]],
            "leg": legs[e["leg"]],
            "operation": operations[e["operation"]],
        }
    )
    return _with_units(table, {"day": "day"})


def _with_units(table: pd.DataFrame, units: dict[str, str]) -> pd.DataFrame:
    table.attrs["units"] = units
    return table


def digest(tables: dict[str, pd.DataFrame]) -> str:
    """SHA-256 over the content of tables, whatever file they are kept in.

    Of each table, in order of name: its name and row count; of each column its name, type and unit, then its
    values: numbers as little-endian bytes (every missing number as one and the same NaN), all else as
    strings with their length before them.
    """
    total = hashlib.sha256()

    def add(text: str) -> None:
        part = text.encode()
        total.update(len(part).to_bytes(8, "little") + part)

    for name, table in sorted(tables.items()):
        units = table.attrs.get("units", {})
        add(name)
        total.update(len(table).to_bytes(8, "little"))
        for column in table.columns:
            values = table[column]
            number = isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufb"
            add(str(column))
            add(values.dtype.str.lstrip("<>|=") if number else "text")
            add(str(units.get(column, "")))
            if number:
                data = values.to_numpy()
                if data.dtype.kind == "f":
                    data = np.where(np.isnan(data), data.dtype.type(np.nan), data)
                total.update(np.ascontiguousarray(data, data.dtype.newbyteorder("<")).tobytes())
            else:
                parts = ["" if missing else str(value) for value, missing in zip(values, values.isna(), strict=True)]
                total.update(b"".join(len(p).to_bytes(4, "little") + p for p in (part.encode() for part in parts)))
    return total.hexdigest()


def write_table(table: pd.DataFrame, path: Path, csv: bool = False) -> None:
    """Write Parquet with units in the fields' metadata, under a temporary name first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    units = table.attrs.get("units", {})
    arrow = pa.Table.from_pandas(table, preserve_index=False)
    fields = [f.with_metadata({"unit": units[f.name]}) if f.name in units else f for f in arrow.schema]
    arrow = arrow.cast(pa.schema(fields, metadata=arrow.schema.metadata))
    whole(path, lambda temporary: pq.write_table(arrow, temporary, compression="zstd"))
    if csv:
        whole(path.with_suffix(".csv"), lambda temporary: table.to_csv(temporary, index=False))


def whole(path: Path, write: Any) -> None:
    """Write to a temporary name, then rename: a file is there whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def claim(folder: str | Path, force: bool = False) -> Path:
    """A folder for a run's output; one that holds another run is refused without ``force``."""
    path = Path(folder)
    if (path / "provenance.json").exists() and not force:
        raise InputError(f"--out: '{path}' holds another run; give another folder, or --force to overwrite it")
    path.mkdir(parents=True, exist_ok=True)
    return path


def save_run(run: Run, folder: str | Path, *, csv: bool = False, force: bool = False, wall_time_s: float = 0.0) -> Path:
    """Write a run's tables and provenance. Raises InputError for a folder that holds another run."""
    path = claim(folder, force)
    tables = run.tables()
    for name, table in tables.items():
        write_table(table, path / f"{name}.parquet", csv)
    about = provenance(
        "run",
        run.scenario,
        seed=run.seed,
        model_version=run.version,
        wall_time_s=round(wall_time_s, 3),
        digest=digest(tables),
        run_digest=run.digest,
        operations=run.operations,
    )
    whole(path / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))
    return path
