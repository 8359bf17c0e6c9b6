"""The model as Mesa users meet it, and plug-ins on both engines."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import warnings
from pathlib import Path

import mesa
import numpy as np
import pytest

from waterbed.engine.compiled import ENTRIES, UNITS, linked, named
from waterbed.engine.plugins import load
from waterbed.engine.run import simulate
from waterbed.errors import InputError
from waterbed.measures import compare
from waterbed.measures.own import own_measures
from waterbed.model import HubAgent, MigrantAgent, SmugglingModel
from waterbed.scenario.scenario import Scenario

SHORT = {"days": 20, "burn_in": 30, "compare.fate_days": 10, "operations.surge.start": 5}
PLUGIN = str(Path(__file__).parent / "plugins" / "harbours.py")


def test_agents_are_true_views():
    model = SmugglingModel("classroom", rng=1, **SHORT)
    for _ in range(5):
        model.step()
    kinds = model.agents_by_type
    assert set(kinds) == set(model.agent_types) and all(len(kinds[k]) for k in kinds)
    assert isinstance(model.agents, mesa.agent.AgentSet)
    hubs = kinds[HubAgent]
    assert hubs.agg("heat", max) == model.world.hubs["heat"].max()
    hubs.set("heat", 0.5)
    assert (model.world.hubs["heat"] == 0.5).all()
    born = kinds[MigrantAgent].select(lambda m: m.birth <= model.today)
    assert len(born) == int(model.world.state["born"][0])
    table = model.datacollector.get_model_vars_dataframe()
    assert len(table) == 5 and table["departures"].sum() == model.result().totals[:5, 4].sum()


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_stepping_is_running(engine):
    model = SmugglingModel("classroom", rng=4, engine=engine, **SHORT)
    while model.running:
        model.step()
    assert model.result().digest == simulate(Scenario.load("classroom").replace(SHORT), 4).digest
    assert [e[1:] for e in model.events][0] == ("start", "surge")


def test_batch_run_replicates_differ():
    results = mesa.batch_run(
        SmugglingModel,
        {"scenario": "classroom", "operations.surge.officers": [0, 300], **SHORT},
        rng=[1, 2],
        number_processes=1,
        display_progress=False,
        data_collection_period=1,
    )
    by_run = {}
    for row in results:
        by_run.setdefault(row["RunId"], []).append(row["departures"])
    assert len(by_run) == 4 and len({tuple(v) for v in by_run.values()}) >= 3


def test_a_plugin_runs_on_both_engines():
    plain = Scenario.load("classroom").replace(SHORT)
    own = plain.replace({"plugins": [PLUGIN], "police.strategy": "harbours"})
    compiled, interpreted = simulate(own, 1), simulate(own, 1, compiled=False)
    assert compiled.digest == interpreted.digest != simulate(plain, 1).digest
    assert compiled.version != simulate(plain, 1).version
    assert own_measures(compiled) == {"arrived_at_harbour": load((PLUGIN,)).measures["arrived_at_harbour"](compiled)}
    posts = {(int(p["kind"]), int(p["target"])) for p in SmugglingModel(own, rng=1).world.posts}
    assert posts


def test_what_a_plugin_changes_bears_names_of_its_own():
    """The linker takes the first of equal names, and code from the cache of two processes may bear equal ones."""
    functions = (*ENTRIES, *UNITS)
    plain, own = ([linked(plugins)[f] for f in functions] for plugins in ((), (PLUGIN,)))

    def reached(function, seen):
        seen[id(function)] = function
        for name in function.__code__.co_names:
            callee = function.__globals__.get(name)
            if callee is not None and id(callee) not in seen and getattr(callee, "__code__", None):
                reached(callee, seen)
        return seen

    before, after = ({i: f for start in starts for i, f in reached(start, {}).items()} for starts in (plain, own))
    changed = [f for i, f in after.items() if i not in before and f.__module__.startswith("waterbed.")]
    assert {"forces_act", "own_strategy"} <= {f.__name__ for f in changed}
    names = {f"{f.__module__}.{f.__qualname__}" for f in before.values()}
    assert not names & {f"{f.__module__}.{f.__qualname__}" for f in changed}
    # What a plug-in leaves alone is not compiled again.
    cached = [[named(f, plugins).__qualname__ for f in functions] for plugins in ((), (PLUGIN,))]
    again = [f.__name__ for f, one, other in zip(functions, *cached, strict=True) if one != other]
    assert again == ["forces_act", "migrants_act"]


def test_an_own_measure_is_compared(tmp_path):
    own = Scenario.load("classroom").replace(
        {"days": 200, "burn_in": 60, "compare.fate_days": 60, "operations.surge.start": 100, "plugins": [PLUGIN]}
    )
    twin = compare(own, replicates=2, workers=1)
    with_it, without = (twin.effect("arrived_at_harbour", world)["mean"] for world in ("with", "without"))
    assert without > 0 and twin.effect("arrived_at_harbour_change")["mean"] == pytest.approx(with_it - without)
    (tmp_path / "bad.py").write_text(
        "from waterbed.plugins import measure\n@measure('x')\ndef x(run): return run.nothing\n"
    )
    with pytest.raises(InputError, match="measure 'x' failed: AttributeError.*returns a number"):
        own_measures(simulate(Scenario.load("classroom").replace(SHORT | {"plugins": [str(tmp_path / "bad.py")]}), 1))


def test_a_plugin_is_found_again_in_the_cache():
    code = (
        "from waterbed import Scenario; from waterbed.engine.run import simulate;"
        f"own = Scenario.load('classroom').replace({SHORT | {'plugins': [PLUGIN]}!r});"
        "print(simulate(own, 1).digest)"
    )
    told = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True) for _ in range(2)]
    assert not told[1].stderr and told[0].stdout == told[1].stdout != ""


def test_unknown_strategy_and_plugin_are_refused():
    with pytest.raises(InputError, match="police.strategy: 'harbors'.*static, random"):
        simulate(Scenario.load("classroom").replace(SHORT | {"police.strategy": "harbors"}), 1)
    with pytest.raises(InputError, match="no file 'nowhere.py'"):
        simulate(Scenario.load("classroom").replace(SHORT | {"plugins": ["nowhere.py"]}), 1)
    with pytest.raises(InputError, match="rng is -1"):
        SmugglingModel("classroom", rng=-1)


def test_nothing_of_the_process_is_changed():
    before = (
        np.random.get_state()[1].tolist(),
        multiprocessing.get_start_method(allow_none=True),
        list(warnings.filters),
    )
    simulate(Scenario.load("classroom").replace(SHORT), 1)
    after = (
        np.random.get_state()[1].tolist(),
        multiprocessing.get_start_method(allow_none=True),
        list(warnings.filters),
    )
    assert before == after
