"""The project's own promises: what is declared, shipped and said agrees."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import waterbed

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_version_is_the_same_everywhere() -> None:
    assert f"version: {waterbed.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {waterbed.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_public_name_can_be_had() -> None:
    for name in waterbed.__all__:
        assert getattr(waterbed, name) is not None


def test_importing_the_package_costs_next_to_nothing() -> None:
    code = "import sys, waterbed; print([m for m in ('numpy', 'pydantic', 'numba') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_makefile_has_the_promised_targets() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test", "lint", "bench", "docs", "results", "app"):
        assert f"\n{target}:" in text


def test_setup_script_is_valid_shell() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "tools" / "setup.sh")], check=False).returncode == 0


def test_python_floor_is_declared() -> None:
    assert PROJECT["requires-python"] == ">=3.12"
