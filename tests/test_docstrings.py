"""Every public name says what it is: the house's docstrings, which are Google's sections under one plain sentence."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import textwrap
from types import FunctionType

import pytest

import waterbed

PUBLIC_HOMES = (
    "waterbed", "waterbed.errors", "waterbed.scenario", "waterbed.network", "waterbed.measures",
    "waterbed.measures.evaluators", "waterbed.measures.tables", "waterbed.study", "waterbed.calibrate",
    "waterbed.report", "waterbed.validate", "waterbed.validate.operations", "waterbed.plugins", "waterbed.model",
    "waterbed.solara", "waterbed.app",
)  # fmt: skip
"""Where other people's programs import from."""
RULES = ("waterbed.agents", "waterbed.engine")
"""Their sources are what a model's version is made of: held to their own tests, and by their names alone."""
EXTRAS = {"axe_playwright_python", "pyabc", "solara", "starlette", "uvicorn", "websockets"}
SECTIONS = ("Args", "Returns", "Raises", "Yields", "Examples")


def _public(module: str, own: bool = False) -> dict[str, object]:
    """Classes, their methods and functions that a module offers; ``own``: that are written in it."""
    home = importlib.import_module(module)
    names = list(vars(home)) if own else getattr(home, "__all__", None) or list(vars(home))
    found = {}
    for name in names:
        value = getattr(home, name)
        if name.startswith("_") or not (inspect.isclass(value) or inspect.isfunction(value)):
            continue
        if not value.__module__.startswith(module if own or not hasattr(home, "__all__") else "waterbed"):
            continue
        found[f"{module}.{name}"] = value
        if inspect.isclass(value):
            for member, inner in vars(value).items():
                inner = _bare(inner)
                ours = isinstance(inner, property) or getattr(inner, "__module__", "").startswith("waterbed")
                if not member.startswith("_") and ours and isinstance(inner, (FunctionType, property)):
                    found[f"{module}.{name}.{member}"] = inner
    return found


def _bare(member: object) -> object:
    """The function of a method; a property whose words are its own and not its function's stays what it is."""
    if isinstance(member, (classmethod, staticmethod)):
        return member.__func__
    if isinstance(member, property):
        return member.fget if member.fget and member.fget.__doc__ else member
    return getattr(member, "func", member)


def _modules() -> list[str]:
    """Every module of the package but the rules'; one that needs an extra which is not there is left out."""
    found = []
    for module in pkgutil.walk_packages(waterbed.__path__, "waterbed."):
        if module.name.startswith(RULES) or module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
        except ModuleNotFoundError as error:
            assert error.name in EXTRAS, error
            continue
        found.append(module.name)
    return found


PUBLIC = {name: value for module in PUBLIC_HOMES for name, value in _public(module).items()}
ALL = PUBLIC | {name: value for module in _modules() for name, value in _public(module, own=True).items()}


def _raised(function: object) -> set[str]:
    """Names of the errors that a function raises in its own body, caught ones and bare ``raise`` apart."""
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError):
        return set()
    calls = [n.exc for n in ast.walk(tree) if isinstance(n, ast.Raise) and isinstance(n.exc, ast.Call)]
    return {call.func.id for call in calls if isinstance(call.func, ast.Name)}


@pytest.mark.parametrize("module", PUBLIC_HOMES)
def test_every_public_module_says_what_it_is(module):
    assert (importlib.import_module(module).__doc__ or "").strip()


@pytest.mark.parametrize("name", ALL)
def test_names_have_house_style_docstrings(name):
    value = ALL[name]
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
    # What a command of the command line says is its help; its errors are an exit code.
    for error in _raised(value) if value.__module__ != "waterbed.cli" else ():
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
