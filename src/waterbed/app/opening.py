"""What a page shows first, the world of the app's scenario: described by a process of its own while the server starts.

It needs no model. In a thread of the server it would come later, and the page with it: Python imports one thing at a
time.
"""

from __future__ import annotations

import os
import subprocess
import sys


class Opening:
    """The description under way."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "waterbed.app.opening", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )  # fmt: skip

    def read(self) -> bytes:
        """The ``world`` message of the app's protocol, or ``null`` where there is none: the socket tells the faults."""
        content, _ = self._process.communicate()
        return content or b"null"

    def close(self) -> None:
        """End it, if it has not ended."""
        self._process.kill()


def describe(name: str) -> bytes:
    """The ``world`` message of a scenario; empty for one that cannot be opened."""
    from ..errors import InputError
    from . import describe, protocol
    from .settings import build

    try:
        return protocol.write("world", **describe.describe(*build(name, "", {}, name), name))
    except InputError:
        return b""


if __name__ == "__main__":
    sys.stdout.buffer.write(describe(sys.argv[1]))
