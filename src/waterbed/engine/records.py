"""Records: one array of structures for each kind of thing, and the same things as Python objects.

Compiled rules see ``world.legs[3].fee`` as a field of a structured array; interpreted rules see the
attribute of a :class:`Row`, whose reads and writes go to that same array. A ``memoryview`` gives
Python numbers (never NumPy scalars) and refuses a value that does not fit its field.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np


class Variable(NamedTuple):
    """A state variable: its name, storage type (NumPy code), unit and meaning."""

    name: str
    code: str
    unit: str
    meaning: str


def dtype(variables: tuple[Variable, ...]) -> np.dtype[Any]:
    """The structured type of a kind's variables, aligned so that every field can be viewed."""
    return np.dtype([(v.name, v.code) for v in variables], align=True)


def zeros(n: int, kind: np.dtype[Any]) -> np.ndarray:
    """Records of nought, laid out so that one of a cache line's size (64 bytes) lies in one line."""
    room = np.zeros(n * kind.itemsize + 64, np.uint8)
    start = -room.ctypes.data % 64
    return room[start : start + n * kind.itemsize].view(kind)


class Row:
    """One record of an array, as an object. Subclasses are made by :func:`row_class`."""

    __slots__ = ("_index", "_views")

    def __init__(self, views: dict[str, memoryview], index: int) -> None:
        self._views = views
        self._index = index


def _property(name: str, meaning: str) -> property:
    def get(self: Any) -> Any:
        return self._views[name][self._index]

    def put(self: Any, value: Any) -> None:
        self._views[name][self._index] = value

    return property(get, put, doc=meaning)


def row_class(name: str, fields: tuple[str, ...], bases: tuple[type, ...] = (Row,), **more: Any) -> type:
    """A class whose attributes are the fields of a record."""
    body: dict[str, Any] = {field: _property(field, field) for field in fields}
    if bases == (Row,):
        body["__slots__"] = ()
    return type(name, bases, body | more)


class Rows:
    """A structured array as a sequence of rows, made once each, when first asked for."""

    def __init__(self, array: np.ndarray, row: type | None = None) -> None:
        assert array.dtype.names is not None
        self.array = array
        self.views = {name: memoryview(array[name]) for name in array.dtype.names}
        self._row = row or row_class("Row", array.dtype.names)
        self._made: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, index: int) -> Any:
        row = self._made.get(index)
        if row is None:
            if not 0 <= index < len(self.array):
                raise IndexError(f"row {index} of {len(self.array)}")
            row = self._made[index] = self._row(self.views, index)
        return row


def interpreted(world: Any, rows: dict[str, Any] | None = None) -> Any:
    """The same world for interpreted rules: rows for structured arrays, memoryviews for plain ones."""
    given = rows or {}

    def view(name: str, array: np.ndarray) -> Any:
        if name in given:
            return given[name]
        return Rows(array) if array.dtype.names else memoryview(array)

    return type(world)(*(view(name, array) for name, array in zip(world._fields, world, strict=True)))
