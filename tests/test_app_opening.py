"""The first view of the app: soon there, and never of another package than this."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from waterbed.app import opening


def test_the_page_is_served_before_anything_slow_is_imported() -> None:
    """The first view waits for what is imported here, and for the base map, which needs no engine."""
    code = (
        "import sys; from waterbed.app import opening, server; server._require_sound('classroom'); "
        "early = [m for m in ('numpy', 'pandas', 'pydantic', 'numba') if m in sys.modules]; "
        "opening.describe('classroom'); print(early, 'numba' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split("\n")[0] == "[] False"


def test_the_first_view_is_kept_until_the_package_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package, kept = tmp_path / "waterbed", tmp_path / "kept"
    (package / "scenario").mkdir(parents=True)
    (source := package / "scenario" / "load.py").write_text("one")
    monkeypatch.setattr(opening, "_PACKAGE", package)
    monkeypatch.setattr(opening, "_KEPT", kept)
    assert opening.kept("classroom") is None
    first = opening.Opening("classroom").read()
    assert first == opening.describe("classroom")
    opening.keep("classroom", b"known")
    assert opening.Opening("classroom").read() == b"known"
    source.write_text("another")
    assert opening.kept("classroom") is None
    opening.keep("classroom", first)
    assert [opening.kept("classroom")] == [path.read_bytes() for path in kept.iterdir()]
    opening.keep("../mine", b"a file of the user's")
    assert opening.kept("../mine") is None and len(list(kept.iterdir())) == 1


def test_the_first_view_is_told_where_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (occupied := tmp_path / "kept").write_text("a file where a folder should be")
    monkeypatch.setattr(opening, "_KEPT", occupied)
    opening.keep("classroom", b"known")
    assert opening.kept("classroom") is None
