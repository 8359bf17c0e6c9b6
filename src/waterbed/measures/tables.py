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
from ..errors import InputError, require_folder
from .provenance import provenance

if TYPE_CHECKING:
    import pandas as pd

    from ..engine.run import Run

PEOPLE = {"contacts", "recruits", "recruits_online", "arrivals", "departures", "crossings", "detections", "turned_back",
          "returned", "deaths", "newly_exploited", "exploited", "protected", "detained", "stranded", "legal", "births",
          "carried", "stopped", "admitted"}  # fmt: skip


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
    """What is observed, by all, place, country, network, channel and route.

    People are counted at the place (and country) where a leg begins when they depart, where it ends when they
    cross, are detected, turned back, returned or die on it. Fees and beliefs of routes are means over their legs,
    weighted by departures; those of networks over what they offer, by people lately carried.
    """
    import pandas as pd

    network = run.world.network
    by, country = network.places["name"].tolist(), network.places["country"].to_numpy()
    here = np.concatenate([run.places, _at_places(run)], axis=2)
    there = np.array([run.country_names.index(c) for c in country], np.int64)
    columns = (*PLACE_COUNTS, *_AT_PLACES)
    abroad = [i for i, name in enumerate(columns) if name not in COUNTRY_COUNTS]
    parts = [
        _long(run, run.totals[:, None, :], TOTALS, "all", [""]),
        _long(run, here, columns, "place", by),
        _long(run, run.countries, COUNTRY_COUNTS, "country", run.country_names),
        _long(run, _sums(here[:, :, abroad], there, len(run.country_names)), tuple(columns[i] for i in abroad),
              "country", run.country_names),
        _long(run, run.networks, NETWORK_COUNTS, "network", run.network_names or [""]),
        _long(run, run.channels, CHANNEL_COUNTS, "channel", ["in person", "online"]),
        _mean("mean_fee", "all", [""], run.mean_fee[:, None]),
        _mean("mean_belief", "all", [""], run.mean_belief[:, None]),
        _mean("mean_fee", "network", run.network_names, _paid(run)),
        _mean("mean_belief", "network", run.network_names, run.network_belief),
    ]  # fmt: skip
    routes = [r for r in dict.fromkeys(network.routes) if r]
    if routes:
        of = [np.flatnonzero(network.routes == r) for r in routes]
        flows = np.stack([run.legs[:, rows].sum(axis=1) for rows in of], axis=1)
        parts.append(_long(run, flows, LEG_COUNTS, "route", routes))
        opened = np.stack([_opened(run)[:, rows].sum(axis=1) for rows in of], axis=1)
        parts.append(_long(run, opened[:, :, None], ("legs_opened",), "route", routes))
        for name, values in (("mean_fee", run.leg_fee), ("mean_belief", run.leg_belief)):
            parts.append(_mean(name, "route", routes, _weighted(values, run.legs[..., 0], of)))
    table = pd.concat(parts, ignore_index=True)
    return _with_units(
        table,
        {"day": "day", "value": "person, or as the measure's name says (cents: USD cent; officer_days; mean_fee: USD; "
         "mean_belief: probability)"},
    )  # fmt: skip


_AT_PLACES = (*LEG_COUNTS, "legs_opened")


def _at_places(run: Run) -> np.ndarray:
    """[day, place, _AT_PLACES]: departures and openings where a leg begins, all else where it ends."""
    tail, head = run.world.network.ends
    places = run.world.network.places
    parts = (_sums(run.legs[..., :1], tail, len(places)), _sums(run.legs[..., 1:], head, len(places)),
             _sums(_opened(run)[..., None], tail, len(places)))  # fmt: skip
    return np.concatenate(parts, axis=2)


def _opened(run: Run) -> np.ndarray:
    """[day, leg] dormant legs that somebody opened."""
    opened = np.zeros(run.legs.shape[:2], np.int32)
    e = run.events[run.events["kind"] == EVENT_KINDS.index("leg_opened")]
    e = e[run.world.network.legs["dormant"].to_numpy(bool)[e["leg"]]]
    np.add.at(opened, (e["day"], e["leg"]), 1)
    return opened


