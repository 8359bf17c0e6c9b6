"""The store of runs: Parquet files, each written whole or not at all, that any number of processes may share.

A run is a row: its key (see :mod:`.keys`), seed, model version, status, seconds and the time it was stored at, and a
column for each term of each effect. Studies add small parts; :meth:`Store.compact` makes few large files of many small
ones. Nothing is ever changed in place: a file is added, or it is dropped after all its rows stand in another. So a
reader may meet a row twice, and takes one; and what a killed process leaves is at most a file of a temporary name,
which nobody reads. Pages carry checksums, so that damage to any of them is noticed.
"""

from __future__ import annotations

import io
import os
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.intervals import Name
from ..measures.tables import whole

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from .worker import Rows

COLUMNS = ("key", "version", "seed", "status", "error", "trace", "seconds", "time")
_TEXTS = ("version", "status", "error", "trace")
"""Columns that say the same in many rows."""
TERMS = {1: ("value",), 2: ("numerator", "denominator"),
         4: ("numerator", "denominator", "base_numerator", "base_denominator")}  # fmt: skip
MANY = 48
"""Small parts that are compacted together while a study runs."""
_LARGE = 64 * 1024 * 1024
_OLD = 3600.0
_TRIES = 20


def column(name: Name, terms: int, i: int) -> str:
    """Column of the i-th of so many terms of an effect."""
    return "|".join((*name, TERMS[terms][i]))


