"""Who runs what: processes that share a store tell each other the runs they have in hand.

Each process keeps one small file of the keys it has sent out. A lock makes reading the others' and writing one's own
a single step. A file whose process is gone, or that nobody has touched for a while, counts no more.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from ..measures.tables import whole

STALE = 60.0
"""Seconds without a sign of life after which a claim on another machine counts no more."""
BEAT = 10.0
"""Seconds between signs of life, which a thread gives: a batch may take longer than its process is believed for."""


class Claims:
    """The runs that this process has in hand, seen by the others that use the same store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "claims"
        self._folder.mkdir(parents=True, exist_ok=True)
        self._host = socket.gethostname()
        self._file = self._folder / f"{self._host}~{os.getpid()}~{uuid.uuid4().hex}.claim"
        self._own: set[str] = set()
        self._writing = threading.Lock()
        self._closed = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def take(self, keys: Iterable[str], refresh: Callable[[], set[str]]) -> tuple[set[str], set[str]]:
        """Claim runs.

        ``refresh`` reads what has been stored by now, and is called while the others' claims cannot change: what
        somebody has just finished is in one or the other.

        Returns:
            Runs that are now ours; and runs that are in somebody else's hand. The rest is done.
        """
        wanted = set(keys)
        with _locked(self._folder / "lock"):
            theirs = wanted & self._others()
            ours = wanted - theirs - refresh()
            with self._writing:
                self._own |= ours
                self._write()
        return ours, theirs

    def drop(self, keys: Iterable[str]) -> None:
        """Give up claims on runs that are stored, or will not be run."""
        with self._writing:
            self._own -= set(keys)
            self._write()

    def touch(self) -> None:
        """Give a sign of life; claims that another machine took for dead and removed are made again."""
        with self._writing:
            if not self._own:
                return
            try:
                os.utime(self._file)
            except FileNotFoundError:
                self._write()

    def close(self) -> None:
        """Give up everything."""
        self._closed.set()
        with self._writing:
            self._own.clear()
            self._file.unlink(missing_ok=True)

    def _beat(self) -> None:
        while not self._closed.wait(BEAT):
            with suppress(OSError):  # which whoever stores runs there will say
                self.touch()

    def _write(self) -> None:
        whole(self._file, lambda temporary: temporary.write_text("\n".join(self._own)))

    def _others(self) -> set[str]:
        found: set[str] = set()
        for path in self._folder.glob("*.claim"):
            if path == self._file:
                continue
            try:
                if self._is_alive(path):
                    found.update(path.read_text().split())
                else:
                    path.unlink()
            except FileNotFoundError:
                continue
        return found

    def _is_alive(self, path: Path) -> bool:
        host, pid, _ = path.name.split("~")
        if host == self._host:
            try:
                os.kill(int(pid), 0)
            except ProcessLookupError:
                return False
            except PermissionError:
                return True
            return True
        return time.time() - path.stat().st_mtime < STALE


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold a lock between processes; the system frees it when its holder dies."""
    with path.open("a+b") as file:
        _lock(file)
        try:
            yield
        finally:
            _unlock(file)


try:
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

except ImportError:  # Windows
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
