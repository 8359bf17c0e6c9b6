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
    import pyarrow as pa

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
    """Read a study's runs from its store, with the effects kept (none named: all that are stored).

    An effect counts as the study's where its own runs have it, whatever others have put into the store; one that has a
    value in none of them is left out, unless it is named. Raises InputError for one with more terms in some runs.
    """
    stored: dict[Name, tuple[str, ...]] = {}
    for written, kinds in store.schema().items():
        effect, key, unit = written.split("|")
        stored[effect, key, unit] = kinds
    names = [name for name in stored if not keep or name[0] in keep]
    names += [name for name in possible(stored) if name[0] in keep]
    order = {effect: i for i, effect in enumerate(keep)}
    names.sort(key=lambda name: (order.get(name[0], 0), name[0], *_rank(name)))
    read = dict.fromkeys(part for name in names for part in (DERIVED[name].needs if name in DERIVED else (name,)))
    table = store.table(["error", "seconds", *("|".join((*name, term)) for name in read for term in stored[name])])
    rows = _Rows(plan, table)
    terms = {name: found for name in read if (found := rows.terms(name, stored[name])) is not None}
    terms |= {name: made(name, terms) for name in possible(terms) if name in names}
    terms = {name: terms[name] for name in names
             if name in terms and (name[0] in keep or not np.isnan(terms[name]).all())}  # fmt: skip
    return Results(plan, rows.text("status"), rows.text("error"), rows.numbers("seconds"), terms)


class _Rows:
    """The rows of a store laid out by a plan's points and replicates."""

    def __init__(self, plan: Plan, table: pa.Table) -> None:
        self._table, self._shape = table, (len(plan.points), plan.replicates)
        where = {key: i for i, key in enumerate(table["key"].to_pylist())}
        self._at = np.array([where.get(key, -1) for key in plan.keys()], np.int64)

    def _laid_out(self, values: np.ndarray, empty: Any) -> np.ndarray:
        there = self._at >= 0
        out = np.full(len(self._at), empty, values.dtype)
        out[there] = values[self._at[there]]
        return out.reshape(self._shape)

    def text(self, name: str) -> np.ndarray:
        """A column of words, empty where there is none."""
        there = name in self._table.column_names
        found = self._table[name].to_pylist() if there else [""] * len(self._table)
        return self._laid_out(np.array([value or "" for value in found], object), "")

    def numbers(self, name: str) -> np.ndarray:
        """A column of numbers, ``nan`` where there is none."""
        if name not in self._table.column_names:
            return np.full(self._shape, np.nan)
        return self._laid_out(np.asarray(self._table[name].to_numpy(), float), np.nan)

    def terms(self, name: Name, kinds: Sequence[str]) -> np.ndarray | None:
        """[point, replicate, term] of an effect; none where no run has it. ``kinds``: terms of any run in the store."""
        counts = np.zeros(self._shape, np.int64)
        for n, parts in TERMS.items():  # the longer ones hold the shorter
            if set(parts) <= set(kinds):
                counts[self._has("|".join((*name, parts[-1])))] = n
        found = sorted(set(counts.ravel().tolist()) - {0})
        if len(found) > 1:
            raise InputError(f"{name[0]}: has {' and '.join(map(str, found))} terms in different runs of the study; "
                             "let the function give as many at all points")  # fmt: skip
        if not found:
            return None
        return np.stack([self.numbers(column(name, found[0], i)) for i in range(found[0])], axis=-1)

    def _has(self, name: str) -> np.ndarray:
        if name not in self._table.column_names:
            return np.zeros(self._shape, bool)
        return self._laid_out(np.asarray(self._table[name].is_valid().to_numpy(), bool), False)
