"""Sphinx configuration: `make docs` builds these pages into build/docs, notebooks executed, warnings as errors.

What can be derived from the code is made when a page is read: see generate_reference.py. Nothing is fetched when a
page is opened: the theme and its fonts are local, and mathematics is MathML, which browsers draw by themselves.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT / "src")]
# Notebooks run in processes of their own, and have to find this tree too.
os.environ["PYTHONPATH"] = str(ROOT / "src")
# Nor has the reader's own IPython a say in them; and that kernels talk within this machine is no news.
os.environ["IPYTHONDIR"] = str(ROOT / "build" / "ipython")
kernels = ROOT / "build" / "ipython" / "profile_default"
kernels.mkdir(parents=True, exist_ok=True)
(kernels / "ipython_kernel_config.py").write_text("c.IPKernelApp.log_level = 40\n", "utf-8")

import generate_reference  # noqa: E402

import waterbed  # noqa: E402

project = "waterbed"
author = "the waterbed authors"
copyright = "the waterbed authors, Apache-2.0"
version = release = waterbed.__version__
html_title = "waterbed"

extensions = [
    "myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_copybutton", "sphinx_design",
]  # fmt: skip
exclude_patterns = ["_build"]
html_theme = "pydata_sphinx_theme"
html_static_path = ["_static"]
html_css_files = ["waterbed.css"]
html_favicon = "_static/waterbed.svg"
html_context = {"default_mode": "auto"}  # without, the theme reports an invalid mode at the first visit
html_sidebars = {page: [] for page in ("quickstart", "gallery", "coming_from")}  # pages alone in their section
html_sourcelink_suffix = ""
html_copy_source = False
html_theme_options = {
    "logo": {"text": "waterbed"},
    "show_prev_next": True,
    "navigation_with_keys": True,
    "secondary_sidebar_items": ["page-toc"],
    "navbar_align": "left",
    "header_links_before_dropdown": 7,
    "footer_start": ["copyright"],
    "footer_end": [],
}
html_math_renderer = "mathml"

myst_enable_extensions = ["amsmath", "colon_fence", "deflist", "dollarmath"]
myst_heading_anchors = 4

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False
python_maximum_signature_line_length = 88


def fingerprint() -> str:
    """A hash of the package's sources and tables: what a notebook shows is kept until any of them changes."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix in (".py", ".csv", ".toml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


nb_execution_mode = "cache"
nb_execution_cache_path = str(ROOT / "build" / "notebooks" / fingerprint())
nb_execution_timeout = 600  # of a cell: for what hangs; on an idle machine none takes half a minute
nb_execution_raise_on_error = True
nb_merge_streams = True


def math(self: object, node: nodes.math) -> None:
    """Mathematics within a line, as MathML."""
    self.body.append(tex2mathml(node.astext(), as_block=False))  # type: ignore[attr-defined]
    raise nodes.SkipNode


def math_block(self: object, node: nodes.math_block) -> None:
    """Mathematics in a line of its own, as MathML."""
    self.body.append(f'<div class="math">{tex2mathml(node.astext(), as_block=True)}</div>')  # type: ignore[attr-defined]
    raise nodes.SkipNode


def fill(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put what is generated in the place of its mark."""
    for name, make in generate_reference.PARTS.items():
        mark = f"<!-- generated: {name} -->"
        if mark in source[0]:
            source[0] = source[0].replace(mark, make())


def describe(app: Sphinx, tree: nodes.document) -> None:
    """Words for the pictures that notebooks draw: without, a reader of screens is read the name of a file."""
    for image in tree.findall(nodes.image):
        if image.get("alt"):
            continue
        section: nodes.Element | None = image.parent
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        heading = section.next_node(nodes.title) if section is not None else None
        image["alt"] = f"Figure drawn by the code before it{f': {heading.astext()}' if heading else ''}"


def setup(app: Sphinx) -> None:
    app.add_html_math_renderer("mathml", (math, None), (math_block, None))
    app.connect("source-read", fill)
    app.connect("doctree-read", describe)
