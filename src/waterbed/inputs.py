"""What a command is given: a scenario with its world, and a folder for results; refused before any work is done."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import InputError

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
    from .network import load_world
    from .scenario.checking import require

    scenario = chosen(source, settings)
    world = load_world(scenario.network)
    require(scenario, world, source)
    return scenario, world


def require_free(out: Path | None, force: bool) -> None:
    """Refuse, before any work, a place where results cannot or should not be put. Raises InputError."""
    if out is None:
        return
    if out.exists() and not out.is_dir():
        raise InputError(f"--out {out}: is a file; name a folder")
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
