"""What the tables of a world hold, and how a CSV file becomes one: each fault told with file and line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BASES", "BOUNDS", "COLUMNS", "KINDS", "MAY_BE_EMPTY", "MODES", "OPTIONAL", "convert", "empty", "read_table"]

NUMBER, TEXT, FLAG = "number", "text", "true or false"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

COLUMNS: dict[str, dict[str, str]] = {
    "places": {"name": TEXT, "country": TEXT, "region": TEXT, "lat": NUMBER, "lon": NUMBER, "push": NUMBER,
               "exploitation_demand": NUMBER},
    "legs": {"tail": TEXT, "head": TEXT, "mode": TEXT, "route": TEXT, "counted": FLAG, "km": NUMBER,
             "via_lat": NUMBER, "via_lon": NUMBER, "days": NUMBER, "fee": NUMBER, "death": NUMBER,
             "detection": NUMBER, "search_width": NUMBER, "turned_back": NUMBER, "returned": NUMBER,
             "season": TEXT, "dormant": FLAG, "opening_cost": NUMBER},
    "seasons": {"season": TEXT} | dict.fromkeys(MONTHS, NUMBER),
    "classes": {"class": TEXT, "people_per_year": NUMBER, "time_value": NUMBER, "aversion": NUMBER},
    "origins": {"class": TEXT, "place": TEXT, "share": NUMBER},
    "destinations": {"class": TEXT, "place": TEXT, "weight": NUMBER},
    "constants": {"class": TEXT, "route": TEXT, "constant": NUMBER},
    "hubs": {"network": TEXT, "place": TEXT, "kind": TEXT, "capacity": NUMBER},
    "police": {"country": TEXT, "officers": NUMBER, "units": NUMBER},
    "countries": {"country": TEXT, "name": TEXT},
}  # fmt: skip
"""Columns of each table in their order, and what they hold. Further columns are kept as text."""

OPTIONAL = ("seasons", "constants", "countries")
MAY_BE_EMPTY = {"via_lat", "via_lon", "opening_cost", "capacity", "time_value", "aversion", "route", "season"}
BOUNDS: dict[str, tuple[float, float]] = {
    "lat": (-90, 90), "lon": (-180, 180), "via_lat": (-90, 90), "via_lon": (-180, 180), "push": (0, 1),
    "exploitation_demand": (0, 1), "death": (0, 1), "detection": (0, 0.999), "turned_back": (0, 1),
    "returned": (0, 1), "share": (0, 1), "fee": (0, 1e6), "days": (1e-6, 80), "km": (0, 41000),
    "search_width": (1e-6, 1e9), "weight": (1e-12, 1e12), "people_per_year": (0, 1e9), "officers": (0, 1e7),
    "units": (1, 1e5), "capacity": (0, 1e9), "opening_cost": (0, 1e12), "time_value": (0, 1e5),
    "aversion": (0, 1e3), "constant": (-1e6, 1e6),
} | dict.fromkeys(MONTHS, (1e-6, 1e3))  # fmt: skip
"""Least and greatest value of every column of numbers, in its unit."""
WHOLE = ("officers", "units")
MODES = ("road", "desert", "sea", "air")
KINDS = ("transit", "exploitation")
BASES = ("published", "derived", "judgement")

_NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_table(folder: Path, name: str, faults: list[str]) -> tuple[pd.DataFrame | None, list[int]]:
    """One table of a world folder, and the line of the file on which each of its rows begins.

    Faults are added to the list. A cell that cannot be read becomes empty, so that the rest can still be checked;
    the table is None if its shape is lost (no file, no header, rows of the wrong width).
    """
    path, columns = folder / f"{name}.csv", COLUMNS[name]
    if not path.is_file():
        if name in OPTIONAL:
            return empty(name), []
        faults.append(f"{path}: is missing; a world needs it, with columns {', '.join(columns)}")
        return None, []
    found = len(faults)
    records = _records(path, faults)
    header = [cell.strip() for cell in records[0][1]] if records else []
    if records:
        faults += _header_faults(path, header, list(columns))
    elif len(faults) == found:
        faults.append(f"{path}: is empty; it takes a header with columns {', '.join(columns)}")
    rows, lines = [], []
    for line, row in records[1:]:
        if len(row) == len(header) or len(header) == 1:  # of a header that is not one, widths say nothing
            rows.append(row)
            lines.append(line)
        else:
            faults.append(
                f"{path}, line {line}: has {len(row)} values, the header {len(header)}; drop or add a comma, or put "
                "quotes around a text with a comma in it"
            )
    if len(faults) > found:
        return None, lines
    import pandas as pd

    def where(row: int) -> str:
        return f"{path}, line {lines[row]}"

    table = pd.DataFrame(rows, columns=header, dtype=str)
    for column in header:
        kind = columns.get(column, TEXT)
        optional = column not in columns or column in MAY_BE_EMPTY
        table[column] = convert(column, kind, table[column], faults, where, optional)
    return table, lines


def empty(name: str) -> pd.DataFrame:
    """A table without rows, as a world has in place of an optional file."""
    import pandas as pd

    kinds = COLUMNS[name] | {"source": TEXT, "basis": TEXT}
    return pd.DataFrame({column: pd.Series(dtype=_dtype(kind)) for column, kind in kinds.items()})


def convert(
    column: str,
    kind: str,
    values: pd.Series,
    faults: list[str],
    where: Callable[[int], str],
    may_be_empty: bool | None = None,
) -> Any:
    """A column of texts as what it holds; what cannot be read is a fault, and becomes empty (or false).

    ``where`` says where a row stands. By default only the columns in ``MAY_BE_EMPTY`` may have empty cells.
    """
    import pandas as pd

    may = column in MAY_BE_EMPTY if may_be_empty is None else may_be_empty
    text = [str(value).strip() for value in values]

    def tell(row: int, what: str) -> None:
        faults.append(f"{where(row)}: {column} {what}")

    if kind == TEXT:
        for row, cell in enumerate(text):
            if not cell and not may:
                tell(row, "is empty; write a name")
            elif any(ord(character) < 32 for character in cell):
                tell(row, f"is {cell!r}; take out the line break or control character")
                text[row] = "".join(c for c in cell if ord(c) >= 32)
        return pd.Series(text, index=values.index, dtype=_dtype(TEXT))
    if kind == FLAG:
        for row, cell in enumerate(text):
            if cell.lower() not in ("true", "false"):
                tell(row, f"is '{cell}'; write true or false")
        return pd.Series([cell.lower() == "true" for cell in text], index=values.index, dtype=bool)
    numbers = []
    for row, cell in enumerate(text):
        # float() would also take nan, inf and 1_000, which are slips more often than wishes.
        good = bool(_NUMERAL.fullmatch(cell))
        numbers.append(float(cell) if good else math.nan)
        if not good and (cell or not may):
            comma = " with a decimal point" if re.fullmatch(r"[+-]?\d+,\d+", cell) else ""
            tell(row, f"is '{cell}'; write a number{comma}" if cell else "is empty; write a number")
    return pd.Series(numbers, index=values.index, dtype=float)


def _dtype(kind: str) -> Any:
    return {NUMBER: float, FLAG: bool}.get(kind, str)


def _records(path: Path, faults: list[str]) -> list[tuple[int, list[str]]]:
    """Rows of a file that hold anything, each with the line on which it begins; none if it cannot be read."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        faults.append(f"{path}: cannot be read: {error.strerror}; check its rights")
        return []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        faults.append(f"{path}, line {line}: byte {raw[error.start]:#04x} is not UTF-8; save the file as UTF-8")
        return []
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records, line = [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                records.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        faults.append(f"{path}, line {line}: cannot be read as CSV ({error}); close the quotes that begin here")
        return []
    return records


def _header_faults(path: Path, header: list[str], columns: Iterable[str]) -> list[str]:
    if len(header) == 1 and ";" in header[0]:
        return [f"{path}, line 1: values are set apart by ';'; save the file with commas"]
    found = []
    for column in columns:
        if column not in header:
            near = get_close_matches(column, [c for c in header if c not in columns], 1)
            hint = f"is '{near[0]}' meant?" if near else "add it"
            found.append(f"{path}, line 1: column '{column}' is missing; {hint}")
    found += [
        f"{path}, line 1: column '{column}' stands twice; drop one"
        for i, column in enumerate(header)
        if column in header[:i]
    ]
    return found
