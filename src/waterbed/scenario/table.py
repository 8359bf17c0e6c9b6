"""Tables by name (operations, policies) that cannot be changed behind a frozen scenario's back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


class FrozenTable[T](Mapping[str, T]):
    """An immutable mapping from names to values, in the order given.

    Not ``types.MappingProxyType``: that can be neither pickled (process pools) nor copied.
    """

    __slots__ = ("_items",)
    _items: dict[str, T]

    def __init__(self, items: Mapping[str, T] | None = None) -> None:
        object.__setattr__(self, "_items", dict(items or {}))

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __setattr__(self, name: str, value: Any) -> None:
        raise TypeError("a scenario's table cannot be changed; use scenario.replace({...})")

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __reduce__(self) -> tuple[type[FrozenTable[T]], tuple[dict[str, T]]]:
        return type(self), (dict(self._items),)

    def __repr__(self) -> str:
        return repr(self._items)
