"""Ctrl-C that is not lost.

A KeyboardInterrupt that strikes inside a callback of somebody else's may be swallowed there. So the command line
remembers that it was asked to stop, and looks at that whenever progress is told.
"""

from __future__ import annotations

import signal
from types import FrameType

_asked = False


def listen() -> None:
    """Take Ctrl-C, and being asked to end (kill, a batch system's time limit), alike: what is done is kept."""
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, _ask)


def heed() -> None:
    """Stop here if that was asked. Raises KeyboardInterrupt."""
    if _asked:
        raise KeyboardInterrupt


def _ask(number: int, frame: FrameType | None) -> None:
    global _asked
    _asked = True
    raise KeyboardInterrupt
