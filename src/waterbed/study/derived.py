"""Effects that are made of other effects' terms when a study is read: nothing has to be run again for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ..measures.intervals import Name


@dataclass(frozen=True)
class Ratio:
    """A ratio of sums of terms that are stored for other effects."""

    above: tuple[Name, int]
    """Effect whose term is the numerator, and which of its terms."""
    below: tuple[Name, int]
    meaning: str

    @property
    def needs(self) -> tuple[Name, Name]:
        """Effects that have to be read for it."""
        return self.above[0], self.below[0]


_SPATIAL: Name = ("displacement_spatial", "", "share of loss")
_LATER: Name = ("displacement_temporal", "later", "share")

DERIVED: dict[Name, Ratio] = {
    ("displaced_of_treated", "", "share"): Ratio(
        (_SPATIAL, 0), (_LATER, 1),
        "people who crossed elsewhere instead of on treated legs, net of the reverse, over those whom the twin has on "
        "treated legs: unlike a share of the loss, it has a value where next to nothing was lost",
    ),
}  # fmt: skip


def possible(names: Iterable[Name]) -> list[Name]:
    """Derived effects whose parts are among these."""
    known = set(names)
    return [name for name, ratio in DERIVED.items() if known.issuperset(ratio.needs)]


def made(name: Name, terms: dict[Name, np.ndarray]) -> np.ndarray:
    """Terms [point, replicate, 2] of a derived effect from those of its parts."""
    (above, i), (below, j) = DERIVED[name].above, DERIVED[name].below
    return np.stack([terms[above][..., i], terms[below][..., j]], axis=-1)
