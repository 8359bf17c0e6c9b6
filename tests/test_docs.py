"""The documents say what the code says, and what they show runs."""

from __future__ import annotations

import pkgutil
import re
from pathlib import Path

import pytest

from scripts import load

ROOT = Path(__file__).parents[1]
docs = load(ROOT / "tools" / "docs.py")
SNIPPETS = {page: list(docs.snippets(page)) for page in docs.PAGES}


def test_odd_is_generated_from_the_code():
    odd = docs.generator()
    page = odd.PAGE.read_text(encoding="utf-8")
    assert page == odd.generated(page), "run: make docs"
    assert "`choice.scale` | 400.0 | USD" in page and "9. Record" in page


def _name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_names_of_ours_that_pages_mention_exist():
    """`waterbed.x.y` in running text is a module, or something that one has."""
    missing = []
    for page in docs.PAGES:
        for name in re.findall(r"`(waterbed(?:\.[A-Za-z_]\w*)+)(?:\(\))?`", page.read_text("utf-8")):
            try:
                pkgutil.resolve_name(name)
            except (ImportError, AttributeError):
                missing.append(f"{page.name}: {name}")
    assert missing == []


@pytest.mark.parametrize("page", docs.PAGES, ids=_name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:<>]+)(?:#[^)]*)?\)", text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", [page for page, found in SNIPPETS.items() if found], ids=_name)
def test_snippets_run(page, tmp_path):
    for snippet in SNIPPETS[page]:
        if not docs.missing(snippet):
            assert docs.run(snippet, tmp_path) == "", str(snippet)


def test_a_command_of_many_replicates_is_tried_with_few(tmp_path):
    (tmp_path / "page.md").write_text("```\nwaterbed compare classroom --replicates 900 --out many\n```\n", "utf-8")
    (snippet,) = docs.snippets(tmp_path / "page.md")
    assert docs.run(snippet, tmp_path) == ""
    assert '"replicates": 3,' in (tmp_path / "many" / "provenance.json").read_text("utf-8")


def test_readme_shows_snippets_of_every_kind():
    assert {snippet.kind for snippet in SNIPPETS[ROOT / "README.md"]} == {"python", "waterbed", "make"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("```\nwaterbed frobnicate\n```\n", "No such command"),
        ("```\nmake tea\n```\n", "no target 'tea'"),
        ("```python\nimport waterbed\nwaterbed.nothing\n```\n", "has no attribute 'nothing'"),
        ('```toml\nname = "x"\nbase = "classrom"\n```\n', "classroom"),
    ],
)
def test_a_snippet_that_does_not_run_is_told(text, fault, tmp_path):
    (tmp_path / "page.md").write_text(text, encoding="utf-8")
    (snippet,) = docs.snippets(tmp_path / "page.md")
    assert fault in docs.run(snippet, tmp_path)
