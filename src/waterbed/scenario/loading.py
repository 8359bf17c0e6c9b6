"""Scenario files: TOML with inheritance in, a validated scenario or a list of every fault out."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..errors import InputError
from .addresses import addresses, keys_at, unknown
from .scenario import FORMAT, Scenario

type Tree = dict[str, Any]

_ABSENT = object()


class Refused(InputError):
    """What is wrong with a file by itself.

    ``rest`` is what it says otherwise, where that is whole without the addresses at fault, which are ``gone`` from it.
    """

    def __init__(self, faults: str | Iterable[str], rest: Any = None, gone: Sequence[str] = ()) -> None:
        super().__init__(faults)
        self.rest = rest
        self.gone = gone


@cache
def _library() -> dict[str, str]:
    folder = files("waterbed.scenario") / "library"
    return {
        item.name.removesuffix(".toml"): item.read_text("utf-8")
        for item in sorted(folder.iterdir(), key=lambda item: item.name)
        if item.name.endswith(".toml")
    }


def bundled() -> list[str]:
    """Names of the scenarios that come with the package."""
    return list(_library())


def load(name_or_path: str | Path) -> Scenario:
    """The bundled scenario of that name, or the one in that TOML file, with what it inherits.

    Args:
        name_or_path: a bundled name, or a path.

    Raises:
        InputError: with every fault found, one a line.
    """
    text, origin, folder = _read(name_or_path, Path(), origin="")
    return parse(text, origin, folder)


def parse(text: str, origin: str = "scenario", folder: Path | None = None) -> Scenario:
    """The scenario in a TOML text.

    Args:
        text: TOML.
        origin: what messages call it.
        folder: where relative paths start, by default the working directory.

    Raises:
        InputError: with every fault found, one a line.
    """
    files: list[tuple[str, Tree]] = []
    tree = _inherit(text, origin, folder or Path(), files)
    return validate(tree, origin, files)


def validate(tree: Mapping[str, Any], origin: str, files: Sequence[tuple[str, Tree]] = ()) -> Scenario:
    """A scenario from nested tables; raises :class:`Refused`, an InputError, with one line a fault.

    ``files`` are the tables of ``origin`` and of what it inherits, by file: a fault is told of the file it is in.
    """
    try:
        return Scenario.model_validate(tree)
    except ValidationError as error:
        raise Refused(sentences(error, origin, files), *without(tree, error, Scenario)) from None


def without[S: BaseModel](
    tree: Mapping[str, Any], error: ValidationError, kind: type[S]
) -> tuple[S | None, list[str]]:
    """What is left of nested tables without the values at fault, if that is valid, for more may be told of it; and
    the addresses of these values.
    """
    left: Any = deepcopy(dict(tree))
    gone = []
    for fault in error.errors(include_url=False):
        way = [str(part) for part in takewhile(lambda part: isinstance(part, str), fault["loc"])]
        table = left
        for name in way[:-1]:
            table = table.get(name) if isinstance(table, Mapping) else None
        if not way or not isinstance(table, dict) or way[-1] not in table:
            return None, []
        del table[way[-1]]
        gone.append(".".join(way))
    try:
        return kind.model_validate(left), gone
    except ValidationError:
        return None, []


def replace(scenario: Scenario, changes: Mapping[str, Any], origin: str = "") -> Scenario:
    """See :meth:`Scenario.replace`; ``origin`` begins every fault of the InputError that it raises."""
    tree: Tree = scenario.model_dump()
    faults = []
    for address, value in changes.items():
        fault = _put(tree, address, value)
        if fault:
            # Of an address without its beginning, the whole one is told.
            near = [known for known in addresses(scenario) if known.endswith(f".{address}")]
            fault = f"there is no such name; did you mean {near[0]!r}?" if len(near) == 1 else fault
            faults.append(f"{origin or scenario.name}: {address}: {fault}")
    if faults:
        raise InputError(faults)
    return validate(tree, origin or scenario.name)


def with_settings(scenario: Scenario, settings: Iterable[str]) -> Scenario:
    """The scenario with ``PATH=VALUE`` ``settings`` applied; VALUE is read as TOML, else as a string.

    Raises:
        InputError: for a setting of another form, and for every fault that the changes bring.
    """
    changes: Tree = {}
    for setting in settings:
        address, sign, value = setting.partition("=")
        if not sign or not address.strip():
            raise InputError(f"--set {setting}: not of the form PATH=VALUE; write, say, --set flow=1.2")
        changes[address.strip()] = toml_value(value.strip())
    return replace(scenario, changes, "--set") if changes else scenario


def toml_value(text: str) -> Any:
    """A value written as in TOML, else the text itself."""
    try:
        tables = tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    # Several lines would be several keys.
    return tables["value"] if len(tables) == 1 else text


def _put(tree: Tree, address: str, value: Any) -> str | None:
    """Set a value in nested tables; say what is wrong with an address that does not exist."""
    *way, last = address.split(".")
    table: Any = tree
    for depth, name in enumerate(way):
        if not isinstance(table, dict) or name not in table:
            return unknown(name, list(table) if isinstance(table, dict) else [])
        table = table[name]
        if not isinstance(table, dict):
            return f"{'.'.join(way[: depth + 1])} is a value, not a table; leave out what follows it"
    if last not in table:
        return unknown(last, list(table))
    if value is False and isinstance(table[last], dict) and way and way[-1] in ("operations", "policies"):
        del table[last]
    elif isinstance(table[last], dict) and isinstance(value, Mapping):
        table[last] = _merge(table[last], value)
    elif isinstance(value, int) and not isinstance(value, bool) and isinstance(table[last], float):
        table[last] = float(value)
    else:
        table[last] = value
    return None


def _read(reference: str | Path, folder: Path, origin: str) -> tuple[str, str, Path]:
    """Text, name and folder of a bundled scenario or a file; ``origin`` is the file that refers to it."""
    name = os.fspath(reference)
    if name in _library():
        return _library()[name], name, Path()
    path = folder / name
    said = f"{origin}: base: " if origin else ""
    if path.is_dir():
        raise InputError(f"{said}{path}: is a folder; name a scenario file (.toml) in it")
    if not path.exists():
        near = get_close_matches(name.removesuffix(".toml"), bundled(), n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"bundled scenarios: {', '.join(bundled())}"
        raise InputError(f"{said}{name}: no such file, and no bundled scenario of that name; {hint}")
    try:
        return path.read_text("utf-8-sig"), os.fspath(path), path.parent
    except UnicodeDecodeError as error:
        raise InputError(f"{said}{path}: not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"{said}{path}: cannot be read: {error.strerror}; check its rights") from None


def _identity(origin: str) -> str:
    return origin if origin in _library() else str(Path(origin).resolve())


def _inherit(
    text: str, origin: str, folder: Path, files: list[tuple[str, Tree]], chain: tuple[str, ...] = ()
) -> Tree:
    """The tables of a file over those of its base, and of its base's base; appends each file's own to ``files``."""
    chain = (*chain, _identity(origin))
    try:
        own = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{origin}: not valid TOML: {error}; mend that line") from None
    version = own.get("format", 1)
    if type(version) is not int or version != FORMAT:
        raise InputError(f"{origin}: format: is {_said(version)}; this version of waterbed reads {FORMAT}; upgrade "
                         f"it, or write format = {FORMAT}")
    _resolve_paths(own, folder)
    files.append((origin, own))
    if "base" not in own:
        return own
    base = own.pop("base")
    if not isinstance(base, str):
        raise InputError(
            f"{origin}: base: has to be a bundled name or a file, is {_said(base)}; write base = \"classroom\""
        )
    below, name, below_folder = _read(base, folder, origin)
    if _identity(name) in chain:
        raise InputError(f"{origin}: base: {base!r} leads back to this file; a base cannot inherit from its heirs")
    return _merge(_inherit(below, name, below_folder, files, chain), own)


def _resolve_paths(own: Tree, folder: Path) -> None:
    """Make paths in a file relative to the file, as its author wrote them."""
    network = own.get("network")
    # A bundled world's name comes first; any other name that is a folder beside the file means that folder.
    if isinstance(network, str) and network and not _is_bundled_world(network) and (folder / network).is_dir():
        own["network"] = str((folder / network).resolve())
    plugins = own.get("plugins")
    if isinstance(plugins, list):
        own["plugins"] = [str((folder / p).resolve()) if isinstance(p, str) else p for p in plugins]


def _is_bundled_world(name: str) -> bool:
    return "/" not in name and (files("waterbed.network") / "worlds" / name).is_dir()


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> Tree:
    """Tables merge, everything else replaces; ``NAME = false`` drops an inherited table."""
    merged = dict(below)
    for name, value in above.items():
        old = merged.get(name)
        if isinstance(old, Mapping) and value is False:
            del merged[name]
        elif isinstance(old, Mapping) and isinstance(value, Mapping):
            merged[name] = _merge(old, value)
        else:
            merged[name] = value
    return merged


_REMEDIES = {
    "missing": "is missing; add it",
    "string_type": "has to be text",
    "int_type": "has to be a whole number, without quotes or a point",
    "float_type": "has to be a number, without quotes",
    "bool_type": "has to be true or false, without quotes",
    "tuple_type": "has to be a list, as [\"…\", \"…\"]",
    "model_type": "has to be a table",
    "model_attributes_type": "has to be a table",
    "mapping_type": "has to be a table of tables by name",
    "dict_type": "has to be a table of tables by name",
    "string_too_short": "has to have at least one letter",
    "finite_number": "has to be a finite number",
    "date_from_datetime_parsing": "has to be a date, as 2025-01-31",
    "date_type": "has to be a date, as 2025-01-31",
    "date_from_datetime_inexact": "has to be a date without a time, as 2025-01-31",
}


def sentences(
    error: ValidationError, origin: str, files: Sequence[tuple[str, Tree]] = (),
    allowed: Callable[[tuple[str, ...]], list[str]] = keys_at,
) -> list[str]:  # fmt: skip
    """One sentence a fault; ``allowed`` gives the names that a place of the file takes."""
    return [
        f"{_file(fault['loc'], origin, files)}: {_address(fault['loc'])}: {_sentence(fault, allowed)}"
        for fault in error.errors(include_url=False)
    ]


def _file(loc: tuple[int | str, ...], origin: str, files: Sequence[tuple[str, Tree]]) -> str:
    """The file in which the value at a place was written: the first that has it, the heir before its base."""
    for name, tree in files:
        value: Any = tree
        for part in loc:
            if isinstance(part, int):
                break
            value = value.get(part, _ABSENT) if isinstance(value, Mapping) else _ABSENT
        if value is not _ABSENT:
            return name
    return origin


def _address(loc: tuple[int | str, ...]) -> str:
    text = ""
    for part in loc:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text or "the file"


def _sentence(fault: Any, allowed: Callable[[tuple[str, ...]], list[str]]) -> str:
    kind, value, context = fault["type"], fault["input"], fault.get("ctx", {})
    if value is False and len(fault["loc"]) == 2 and fault["loc"][0] in ("operations", "policies"):
        return "there is none of that name to drop; leave the line out"
    if kind == "extra_forbidden":
        *way, name = (str(part) for part in fault["loc"])
        return unknown(name, allowed(tuple(way)))
    if kind == "value_error":
        return str(context["error"])
    if kind == "missing":
        return _REMEDIES[kind]
    if kind == "greater_than_equal":
        return f"is {_said(value)}; has to be at least {context['ge']:g}"
    if kind == "less_than_equal":
        return f"is {_said(value)}; has to be at most {context['le']:g}"
    if kind == "literal_error":
        words = [w for w in str(context["expected"]).replace(" or ", ", ").split(", ") if w != "''"]
        near = get_close_matches(str(value), [w.strip("'") for w in words], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        return f"is {_said(value)}; has to be one of {', '.join(words)}{hint}"
    return f"is {_said(value)}; {_REMEDIES.get(kind, fault['msg'][0].lower() + fault['msg'][1:])}"


def _said(value: Any) -> str:
    # As people write it in TOML, not as Python does.
    text = str(value).lower() if isinstance(value, bool) else str(value) if isinstance(value, date) else repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
