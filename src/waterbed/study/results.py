"""The tables of a study, from its plan and the store: a row a run, and a row a point and effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..measures.intervals import Name, blank, ratio, resamples, row
from ..measures.tables import digest
from .derived import DERIVED, made, possible
from .plan import Plan
from .store import TERMS, Store, column

if TYPE_CHECKING:
    import pandas as pd

_FIRST_KEYS = ("during and after", "", "cohort", "to the end", "treated")
"""Of several keys of an effect, the one to read first."""


@dataclass(frozen=True)
class Results:
    """What is stored of a study, by point and replicate."""

    plan: Plan
    status: np.ndarray
    """[point, replicate] ``ok``, ``failed`` or nothing."""
    errors: np.ndarray
    seconds: np.ndarray
    terms: dict[Name, np.ndarray]
    """[point, replicate, term] of each effect, ``nan`` where a run has none; see :mod:`waterbed.measures.intervals`."""

    @property
    def names(self) -> list[Name]:
        """Effects in the order of the tables."""
        return list(self.terms)

    def one(self, effect: str) -> Name:
        """The row of an effect to read first. Raises InputError for an effect that there is not."""
        found = [name for name in self.terms if name[0] == effect]
        if not found:
            raise InputError(f"effect {effect!r}: {no_such(effect, {name[0] for name in self.terms})}")
        return min(found, key=_rank)

    def estimates(self, name: Name) -> np.ndarray:
        """Per point: the mean over its replicates, or the ratio of sums; ``nan`` where there is none."""
        terms = self.terms[name]
        ok = ~np.isnan(terms).any(axis=2)
        sums = np.where(ok[..., None], terms, 0.0).sum(axis=1)
        n = ok.sum(axis=1)
        values = sums[:, 0] / np.maximum(n, 1) if terms.shape[2] == 1 else ratio(sums)
        out: np.ndarray = np.where(n > 0, values, np.nan)
        return out

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row a run that is done or failed: point, replicate, seed, factors, effects, status, error, seconds."""
        import pandas as pd

        points, replicates = np.nonzero(self.status != "")
        columns: dict[str, Any] = {
            "point": points, "replicate": replicates, "seed": np.array(self.plan.seeds, np.int64)[replicates],
        }  # fmt: skip
        units = {"seconds": "s"}
        for axis, values in self.factor_columns().items():
            columns[axis] = values[points]
            units[axis] = next(a.unit for a in self.plan.points.axes if a.address == axis)
        for name, terms in self.terms.items():
            mine = terms[points, replicates]
            columns[label(name)] = mine[:, 0] if mine.shape[1] == 1 else ratio(mine)
            units[label(name)] = name[2]
            if mine.shape[1] > 1:
                for i, term in enumerate(TERMS[mine.shape[1]]):
                    columns[f"{label(name)} {term}"] = mine[:, i]
        columns |= {"status": self.status[points, replicates], "error": self.errors[points, replicates],
                    "seconds": self.seconds[points, replicates]}  # fmt: skip
        table = pd.DataFrame(columns)
        table.attrs["units"] = {name: unit for name, unit in units.items() if unit}
        return table

    @property
    def digest(self) -> str:
        """SHA-256 over the content of the runs, seconds left out: equal for equal bits."""
        return digest({"runs": self.runs.drop(columns="seconds")})

    def factor_columns(self) -> dict[str, np.ndarray]:
        """The factors' values by point: numbers, or text."""
        every = [self.plan.points.values(point) for point in range(len(self.plan.points))]
        columns = {}
        for i, axis in enumerate(self.plan.points.axes):
            values = [axis.shown(row[i]) for row in every]
            text = any(isinstance(value, str) for value in values)
            columns[axis.address] = np.array([str(v) for v in values] if text else values, object if text else None)
        return columns

    @cached_property
    def summary(self) -> pd.DataFrame:
        """A row a point and effect: estimate (ratios as ratios of sums) and its 90 % bootstrap interval."""
        import pandas as pd

        factors = self.factor_columns()
        rows: list[dict[str, Any]] = []
        for point in range(len(self.plan.points)):
            here = {address: values[point] for address, values in factors.items()}
            done = self.status[point] == "ok"
            for name, terms in self.terms.items():
                rows.append({"point": point} | here | self._summed(name, terms[point, done]))
        columns = ["point", *factors, "effect", "key", "unit", "estimate", "low", "high", "run_low", "run_high",
                   "replicates", "status", "note"]  # fmt: skip
        return pd.DataFrame([{"estimate": r["mean"]} | r for r in rows], columns=columns)

    def _summed(self, name: Name, terms: np.ndarray) -> dict[str, Any]:
        n = len(terms)
        missing = int(np.isnan(terms).any(axis=1).sum())
        if n == 0:
            return blank(name, 0, "no run succeeded")
        if missing:
            return blank(name, n, f"nothing to say in {missing} of {n} runs")
        return row(name, terms, _weights(n, self.plan.seed))