class Store:
    """A folder of runs. Opening it reads keys alone; one that is ``read_only`` is left as it is, damage and all."""

    def __init__(self, folder: Path, read_only: bool = False) -> None:
        self.folder = folder
        self.damaged: list[str] = []
        """Files that could not be read, and were set aside: what they held is run again."""
        self.ok: set[str] = set()
        self.failed: set[str] = set()
        self._read: set[str] = set()
        self._read_only = read_only
        if not read_only:
            folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(".*.part"):
                if time.time() - left.stat().st_mtime > _OLD:
                    left.unlink(missing_ok=True)
        self.refresh()

    def refresh(self) -> None:
        """Learn of rows that other processes have added since."""
        for path in self._files():
            if path.name in self._read:
                continue
            table = self._columns(path, ("key", "status"))
            if table is not None:
                self._note(table["key"].to_pylist(), table["status"].to_pylist())
            self._read.add(path.name)

    def reread(self) -> None:
        """Learn everything anew: a file that held runs may be gone, set aside here or by another process."""
        self.ok, self.failed, self._read = set(), set(), set()
        self.refresh()

    def verify(self) -> None:
        """Read all there is, so that :attr:`damaged` names every file that is, and no run counts that only it held."""
        for path in self._files():
            self._opened(path, lambda file: sum(len(batch) for batch in file.iter_batches()))

    def stored(self) -> set[str]:
        """Keys of the runs that succeeded, those of other processes included."""
        self.refresh()
        return self.ok

    def add(self, rows: Rows, version: str) -> None:
        """Add runs as one part a layout. Raises OSError where there is no room; nothing is left half written then."""
        for layout, _ in enumerate(rows.names):
            table = _table(rows, layout, version)
            path = self.folder / f"part-{uuid.uuid4().hex}.parquet"
            _write(table, path)
            self._read.add(path.name)
            self._note(table["key"].to_pylist(), table["status"].to_pylist())

    def _note(self, keys: Sequence[str], statuses: Sequence[str]) -> None:
        for key, status in zip(keys, statuses, strict=True):
            (self.ok if status == "ok" else self.failed).add(key)
        self.failed -= self.ok

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*.parquet") if path.name not in self.damaged)

    def _opened[T](self, path: Path, read: Callable[[pq.ParquetFile], T]) -> T | None:
        """What is read of a file; None where somebody has just merged it away, or it is damaged, and so set aside."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                return read(file)
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError, EOFError) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            self._set_aside(path)
            return None

    def _set_aside(self, path: Path) -> None:
        self.damaged.append(path.name)
        if not self._read_only:
            with suppress(FileNotFoundError):  # by another process
                path.rename(path.with_suffix(".damaged"))
        if path.name in self._read:
            self.reread()

    def _columns(self, path: Path, names: Sequence[str] | None) -> pa.Table | None:
        """Columns of a file (those that it has); None where it cannot be read any more."""

        def read(file: pq.ParquetFile) -> pa.Table:
            there = set(file.schema_arrow.names)
            return file.read(columns=None if names is None else [n for n in names if n in there])

        return self._opened(path, read)

    def schema(self) -> dict[str, tuple[str, ...]]:
        """Terms by effect, of all files: ``{"effect|key|unit": ("numerator", "denominator")}``."""
        found: dict[str, dict[str, None]] = {}
        for path in self._files():
            for name in self._opened(path, lambda file: file.schema_arrow.names) or ():
                if "|" in name:
                    effect, _, term = name.rpartition("|")
                    found.setdefault(effect, {})[term] = None
        return {effect: tuple(terms) for effect, terms in found.items()}

    def table(self, names: Sequence[str]) -> pa.Table:
        """All rows, one a key (one that succeeded, if any did), with ``key``, ``status``, ``time`` and those named.

        A column that no file has is left out.
        """
        import pyarrow as pa

        for _ in range(_TRIES):
            files = self._files()
            parts = [self._columns(path, ("key", "status", "time", *names)) for path in files]
            if all(part is not None for part in parts) or files == self._files():
                break
            time.sleep(0.05)
        known = [part for part in parts if part is not None]
        if not known:
            return pa.table({"key": pa.array([], pa.string()), "status": pa.array([], pa.string())})
        return _one_each(pa.concat_tables(known, promote_options="default"))

    def compact(self, all_of_it: bool = False) -> None:
        """Make one file of the small ones. Whoever reads meanwhile finds each row at least once."""
        import pyarrow as pa

        files = [p for p in self._files() if all_of_it or p.name.startswith("part-")]
        files = [p for p in files if _size(p) < _LARGE]
        if len(files) < 2:
            return
        parts = [self._columns(path, None) for path in files]
        kept = [(path, part) for path, part in zip(files, parts, strict=True) if part is not None]
        if len(kept) < 2:
            return
        table = _one_each(pa.concat_tables([part for _, part in kept], promote_options="default"))
        path = self.folder / f"runs-{uuid.uuid4().hex}.parquet"
        _write(table.sort_by("key"), path)
        self._read.add(path.name)
        for old, _ in kept:
            old.unlink(missing_ok=True)

    @property
    def small(self) -> int:
        """Parts that wait to be made into larger files."""
        return sum(p.name.startswith("part-") for p in self._files())


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return _LARGE


def _table(rows: Rows, layout: int, version: str) -> pa.Table:
    """The rows of one layout as columns."""
    import pyarrow as pa

    names = rows.names[layout]
    width = sum(n for _, n in names)
    mine = [i for i, which in enumerate(rows.layouts) if which == layout]
    widths = np.array([sum(n for _, n in rows.names[which]) for which in rows.layouts])
    starts = np.concatenate([[0], np.cumsum(widths)])[mine]
    numbers = np.frombuffer(rows.numbers, float) if len(rows.numbers) else np.zeros(0)
    block = numbers[starts[:, None] + np.arange(width)] if width else np.zeros((len(mine), 0))
    columns: dict[str, Any] = {
        "key": [rows.keys[i] for i in mine],
        "version": pa.array([version] * len(mine), pa.string()).dictionary_encode().cast(pa.string()),
        "seed": pa.array([rows.seeds[i] for i in mine], pa.int64()),
        "status": ["failed" if rows.errors[i] else "ok" for i in mine],
        "error": [rows.errors[i] for i in mine],
        "trace": [rows.traces[i] for i in mine],
        "seconds": pa.array([rows.seconds[i] for i in mine], pa.float64()),
        "time": pa.array([time.time()] * len(mine), pa.float64()),
    }
    at = 0
    for name, terms in names:
        for i in range(terms):
            columns[column(name, terms, i)] = block[:, at]
            at += 1
    return pa.table(columns)


def _one_each(table: pa.Table) -> pa.Table:
    """One row a key: the first that succeeded, else the last that failed, whichever file each is from."""
    keys = np.asarray(table["key"].to_pandas(), dtype=str) if len(table) else np.zeros(0, str)
    failed = np.asarray(table["status"].to_pylist()) != "ok" if len(table) else np.zeros(0, bool)
    at = np.asarray(table["time"].to_numpy(), float) if "time" in table.column_names else np.zeros(len(keys))
    since = np.where(failed, -np.nan_to_num(at), 0.0)
    order = np.lexsort((np.arange(len(keys)), since, failed, keys))
    first = np.ones(len(keys), bool)
    first[1:] = keys[order][1:] != keys[order][:-1]
    return table if first.all() else table.take(order[first])


def _write(table: pa.Table, path: Path) -> None:
    """Write to memory, then to disk, so that a full disk is the system's own error and not Arrow's."""
    import pyarrow.parquet as pq

    memory = io.BytesIO()
    text = [n for n in table.column_names if n in _TEXTS]
    pq.write_table(table, memory, compression="zstd", use_dictionary=text, write_statistics=False, row_group_size=65536,
                   write_page_checksum=True)  # fmt: skip
    content = memory.getbuffer()

    def put(temporary: Path) -> None:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())

    whole(path, put)
