"""Calls of functions that are compiled each for itself: by themselves where interpreted, by address where compiled.

Numba would make one piece of machine code of a function and all that it calls. What is called by its address stays a
piece of its own, compiled beside the others and kept by itself.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic, overload


def call(function: Any, when: Any, world: Any) -> None:
    """Call a function of a day or month and a world. Compiled, ``function`` is the address of a C callback."""
    function(when, world)


@intrinsic
def _call_at(context: Any, address: Any, when: Any, world: Any) -> Any:
    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place, *given = arguments
        kind = ir.FunctionType(ir.VoidType(), [value.type for value in given])
        builder.call(builder.inttoptr(place, kind.as_pointer()), given)
        return context.get_dummy_value()

    return types.void(types.intp, types.int64, world), generate


@overload(call, strict=False)  # names of arguments agree, annotations need not
def _call(function: Any, when: Any, world: Any) -> Any:
    return lambda function, when, world: _call_at(function, when, world)
