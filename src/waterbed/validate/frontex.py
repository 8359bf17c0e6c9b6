"""Detections at Europe's borders, from the user's own download of Frontex' monthly file, by route or nationality.

Frontex publishes them for private use, so that the package ships none: a file is read, or refused with file, row and
remedy.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from ..errors import InputError
from .record import text_of

ROUTES = ("Central Mediterranean", "Eastern Mediterranean", "Western Mediterranean", "West African", "Western Balkan")
ENTRY = ROUTES[:4]
"""Routes on which people enter; on the fifth those of the Eastern Mediterranean are counted again."""
OTHERS = ("Circular Route from Albania to Greece", "Eastern Borders", "Eastern Land Borders", "Black Sea", "Other")
"""Routes of the file that the model does not have; their rows are left aside."""
DOWNLOAD = "Monthly detections of IBC of Frontex, https://www.frontex.europa.eu/what-we-do/monitoring-and-risk-analysis/migratory-map/"  # noqa: E501
MONTHS = ("month", "route", "detections")
NATIONALITIES = ("year", "route", "nationality_iso3", "detections")
_MOST = 5e6

CLASSES: dict[str, str] = {
    "Syria": "SYR", "Afghanistan": "AFG", "Iraq": "IRQ", "Pakistan": "PAK", "Bangladesh": "BGD", "Iran": "IRN",
    "Palestine": "PSE", "Türkiye": "TUR", "Nigeria": "NGA", "Eritrea": "ERI", "Somalia": "SOM", "Sudan": "SDN",
    "Ethiopia": "ETH", "Egypt": "EGY", "Guinea": "GIN", "Côte d'Ivoire": "CIV", "Mali": "MLI", "Gambia": "GMB",
    "Senegal": "SEN", "Ghana": "GHA", "Cameroon": "CMR", "Congos": "COD COG", "Morocco": "MAR", "Algeria": "DZA",
    "Tunisia": "TUN",
    "Other sub-Saharan": "OOS AGO BDI BEN BFA BWA CAF COM CPV DJI GAB GNB GNQ KEN LBR LSO MDG MOZ MRT MWI NAM NER "
                         "RWA SLE SSD STP SWZ TCD TGO TZA UGA ZAF ZMB ZWE",
}  # fmt: skip
"""Codes of the file by the classes of people of `mediterranean`; OOS are unspecified sub-Saharan nationals."""


@dataclass(frozen=True)
class Months:
    """Detections by month and route, shape (months, ROUTES); NaN where a month is missing."""

    first: int
    """Months since year 0 of the first row."""
    counts: np.ndarray
    skipped: list[str] = field(default_factory=list)

    def years(self) -> tuple[np.ndarray, np.ndarray]:
        """Complete calendar years, and their sums, shape (years, ROUTES)."""
        begin = -self.first % 12
        whole = (len(self.counts) - begin) // 12
        sums = self.counts[begin : begin + 12 * whole].reshape(whole, 12, -1).sum(axis=1)
        return (self.first + begin) // 12 + np.arange(whole), sums

    def window(self, year: int, month: int, length: int = 12) -> np.ndarray:
        """Sums of some months from one on, by route."""
        at = 12 * year + month - 1 - self.first
        if at < 0 or at + length > len(self.counts):
            return np.full(self.counts.shape[1], math.nan)
        return np.asarray(self.counts[at : at + length].sum(axis=0))


@dataclass(frozen=True)
class Nationalities:
    """Detections by year, class of people and route, shape (years, CLASSES, ROUTES); NaN where a year is missing."""

    years: np.ndarray
    counts: np.ndarray
    skipped: list[str] = field(default_factory=list)

    def of(self, year: int) -> np.ndarray:
        """One year, (CLASSES, ROUTES). Raises :class:`InputError` if it is not there."""
        at = np.flatnonzero(self.years == year)
        if not len(at) or np.isnan(self.counts[at[0]]).any():
            raise InputError(f"the file of nationalities has no year {year}; pass a download that holds it")
        return np.asarray(self.counts[at[0]])


def read_months(path: str | Path) -> Months:
    """Read ``month,route,detections``. Raises :class:`InputError` with every fault, each with file, row and remedy."""
    rows = _rows(Path(path), MONTHS, r"(19|20)\d\d-(0[1-9]|1[0-2])", "a month, as 2016-03")
    at = {(12 * int(key[0][:4]) + int(key[0][5:]) - 1, key[1]): value for key, value in rows.items()}
    first, last = min(m for m, _ in at), max(m for m, _ in at)
    known = {m for m, _ in at}
    skipped = [f"{path}: {m // 12}-{m % 12 + 1:02d} is missing; its year is skipped"
               for m in range(first, last + 1) if m not in known]  # fmt: skip
    counts = np.array([[at.get((m, r), 0.0) if m in known else math.nan for r in ROUTES]
                       for m in range(first, last + 1)])  # fmt: skip
    return Months(first, counts, skipped + _absent(path, {r for _, r in at}))


def read_nationalities(path: str | Path) -> Nationalities:
    """Read ``year,route,nationality_iso3,detections``; a nationality of no class is left aside and said so.

    Raises :class:`InputError` with every fault, each with file, row and remedy.
    """
    rows = _rows(Path(path), NATIONALITIES, r"(19|20)\d\d", "a year, as 2016", nations=True)
    of = {code: k for k, codes in enumerate(CLASSES.values()) for code in codes.split()}
    known = sorted({int(key[0]) for key in rows})
    years = np.arange(known[0], known[-1] + 1)
    counts = np.zeros((len(years), len(CLASSES), len(ROUTES)))
    for year in set(years.tolist()) - set(known):
        counts[year - known[0]] = math.nan
    aside: dict[str, float] = {}
    for (year_, route, code), value in rows.items():
        if code in of:
            counts[int(year_) - known[0], of[code], ROUTES.index(route)] += value
        elif route in ENTRY:
            aside[code] = aside.get(code, 0.0) + value
    skipped = [f"{path}: {year} is missing; skipped" for year in years if year not in known]
    if aside:
        share = sum(aside.values()) / (sum(aside.values()) + np.nansum(counts[..., : len(ENTRY)]))
        skipped.append(f"{path}: {len(aside)} nationalities, {share:.1%} of detections, are of no class; left aside")
    return Nationalities(years, counts, skipped + _absent(path, {key[1] for key in rows}))


def _absent(path: str | Path, routes: set[str]) -> list[str]:
    return [f"{path}: route '{r}' is missing; it counts as 0" for r in ROUTES if r not in routes]


def _rows(
    path: Path, columns: Sequence[str], pattern: str, when: str, nations: bool = False
) -> dict[tuple[str, ...], float]:
    """Counts by the cells of all columns but the last, of the routes that the model has."""
    reader = csv.reader(io.StringIO(text_of(path), newline=""))
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader if any(c.strip() for c in row)]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: cannot be read as CSV ({error}); mend that line") from None
    if not rows:
        raise InputError(f"{path}: is empty; it takes a header with columns {', '.join(columns)}")
    at = _header(path, rows[0][1], columns)
    found: dict[tuple[str, ...], float] = {}
    lines: dict[tuple[str, ...], int] = {}
    faults: list[str] = []
    for line, row in rows[1:]:
        if len(row) != len(rows[0][1]):
            faults.append(f"{path}, line {line}: has {len(row)} values, the header {len(rows[0][1])}; mend its commas")
            continue
        cells = [row[i] for i in at]
        fault = _cell_fault(cells, columns, pattern, when, nations)
        if fault:
            faults.append(f"{path}, line {line}: {fault}")
            continue
        key = (cells[0], _short(cells[1]), *cells[2:-1])
        if key in lines:
            said = " ".join(key)
            faults.append(f"{path}, line {line}: {said} stands on line {lines[key]} already; drop one of the two")
        lines[key] = line
        if key[1] in ROUTES:
            found[key] = float(cells[-1])
    if not found and not faults:
        faults.append(f"{path}: has no row of the routes {', '.join(ROUTES)}; add the counts")
    if faults:
        more = [f"… and {len(faults) - 20} more of the kind"] if len(faults) > 20 else []
        raise InputError(faults[:20] + more)
    return found


def _header(path: Path, header: list[str], columns: Sequence[str]) -> list[int]:
    if len(header) == 1 and ";" in header[0]:
        raise InputError(f"{path}, line 1: values are set apart by ';'; save the file with commas")
    faults = []
    for column in columns:
        if header.count(column) != 1:
            near = get_close_matches(column, [c for c in header if c not in columns], 1)
            hint = f"is '{near[0]}' meant?" if near else f"it takes {', '.join(columns)}"
            faults.append(f"{path}, line 1: column '{column}' is {'missing' if column not in header else 'there twice'}"
                          f"; {hint}")  # fmt: skip
    if faults:
        raise InputError(faults)
    return [header.index(column) for column in columns]


def _cell_fault(cells: list[str], columns: Sequence[str], pattern: str, when: str, nations: bool) -> str:
    """What is wrong with a row, or nothing."""
    if not re.fullmatch(pattern, cells[0], re.ASCII):
        return f"{columns[0]} is '{cells[0]}'; write {when}"
    if _short(cells[1]) not in (*ROUTES, *(_short(o) for o in OTHERS)):
        near = get_close_matches(_short(cells[1]), ROUTES, 1)
        hint = f"did you mean '{near[0]} Route'?" if near else f"known are {', '.join(ROUTES)}"
        return f"route '{cells[1]}' is unknown; {hint}"
    if nations and not re.fullmatch("[A-Z]{3}", cells[2]):
        return f"nationality_iso3 is '{cells[2]}'; write three capital letters, as SYR"
    try:
        value = float(cells[-1])
    except ValueError:
        value = -1.0
    if not 0 <= value <= _MOST:
        return f"detections is '{cells[-1]}'; write a whole number of detections, without separators"
    if value != int(value):
        return f"detections is '{cells[-1]}'; counts are whole: write detections, not thousands"
    return ""


def _short(route: str) -> str:
    """Frontex' name of a route without 'Route', as labels are here."""
    short = route.removesuffix(" Route").strip()
    return "West African" if short == "Western African" else short
