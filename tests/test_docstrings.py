"""Every public name says what it is: the house's docstrings, which are Google's sections under one plain sentence."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import textwrap

import pytest

MODULES = ("waterbed", "waterbed.scenario", "waterbed.network", "waterbed.measures", "waterbed.measures.evaluators",
           "waterbed.study", "waterbed.report", "waterbed.plugins")  # fmt: skip
SECTIONS = ("Args", "Returns", "Raises", "Yields")


def _public(module: str) -> dict[str, object]:
    home = importlib.import_module(module)
    names = getattr(home, "__all__", None) or list(vars(home))
    found = {}
    for name in names:
        value = getattr(home, name)
        if name.startswith("_") or not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if not value.__module__.startswith("waterbed"):
            continue
        found[f"{module}.{name}"] = value
        if inspect.isclass(value):
            for member, inner in vars(value).items():
                inner = inner.__func__ if isinstance(inner, (classmethod, staticmethod)) else inner
                inner = inner.func if hasattr(inner, "func") else inner.fget if isinstance(inner, property) else inner
                if not member.startswith("_") and inspect.isfunction(inner) and inner.__module__.startswith("waterbed"):
                    found[f"{module}.{name}.{member}"] = inner
    return found


PUBLIC = {name: value for module in MODULES for name, value in _public(module).items()}


def _raised(function: object) -> set[str]:
    """Names of the errors that a function raises in its own body, caught ones and bare ``raise`` apart."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError):
        return set()
    calls = [n.exc for n in ast.walk(tree) if isinstance(n, ast.Raise) and isinstance(n.exc, ast.Call)]
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_have_house_style_docstrings(name):
    value = PUBLIC[name]
    text = inspect.getdoc(value) or ""
    assert text, "has no docstring"
    first = text.split("\n\n")[0]
    assert re.search(r"[.:]$|\.\"$", first.strip()) or "\n" in first, f"its first sentence has no end: {first!r}"
    for section in re.findall(r"^([A-Z]\w+):$", text, re.M):
        assert section in SECTIONS, f"an unknown section {section}"
    if not inspect.isfunction(value):
        return
    parameters = set(inspect.signature(value).parameters)
    if "Args:" in text:
        body = text.split("Args:")[1].split("\n\n")[0]
        named = {n.strip() for names in re.findall(r"^    (\w[\w, ]*):", body, re.M) for n in names.split(",")}
        assert named and named <= parameters, f"names what it does not take: {named - parameters}"
    for error in _raised(value):
        assert error in text, f"raises {error} and does not say so"


def test_functions_say_what_they_take_and_give():
    """A parameter is in the docstring, unless its name and type say all there is to say."""
    plain = {"self", "cls", "scenario", "folder", "path", "network", "world", "name", "text", "seed", "kwargs"}
    silent = []
    for name, value in PUBLIC.items():
        if inspect.isfunction(value):
            text = inspect.getdoc(value) or ""
            for parameter in set(inspect.signature(value).parameters) - plain:
                if not re.search(rf"\b{parameter}\b", text):
                    silent.append(f"{name}: {parameter}")
    assert silent == []
