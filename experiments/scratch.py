"""Folders for worlds that an experiment makes for itself, gone when its process ends."""

from __future__ import annotations

import atexit
import shutil
from tempfile import mkdtemp


def scratch(kind: str) -> str:
    """A new, empty folder."""
    folder = mkdtemp(prefix=f"waterbed-{kind}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
