"""The record of the border: read from a file of CBP's counts, and refused with file, row and remedy."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

import numpy as np

from ..errors import InputError

SECTORS = ("san diego", "el centro", "yuma", "tucson", "el paso", "big bend", "del rio", "laredo", "rio grande valley")
KM = (97.0, 113.0, 203.0, 422.0, 431.0, 821.0, 338.0, 275.0, 509.0)
"""Length of border of each sector (60, 70, 126, 262, 268, 510, 210, 171 and 316 miles)."""
TOTAL = "southwest border"
COLUMNS = ("sector", "fiscal_year", "apprehensions", "agents")
_MOST = 5e6
"""More apprehensions or agents than this in a sector and year are another unit."""


@dataclass(frozen=True)
class Record:
    """Counts of shape (years, sectors) in the order of SECTORS; NaN where nothing was told."""

    years: np.ndarray
    apprehensions: np.ndarray
    agents: np.ndarray
    skipped: list[str] = field(default_factory=list)
    """What is missing, in words."""

    def until(self, year: int) -> Record:
        """The record as it stood after a year."""
        seen = self.years <= year
        return Record(self.years[seen], self.apprehensions[seen], self.agents[seen])


def read(path: str | Path | None = None) -> Record:
    """The packaged record, or the one in a file with the same columns; years that the file lacks come from the package.

    Raises :class:`~waterbed.errors.InputError` with every fault, each with file, row and remedy.
    """
    own = files("waterbed.validate") / "southwest.csv"
    base = _parse("southwest.csv", own.read_text("utf-8"))
    if path is None:
        return _record(base, "the package's record")
    path = Path(path)
    given = _parse(str(path), text_of(path))
    _same_unit(str(path), given, base)
    last = max(year for _, year in given)
    before = {at: row for at, row in base.items() if at[1] < min(year for _, year in given)}
    return _record(before | given, str(path), last)


type Rows = dict[tuple[str, int], tuple[int, dict[str, float]]]
"""(sector, fiscal year) -> line of the file, numbers by column."""


def text_of(path: Path) -> str:
    """A file's text, which has to be UTF-8; raises :class:`~waterbed.errors.InputError` with what to do."""
    try:
        raw = path.read_bytes()
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; name the CSV file in it") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; check its name and rights") from None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"{path}, line {line}: byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8"
        ) from None


def _parse(name: str, text: str) -> Rows:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(f"{name}, line {reader.line_num}: cannot be read as CSV ({error}); mend that line") from None
    if not rows:
        raise InputError(f"{name}: is empty; it takes a header with columns {', '.join(COLUMNS)}")
    header = [cell.strip() for cell in rows[0][1]]
    if len(header) == 1 and ";" in header[0]:
        raise InputError(f"{name}, line 1: values are set apart by ';'; save the file with commas")
    faults = []
    for column in COLUMNS:
        if header.count(column) != 1:
            near = get_close_matches(column, [c for c in header if c not in COLUMNS], 1)
            hint = f"is '{near[0]}' meant?" if near else f"it takes {', '.join(COLUMNS)}"
            faults.append(f"{name}, line 1: column '{column}' is {'missing' if column not in header else 'there twice'}"
                          f"; {hint}")  # fmt: skip
    if faults:
        raise InputError(faults)
    at = {column: header.index(column) for column in COLUMNS}
    found: Rows = {}
    for line, row in rows[1:]:
        _row(name, line, row, len(header), at, found, faults)
    if not found and not faults:
        faults.append(f"{name}: has a header and no rows; add the counts")
    _sums(name, found, faults)
    if faults:
        raise InputError(faults)
    return found


def _row(
    name: str, line: int, row: list[str], width: int, at: Mapping[str, int], found: Rows, faults: list[str]
) -> None:
    if len(row) != width:
        faults.append(f"{name}, line {line}: has {len(row)} values, the header {width}; drop or add a comma")
        return
    sector = row[at["sector"]].strip().lower()
    if sector not in (*SECTORS, TOTAL):
        near = get_close_matches(sector, SECTORS, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(SECTORS)}"
        faults.append(f"{name}, line {line}: sector '{sector}' is unknown; {hint}")
        return
    year = row[at["fiscal_year"]].strip()
    if not (year.isascii() and year.isdigit() and 1900 <= int(year) <= 2100):
        faults.append(f"{name}, line {line}: fiscal_year is '{year}'; write a year, as 2005")
        return
    numbers = {}
    for column in ("apprehensions", "agents"):
        text = row[at[column]].strip()
        try:
            value = float(text) if text else math.nan
        except ValueError:
            value = -1.0
        if text and not 0 <= value <= _MOST:
            remedy = "write a whole number of people, without separators" if value < 0 else "write people, not a rate"
            faults.append(f"{name}, line {line}: {column} is '{text}'; {remedy}")
        elif text and value != int(value):
            faults.append(f"{name}, line {line}: {column} is '{text}'; counts are whole: write people, not thousands")
        numbers[column] = value
    if (sector, int(year)) in found:
        first = found[sector, int(year)][0]
        faults.append(f"{name}, line {line}: '{sector}' in {year} stands on line {first} already; drop one of the two")
    found[sector, int(year)] = line, numbers


def _sums(name: str, found: Rows, faults: list[str]) -> None:
    """Where the total is told and all sectors are, they have to agree."""
    for (sector, year), (line, row) in found.items():
        parts = [found[s, year][1]["apprehensions"] for s in SECTORS if (s, year) in found]
        if sector == TOTAL and len(parts) == len(SECTORS):
            total, told = sum(parts), row["apprehensions"]
            if told > 0 and abs(total / told - 1) > 0.02:
                faults.append(f"{name}, line {line}: apprehensions of '{TOTAL}' in {year} are {told:,.0f}, but its "
                              f"sectors add up to {total:,.0f}; give all of them in people")  # fmt: skip


def _same_unit(name: str, given: Rows, base: Rows) -> None:
    """Refuse a file whose counts differ from known ones as another unit would."""
    for column in ("apprehensions", "agents"):
        ratios = [(given[at][1][column] / base[at][1][column], given[at][0])
                  for at in given if at in base and base[at][1][column] > 0 and given[at][1][column] > 0]  # fmt: skip
        if ratios:
            middle, line = sorted(ratios)[len(ratios) // 2]
            if not 0.5 < middle < 2:
                raise InputError(f"{name}, line {line}: {column} are {middle:.3g} times those published for the same "
                                 "sector and year; give them in people")  # fmt: skip


def _record(rows: Rows, name: str, last: int | None = None) -> Record:
    years = np.arange(min(y for _, y in rows), max(y for _, y in rows) + 1)
    tables = {}
    for column in ("apprehensions", "agents"):
        tables[column] = np.array([[rows[s, int(y)][1][column] if (s, int(y)) in rows else math.nan for s in SECTORS]
                                   for y in years])  # fmt: skip
    skipped = []
    dosed = np.flatnonzero(np.isfinite(tables["agents"]).any(axis=1))
    for i in range(int(dosed[0]) if len(dosed) else len(years), len(years)):
        for column, table in tables.items():
            lacking = [s for s, value in zip(SECTORS, table[i], strict=True) if math.isnan(value)]
            if len(lacking) == len(SECTORS):
                skipped.append(f"{name}: {years[i]} has no {column}; the year is skipped")
            elif lacking:
                skipped.append(f"{name}: {years[i]} has no {column} of {', '.join(lacking)}; skipped there")
    return Record(years, tables["apprehensions"], tables["agents"], skipped)
