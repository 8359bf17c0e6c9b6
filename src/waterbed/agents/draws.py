"""What a person's draws are about. Each decision has one of its own, whatever others do."""

from __future__ import annotations

from ..engine.generator import uniform
from ..engine.rule import rule


@rule
def visit(self):
    """What a decision on the way is about: place, attempt and hop, in 32 bits."""
    return self.place * 65536 + self.attempts * 1024 + self.hops


@rule
def chance(self, purpose, decision, world):
    """A uniform of this person's own."""
    return uniform(world.par[0], purpose, world.groups[self.group].key, self.ordinal, decision)
