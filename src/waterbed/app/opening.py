"""What a page shows first, the world of the app's scenario: described by a process of its own while the server starts.

It needs no model. In a thread of the server it would come later, and the page with it: Python imports one thing at a
time. What is told of a bundled scenario changes only with the package, and is kept as Python keeps its byte code: in
``__pycache__`` beside this file, where that can be written, under a name that tells which sources it is of.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_KEPT = Path(__file__).parent / "__pycache__"


class Opening:
    """The description, kept or under way."""

    def __init__(self, name: str) -> None:
        self._content, self._process = kept(name), None
        if self._content is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "waterbed.app.opening", name], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )  # fmt: skip

    def read(self) -> bytes:
        """The ``world`` message of the app's protocol, or ``null`` where there is none: the socket tells the faults."""
        if self._process is not None:
            self._content, _ = self._process.communicate()
        return self._content or b"null"

    def close(self) -> None:
        """End it, if it has not ended."""
        if self._process is not None:
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


def kept(name: str) -> bytes | None:
    """What was kept of a bundled scenario, if it is of the package as it is now."""
    with contextlib.suppress(OSError):
        return _place(name).read_bytes() if is_bundled(name) else None
    return None


def keep(name: str, content: bytes) -> None:
    """Keep the description of a bundled scenario in place of older ones."""
    if not is_bundled(name):
        return
    place = _place(name)
    with contextlib.suppress(OSError):  # it only saves time
        _KEPT.mkdir(exist_ok=True)
        for old in _KEPT.glob(f"{name}-*.json"):
            old.unlink()
        (writing := place.with_suffix(f".{os.getpid()}")).write_bytes(content)
        writing.replace(place)


def is_bundled(name: str) -> bool:
    """Whether a scenario comes with the package. Asked before anything slow is imported."""
    return (files("waterbed") / "scenario" / "library" / f"{name}.toml").is_file() and os.sep not in name


def _place(name: str) -> Path:
    digest = hashlib.sha256(sys.version.encode())
    for path, size, changed in sorted(_sources(_PACKAGE)):
        digest.update(f"{path} {size} {changed}\n".encode())
    return _KEPT / f"{name}-{digest.hexdigest()[:16]}.json"


def _sources(folder: str | Path) -> Iterator[tuple[str, int, int]]:
    """Path, size and time of every file of the package, as Python looks at them for its byte code."""
    for entry in os.scandir(folder):
        if entry.is_dir():
            if entry.name != "__pycache__":
                yield from _sources(entry.path)
        else:
            about = entry.stat()
            yield entry.path, about.st_size, about.st_mtime_ns


def main(name: str) -> None:
    """Tell the description to the server, and keep it for the next start."""
    content = describe(name)
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    if content:
        keep(name, content)


if __name__ == "__main__":
    main(sys.argv[1])
