"""The version of a function that stands in for the model: all that decides what it returns, as far as can be seen."""

from __future__ import annotations

import functools
import hashlib
import inspect
import types
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from ..errors import InputError

_PLAIN = (str, bytes, int, float, complex, bool, type(None))


def version_of_callable(model: Callable[..., Any]) -> str:
    """The version of a function, equal in all processes: its source, defaults, and what it has captured.

    Captured are the values of its closure, what an instance or a partial call holds, and of its own file the functions
    and plain constants that it names. Raises InputError for a value that cannot be told from another.
    """
    told = _Told()
    told.add(model)
    return "function-" + told.hash.hexdigest()


class _Told:
    """A hash of values by what they say, not by where they lie in memory."""

    def __init__(self) -> None:
        self.hash = hashlib.blake2b(digest_size=8)
        self._seen: dict[int, int] = {}
        self._held: list[Any] = []
        """What has been seen, kept so that nothing else takes its place in memory."""

    def add(self, value: Any) -> None:
        """Hash one value, and what it holds."""
        if isinstance(value, _PLAIN):
            self._say(type(value).__name__, repr(value))
        elif id(value) in self._seen:
            self._say("again", str(self._seen[id(value)]))
        else:
            self._seen[id(value)] = len(self._seen)
            self._held.append(value)
            self._add_held(value)

    def _say(self, *parts: str) -> None:
        for part in parts:
            content = part.encode("utf-8", "surrogatepass")
            self.hash.update(len(content).to_bytes(8, "little") + content)

    def _add_held(self, value: Any) -> None:
        if isinstance(value, types.FunctionType):
            self._add_function(value)
        elif isinstance(value, types.MethodType):
            self._say("method")
            self.add(value.__func__)
            self.add(value.__self__)
        elif isinstance(value, functools.partial):
            self._add_all("partial", value.func, value.args, value.keywords)
        elif isinstance(value, types.ModuleType):
            self._say("module", value.__name__)
        elif isinstance(value, type | types.BuiltinFunctionType):
            self._say("class", value.__module__ or "", value.__qualname__, _source(value))
        elif isinstance(value, Mapping) and type(value) is dict:
            self._add_all("dict", *(part for pair in value.items() for part in pair))
        elif type(value) in (list, tuple):
            self._add_all(type(value).__name__, *value)
        elif type(value) in (set, frozenset):
            self._add_all("set", *sorted(value, key=repr))
        elif isinstance(value, np.ndarray) and value.dtype != object:
            self._say("array", value.dtype.str, str(value.shape))
            self.hash.update(np.ascontiguousarray(value).tobytes())
        elif hasattr(value, "__wrapped__"):
            self._add_all("wrapped", value.__wrapped__)
        else:
            self._add_object(value)

    def _add_all(self, kind: str, *parts: Any) -> None:
        self._say(kind, str(len(parts)))
        for part in parts:
            self.add(part)

    def _add_function(self, value: types.FunctionType) -> None:
        self._say("function", value.__qualname__, _source(value) or _code(value.__code__))
        self._add_all("defaults", value.__defaults__, value.__kwdefaults__)
        for name, cell in zip(value.__code__.co_freevars, value.__closure__ or (), strict=True):
            self._say(name)
            try:
                self.add(cell.cell_contents)
            except ValueError:  # not given a value yet
                self._say("empty")
        for name in sorted(_names(value.__code__) & value.__globals__.keys()):
            held = value.__globals__[name]
            own = getattr(held, "__module__", None) == value.__module__ and isinstance(held, types.FunctionType | type)
            if own or isinstance(held, _PLAIN):
                self._say(name)
                self.add(held)

    def _add_object(self, value: Any) -> None:
        """An instance by its class and by what it would be copied from."""
        try:
            made = value.__reduce_ex__(4)
        except Exception:
            what = type(value).__qualname__
            raise InputError(f"model: holds a value of type {what}, which cannot be told from another such; give it "
                             "what that is made from") from None  # fmt: skip
        if isinstance(made, str):
            self._say("named", made)
            return
        self._say("object")
        self.add(type(value))
        self._add_all("state", *(list(part) if hasattr(part, "__next__") else part for part in made))


def _source(value: Any) -> str:
    try:
        return inspect.getsource(value)
    except (OSError, TypeError):
        return ""


def _code(code: types.CodeType) -> str:
    """A function without source, as its instructions and constants."""
    inner = [_code(c) if isinstance(c, types.CodeType) else repr(c) for c in code.co_consts]
    return f"{code.co_code.hex()} {code.co_names} {inner}"


def _names(code: types.CodeType) -> set[str]:
    """Names that a function looks up in its file, those of functions inside it too."""
    found = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, types.CodeType):
            found |= _names(inner)
    return found