@lru_cache(maxsize=4)
def _weights(n: int, seed: int) -> np.ndarray:
    return resamples(n, seed)


def label(name: Name) -> str:
    """Column of an effect, as ``arrivals_lost [during and after]``."""
    return f"{name[0]} [{name[1]}]" if name[1] else name[0]


def _rank(name: Name) -> tuple[int, str]:
    key = name[1]
    return (_FIRST_KEYS.index(key) if key in _FIRST_KEYS else len(_FIRST_KEYS), key)


def no_such(effect: str, known: Iterable[str]) -> str:
    """What to say of an effect that does not exist."""
    names = sorted(known)
    near = get_close_matches(effect, names, n=1)
    return f"there is no such effect; {f'did you mean {near[0]!r}?' if near else f'there are {", ".join(names)}'}"


def collect(plan: Plan, store: Store, keep: Sequence[str] = ()) -> Results:
    """Read a study's runs from its store, with the effects kept (none named: all that are stored)."""
    stored: dict[Name, int] = {}
    for written, kinds in store.schema().items():
        effect, key, unit = written.split("|")
        stored[effect, key, unit] = len(kinds)
    names = [name for name in stored if not keep or name[0] in keep]
    names += [name for name in possible(stored) if name[0] in keep]
    order = {effect: i for i, effect in enumerate(keep)}
    names.sort(key=lambda name: (order.get(name[0], 0), name[0], *_rank(name)))
    read = dict.fromkeys(part for name in names for part in (DERIVED[name].needs if name in DERIVED else (name,)))
    table = store.table(["error", "seconds", *(column(name, stored[name], i) for name in read
                                               for i in range(stored[name]))])  # fmt: skip
    shape = (len(plan.points), plan.replicates)
    at = _rows_of(list(plan.keys()), table["key"].to_pylist())
    there = at >= 0

    def laid_out(values: np.ndarray, empty: Any) -> np.ndarray:
        out = np.full(len(at), empty, values.dtype)
        out[there] = values[at[there]]
        return out.reshape(shape)

    def text(name: str) -> np.ndarray:
        found = table[name].to_pylist() if name in table.column_names else [""] * len(table)
        return laid_out(np.array([value or "" for value in found], object), "")

    def numbers(name: str) -> np.ndarray:
        if name not in table.column_names:
            return np.full(shape, np.nan)
        return laid_out(np.asarray(table[name].to_numpy(), float), np.nan)

    terms = {
        name: np.stack([numbers(column(name, stored[name], i)) for i in range(stored[name])], axis=-1) for name in read
    }
    terms |= {name: made(name, terms) for name in names if name in DERIVED}
    terms = {name: terms[name] for name in names if not np.isnan(terms[name]).all()}
    return Results(plan, text("status"), text("error"), numbers("seconds"), terms)


def _rows_of(wanted: list[str], keys: list[str]) -> np.ndarray:
    """Row of each key wanted, -1 where there is none."""
    where = {key: i for i, key in enumerate(keys)}
    return np.array([where.get(key, -1) for key in wanted], np.int64)
