"""What a plug-in file imports: decorators for one's own police strategies, measures and rules.

See :mod:`waterbed.engine.plugins` for how to write one.
"""

from __future__ import annotations

from .engine.plugins import measure, police_strategy, replace_rule

__all__ = ["measure", "police_strategy", "replace_rule"]
