"""The documents say what the code says."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_odd_is_generated_from_the_code():
    spec = importlib.util.spec_from_file_location("generate_odd", ROOT / "docs" / "generate_odd.py")
    odd = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(odd)
    page = odd.PAGE.read_text(encoding="utf-8")
    assert page == odd.generated(page), "run: python docs/generate_odd.py"
    assert "`choice.scale` | 400.0 | USD" in page and "9. Record" in page


@pytest.mark.parametrize("page", ["README.md", "docs/odd.md", "docs/design.md"])
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert ((ROOT / page).parent / target).exists(), target


def test_commands_of_the_readme_exist():
    from typer.main import get_command

    from waterbed.cli import app

    known = get_command(app).commands
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"waterbed ([a-z]+)", "\n".join(re.findall(r"```\n(.*?)```", text, re.S))))
    assert named and named <= set(known)
