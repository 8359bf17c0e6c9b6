"""A world behind one pointer.

Numba would pass a tuple of fifty arrays as some four hundred arguments to every rule that is called.
A :class:`Handle` lays the arrays' descriptors out in memory and passes their address instead, which
compiles and runs several times as fast. The arrays are borrowed: compiled rules allocate nothing and
count no references.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import typeof
from numba.core import cgutils, types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    models,
    register_model,
    typeof_impl,
    unbox,
)

from .world import World

_WORD = 8


class HandleType(types.Type):  # type: ignore[misc]
    """The type of a handle: the names and types of its arrays."""

    def __init__(self, fields: tuple[tuple[str, types.Array], ...]) -> None:
        self.fields = fields
        self.types = dict(fields)
        # Written out, the fields fill pages of every message about a rule that cannot be compiled.
        super().__init__(name=f"Handle({hashlib.sha256(str(fields).encode()).hexdigest()[:16]})")

    def offset(self, name: str) -> int:
        """Bytes before an array's descriptor (meminfo, parent, items, item size, data, shape, strides); or KeyError."""
        before = 0
        for other, array in self.fields:
            if other == name:
                return before * _WORD
            before += 5 + 2 * array.ndim
        raise KeyError(name)


class Handle:
    """The arrays of a world, and the address of their descriptors."""

    def __init__(self, world: World) -> None:
        self.world = world
        words: list[int] = []
        for array in world:
            words += [0, 0, array.size, array.itemsize, array.ctypes.data, *array.shape, *array.strides]
        self._descriptors = np.array(words, np.int64)
        self.address = int(self._descriptors.ctypes.data)
        self.numba_type = _type_of(tuple((n, a.dtype, a.ndim) for n, a in zip(world._fields, world, strict=True)))


@cache
def _type_of(arrays: tuple[tuple[str, np.dtype[Any], int], ...]) -> HandleType:
    """The type of a world's handle: every array of a kind has one type, empty or not."""
    return HandleType(tuple((name, typeof(np.empty((0,) * ndim, kind))) for name, kind, ndim in arrays))


@typeof_impl.register(Handle)
def _typeof_handle(value: Handle, c: Any) -> HandleType:
    return value.numba_type


@register_model(HandleType)
class _HandleModel(models.OpaqueModel):  # type: ignore[misc]
    pass


@unbox(HandleType)
def _unbox_handle(typ: HandleType, value: Any, c: Any) -> NativeValue:
    address = c.pyapi.object_getattr_string(value, "address")
    number = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(
        c.builder.inttoptr(number, cgutils.voidptr_t), is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred())
    )


@infer_getattr
class _HandleAttributes(AttributeTemplate):  # type: ignore[misc]
    key = HandleType

    def generic_resolve(self, typ: HandleType, name: str) -> types.Array | None:
        return typ.types.get(name)


@lower_getattr_generic(HandleType)
def _load_array(context: Any, builder: Any, typ: HandleType, value: Any, name: str) -> Any:
    struct = context.get_value_type(typ.types[name])
    place = builder.gep(value, [ir.Constant(ir.IntType(64), typ.offset(name))])
    return builder.load(builder.bitcast(place, struct.as_pointer()))
