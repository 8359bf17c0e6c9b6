"""What a command is given: a scenario with its world, and a folder for results; refused before any work is done."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError, require_folder

if TYPE_CHECKING:
    from .network import WorldTables
    from .scenario import Scenario


def chosen(source: str, settings: list[str] | None) -> Scenario:
    """The scenario of a name or file, with what ``--set`` changes in it. Raises InputError."""
    from .scenario import load, with_settings
    from .study.command import is_study

    if is_study(source):
        raise InputError(f"{source}: is a study, not a scenario; run it with: waterbed study {source} --out DIR")
    return with_settings(load(source), settings or [])


def checked(source: str, settings: list[str] | None) -> tuple[Scenario, WorldTables]:
    """A scenario and its world, every name in the one known to the other. Raises InputError."""
    from .scenario.checking import beside, require
    from .scenario.loading import Refused

    try:
        scenario = chosen(source, settings)
    except Refused as error:
        if error.rest is None:
            raise
        found = beside(error.rest, _world(error.rest, source, error.faults), error.gone)
        raise InputError([*error.faults, *(f"{source}: {address}: {fault}" for address, fault in found)]) from None
    world = _world(scenario, source)
    require(scenario, world, source)
    if scenario.plugins:
        from .engine.run import blueprint

        blueprint(scenario)  # tries them
    return scenario, world


def _world(scenario: Scenario, source: str, before: Sequence[str] = ()) -> WorldTables:
    """A scenario's world; where there is none, a fault of its file, told after those ``before``."""
    from .network import load_world

    try:
        return load_world(scenario.network)
    except InputError as error:
        told = (f"{source}: {fault}" if fault.startswith("network: ") else fault for fault in error.faults)
        raise InputError([*before, *told]) from None


def too_short(scenario: Scenario) -> str:
    """Why a scenario that may be run is too short to be compared with itself without its measures, or nothing."""
    if not scenario.operations and not scenario.policies:
        return ""
    from .measures.fates import comparable_window

    try:
        comparable_window(scenario, scenario.untreated())
    except InputError as error:
        return "; ".join(error.faults)
    return ""


def require_free(out: Path | None, force: bool) -> None:
    """Refuse, before any work, a place where results cannot or should not be put. Raises InputError."""
    if out is None:
        return
    require_folder(out)
    if (out / "provenance.json").exists() and not force:
        raise InputError(f"--out {out}: holds another run; choose another folder, or overwrite it with --force")
    # Try now what will be needed then; and leave no trace of it, for the run may yet be refused.
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    out.mkdir(parents=True, exist_ok=True)
    probe = out / f".{os.getpid()}.part"
    probe.touch()
    probe.unlink()
    for folder in made:
        folder.rmdir()
