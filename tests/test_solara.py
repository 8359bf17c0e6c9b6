"""The model in Mesa's own visualisation."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from matplotlib.figure import Figure

from waterbed import solara as ours
from waterbed.agents.states import TRAVELLING
from waterbed.errors import InputError
from waterbed.model import SmugglingModel
from waterbed.scenario import Scenario

SHORT = {"days": 30, "burn_in": 40, "compare.fate_days": 10, "operations.surge.start": 5}


def test_the_space_holds_everybody_who_travels_and_the_posted_legs() -> None:
    model = SmugglingModel("classroom", rng=1, **SHORT)
    for _ in range(8):
        model.step()
    axes = Figure().add_subplot()
    ours.draw_space(model, axes)
    crowds, places, going = axes.collections
    assert len(crowds.get_offsets()) == len(places.get_offsets()) == 16
    people = model.world.migrants
    assert len(going.get_offsets()) == (people["status"] == TRAVELLING).sum() > 0
    thick = [line for line in axes.lines if line.get_linewidth() == 3]
    assert len(thick) == (model.world.leg_officers[1:].sum(axis=0) > 0).sum() > 0
    assert axes.get_title(loc="left").startswith("Day 8:")
    model_of_earth = SmugglingModel("liberterra", rng=1, days=2, burn_in=2, **{"operations.liberterra": False})
    axes = Figure().add_subplot()
    ours.draw_space(model_of_earth, axes)
    assert len(axes.collections[1].get_offsets()) == len(model_of_earth.world.places) > 40
    assert not axes.texts, "so many names would cover the map"


def test_what_is_collected_can_be_read_while_the_model_steps() -> None:
    model = SmugglingModel("classroom", rng=1, **SHORT)
    model.datacollector = ours._Locked(model.datacollector.model_reporters)
    stop, lengths = threading.Event(), []

    def read() -> None:
        while not stop.is_set():
            lengths.append(len(model.datacollector.get_model_vars_dataframe()))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        model.step()
    stop.set()
    reader.join()
    assert lengths and (np.diff(lengths) >= 0).all()


def test_a_missing_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "solara", None)
    with pytest.raises(InputError, match=r"pip install 'waterbed\[solara\]'"):
        ours.space()


def test_a_missing_extra_is_told_before_anything_is_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "solara", None)
    monkeypatch.setattr(sys, "argv", ["waterbed.solara", "classroom"])
    with pytest.raises(InputError, match=r"needs solara; .* pip install 'waterbed\[solara\]'"):
        ours.main()
    assert capsys.readouterr() == ("", "")


def test_the_page_opens_with_controls_from_the_declarations() -> None:
    solara = pytest.importorskip("solara", reason="the Mesa page needs the extra: solara")
    pytest.importorskip("altair", reason="the Mesa page needs the extra: solara")
    scenario = Scenario.load("classroom").replace(SHORT)
    made = ours.parameters(scenario)
    officers = made["operations.surge.officers"]
    assert (officers.value, officers.min, officers.max) == (200, 0, 20000)
    assert officers.label == "surge: officers (officer; 200 as opened)"
    box, rc = solara.render(ours.page(scenario), handle_error=False)
    assert box.children
    rc.close()


@pytest.mark.parametrize(("words", "said"), [(["clasroom"], "classroom"), (["classroom", "x"], "PORT: is 'x'")])
def test_what_cannot_be_served_is_said_in_one_message(words: list[str], said: str) -> None:
    command = [sys.executable, "-m", "waterbed.solara", *words]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2 and said in done.stderr and "Traceback" not in done.stderr
