"""The model is compiled once, on all cores, into a cache that every later process finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from waterbed.engine import warm
from waterbed.engine.compiled import ENTRIES, UNITS, named
from waterbed.engine.people import migrants_act


def test_nothing_is_compiled_twice(capsys: pytest.CaptureFixture[str]) -> None:
    warm.compile_where_needed()
    capsys.readouterr()
    assert all(warm.is_kept(function, ()) for function in (*ENTRIES, *UNITS))
    warm.compile_where_needed()
    assert capsys.readouterr().err == ""


def test_what_the_cache_lacks_is_compiled_longest_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks: list[int] = []
    monkeypatch.setattr(warm, "is_kept", lambda function, plugins: function in (UNITS[0], ENTRIES[0]))
    monkeypatch.setattr(warm, "share", lambda work, given, keep, workers: tasks.extend(i for i, *_ in given))
    warm.compile_where_needed()
    assert UNITS[tasks[0]] is migrants_act
    assert sorted(tasks) == list(range(1, len(UNITS)))
    said = capsys.readouterr().err
    assert said.startswith("Compiling the model (once") and "The model is ready" in said


def test_code_is_kept_under_a_name_that_tells_its_rules(tmp_path: Path) -> None:
    """Another text of the same rule is another name, for the parts of a day that reach that rule and for no others."""
    names = []
    for i, logit in enumerate((0.5, 0.6)):
        (path := tmp_path / f"own{i}.py").write_text(
            "from waterbed.plugins import replace_rule\n"
            "@replace_rule('agents.prospect.conversion_logit')\n"
            f"def conversion_logit(self, channel, reached, world):\n    return {logit}\n"
        )
        names.append({f.__name__: named(f, (str(path),)).__qualname__ for f in (*UNITS, *ENTRIES)})
    plain = {f.__name__: named(f, ()).__qualname__ for f in (*UNITS, *ENTRIES)}
    assert [f for f in plain if len({plain[f], names[0][f], names[1][f]}) == 3] == ["migrants_act"]
    assert [f for f in plain if len({plain[f], names[0][f], names[1][f]}) == 1] == [
        f for f in plain if f != "migrants_act"
    ]
