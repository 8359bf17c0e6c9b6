"""Errors that a user can mend: each says where, what, which value, and what to do."""

from __future__ import annotations

from collections.abc import Iterable


class InputError(ValueError):
    """Bad input, with every fault that was found, one a line."""

    def __init__(self, faults: str | Iterable[str]) -> None:
        self.faults = [faults] if isinstance(faults, str) else list(faults)
        super().__init__("\n".join(self.faults))

    def __reduce__(self) -> tuple[type[InputError], tuple[list[str]]]:
        return type(self), (self.faults,)
