"""Errors that a user can mend: each says where, what, which value, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class InputError(ValueError):
    """Bad input, with every fault that was found, one a line."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[str]]]:
        return type(self), (self.faults,)


def require_folder(path: Path, option: str = "--out") -> None:
    """Raise InputError where a folder is wanted and a file stands; it names the ``option`` that asks for the folder."""
    if path.exists() and not path.is_dir():
        raise InputError(f"{option} {path}: is a file; name a folder")
