"""Mistakes in plug-ins: each is told with its file and line before it can do harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from waterbed.engine import compiled
from waterbed.engine.plugins import load
from waterbed.engine.run import blueprint, simulate
from waterbed.engine.warm import _kind
from waterbed.errors import InputError
from waterbed.scenario import Scenario

SHORT = {"days": 40, "burn_in": 10, "flow": 0.1, "operations.surge.start": 5, "compare.fate_days": 10}
HEAD = """from waterbed.plugins import police_strategy, replace_rule

LEAST = 0.5

def half(a):
    return a / 2.0

"""


def _own(folder: Path, body: str, head: str = "@police_strategy('mine')\ndef mine(self, post, day, world):") -> str:
    (path := folder / "own.py").write_text(HEAD + head + "\n    " + body + "\n")
    return str(path)


def _scenario(path: str) -> Scenario:
    return Scenario.load("classroom").replace(SHORT | {"plugins": [path], "operations.surge.strategy": "mine"})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return weigth", "line 10: police strategy 'mine' fails on a post of kind 0 .* name 'weigth' is not defined"),
        ("return half(1.0, 2.0)", "line 10: .* half\\(\\) takes 1 positional argument but 2 were given"),
        ("return world.legs[99999].flow", "line 10: .* IndexError: row 99999 of 39"),
        ("return world.legs[post.target].modus", "line 10: .* 'modus': there is no such name; did you mean 'mode'"),
        ("return 'a'", "line 8: police strategy 'mine' gives 'a'; it has to give a number"),
        ("pass", "line 8: police strategy 'mine' gives None"),
    ],
)
def test_a_strategy_is_tried_before_it_is_compiled(tmp_path: Path, body: str, said: str) -> None:
    with pytest.raises(InputError, match=f"own.py', {said}"):
        blueprint(_scenario(_own(tmp_path, body)))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("@police_strategy('mine')\ndef mine(self, post):", r"takes \(self, post\); .* \(self, post, day, world\)"),
        ("@replace_rule('agents.prospect.conversion_logit')\ndef logit(self):", r"\(self, channel, reached, world\)"),
    ],
)
def test_arguments_are_those_that_will_be_given(tmp_path: Path, head: str, said: str) -> None:
    with pytest.raises(InputError, match=f"own.py', line 8: .* {said}"):
        load((_own(tmp_path, "return 1.0", head),))


def test_what_numba_cannot_compile_is_told_by_file_and_line(tmp_path: Path) -> None:
    path = _own(tmp_path, "return sum([LEAST, half(1.0)])")
    blueprint(_scenario(path))  # as Python it is fine
    with pytest.raises(InputError, match=r"own.py', line 10: cannot be compiled: there is no memory for lists"):
        compiled.unit(0, (path,), _kind())


def test_a_strategy_calls_functions_of_its_file_and_reads_its_constants(tmp_path: Path) -> None:
    scenario = _scenario(_own(tmp_path, "return half(post.kind + LEAST)"))
    assert simulate(scenario, 1).digest == simulate(scenario, 1, compiled=False).digest


def test_a_constant_is_part_of_the_version(tmp_path: Path) -> None:
    """Compiled code holds the constants that it read, so another value is another model."""
    versions = set()
    for i, value in enumerate(("0.5", "0.7")):
        (folder := tmp_path / str(i)).mkdir()
        path = Path(_own(folder, "return LEAST"))
        path.write_text(path.read_text().replace("LEAST = 0.5", f"LEAST = {value}"))
        versions.add(compiled.version((str(path),)))
    assert len(versions) == 2