def _sums(counts: np.ndarray, groups: np.ndarray, n: int) -> np.ndarray:
    """Counts [day, item, column] summed over the items of each of n groups."""
    out = np.zeros((len(counts), n, counts.shape[2]), np.int64)
    for group in range(n):
        out[:, group] = counts[:, groups == group].sum(axis=1)
    return out


def _paid(run: Run) -> np.ndarray:
    """[day, network] USD paid a person admitted; not a number where nobody was."""
    admitted, cents = (run.networks[..., NETWORK_COUNTS.index(name)] for name in ("admitted", "fees_cents"))
    return np.divide(cents / 100.0, admitted, out=np.full(admitted.shape, np.nan), where=admitted > 0)


def _weighted(values: np.ndarray, weights: np.ndarray, groups: list[np.ndarray]) -> np.ndarray:
    """[day, group] weighted means of [day, leg]; not a number where the weights are 0."""
    out = np.full((len(values), len(groups)), np.nan)
    for i, rows in enumerate(groups):
        total = weights[:, rows].sum(axis=1)
        np.divide((values[:, rows] * weights[:, rows]).sum(axis=1), total, out=out[:, i], where=total > 0)
    return out


def _mean(name: str, kind: str, keys: list[str], values: np.ndarray) -> pd.DataFrame:
    """A measure that is a mean, from values [day, key]; a day without one has no row."""
    import pandas as pd

    day, key = np.nonzero(~np.isnan(values))
    return pd.DataFrame({"day": day, "measure": name, "key_kind": kind, "key": np.array(keys, dtype=object)[key],
                         "value": values[day, key].astype(float)})  # fmt: skip


def _legs_daily(run: Run) -> pd.DataFrame:
    import pandas as pd

    day, leg = np.nonzero(run.legs.any(axis=2))
    counts = run.legs[day, leg] * run.scenario.persons_per_agent
    table = pd.DataFrame({"day": day, "leg": np.array(run.world.network.leg_names, dtype=object)[leg]})
    for i, name in enumerate(LEG_COUNTS):
        table[name] = counts[:, i]
    table["mean_fee"], table["mean_belief"] = (v[day, leg].astype(float) for v in (run.leg_fee, run.leg_belief))
    units = {"day": "day", "mean_fee": "USD", "mean_belief": "probability"}
    return _with_units(table, units | dict.fromkeys(LEG_COUNTS, "person"))


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
    import pandas as pd

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
                # Each text is made once, however often it stands there; a missing one counts as empty.
                codes, found = pd.factorize(values.astype(object))
                parts = [len(p).to_bytes(4, "little") + p for p in (str(f).encode() for f in found)]
                parts.append((0).to_bytes(4, "little"))
                total.update(b"".join([parts[code] for code in codes]))
    return total.hexdigest()


def write_table(table: pd.DataFrame, path: Path, csv: bool = False) -> None:
    """Write a table as Parquet (with ``csv``, as CSV too), under a temporary name first.

    Units are in the metadata of its fields, and in ``attrs["units"]`` of what ``pandas.read_parquet`` gives.
    """
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
    """Call ``write`` with a temporary name, then rename: a file is there whole or not at all.

    Raises OSError with the file's own name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        write(temporary)
        os.replace(temporary, path)
    except OSError as error:
        # Libraries' own errors name no file, or the temporary one; whoever is told should know it by its name.
        if error.errno is None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def claim(folder: str | Path, force: bool = False) -> Path:
    """A folder for a run's output. Raises InputError for a file, or one that holds another run, unless ``force``."""
    path = Path(folder)
    require_folder(path)
    if (path / "provenance.json").exists() and not force:
        raise InputError(f"--out: '{path}' holds another run; give another folder, or --force to overwrite it")
    path.mkdir(parents=True, exist_ok=True)
    return path


def save_run(run: Run, folder: str | Path, *, csv: bool = False, force: bool = False, wall_time_s: float = 0.0) -> Path:
    """Write a run's tables (with ``csv``, as CSV too) and provenance, in which ``wall_time_s`` stands.

    Raises InputError for a folder that holds another run, unless ``force``.
    """
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
