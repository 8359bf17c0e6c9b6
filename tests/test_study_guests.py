"""Others drive the model from outside: each example runs, and says what it must. Skipped where a guest is absent."""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from scripts import load

EXAMPLES = Path(__file__).parent.parent / "examples"


def example(name: str) -> ModuleType:
    return load(EXAMPLES / f"{name}.py")


def test_mesa_batch_run() -> None:
    rows = example("guest_mesa").sweep([0, 100], [1, 2])
    assert {row["operations.surge.officers"] for row in rows} == {0, 100}
    assert len(rows) >= 4


def test_salib_problem_spec() -> None:
    found = example("guest_salib").screen(2)
    assert list(found["names"]) == ["choice.scale", "learning.rate", "operations.surge.cooperation"]
    assert np.isfinite(np.array(found["mu_star"], float)).all()


def test_ema_workbench_and_prim() -> None:
    pytest.importorskip("ema_workbench", reason="needs the extra guests")
    module = example("guest_ema")
    experiments, outcomes = module.explore(3, 4)
    assert len(experiments) == len(outcomes["lost"]) == 12
    none = experiments["officers"] == 0
    assert not outcomes["lost"][none.to_numpy()].any()
    assert module.where_little_is_lost(experiments, outcomes) is not None


def test_optuna_search() -> None:
    pytest.importorskip("optuna", reason="needs the extra guests")
    study = example("guest_optuna").search(6)
    front = sorted((trial.values[1], trial.values[0]) for trial in study.best_trials)
    lost = [value for _, value in front]
    assert lost == sorted(lost)  # along the front, more officer-days lose more
