"""The model in Mesa's own visualisation, as Mesa users know it (extra ``solara``)::

    python -m waterbed.solara classroom          # a page on this machine, offline
    solara run waterbed.solara                   # the same by Solara's own command, which looks for news outside

For a page of your own, take the parts: ``page(scenario)`` is a SolaraViz, ``draw_space(model, axes)`` draws places,
legs and people into any Matplotlib axes, ``plots()`` are plot components of the model's data collector.
"""

from __future__ import annotations

import os
import sys
import threading
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np

from .agents.states import OPEN, STAGED, STRANDED, TRAVELLING, WAITING
from .errors import InputError
from .model import SmugglingModel
from .report import style

if TYPE_CHECKING:
    from .scenario import Scenario

_PLOTS = (
    {"crossings": style.WITH, "arrivals": style.ROUTES[1]},
    {"deaths": style.FATES["dead"]},
    {"open_hubs": style.INK},
)
_SCENARIO = "WATERBED_SOLARA_SCENARIO"
_USE = (
    "Simulated people, in aggregate: for research and teaching that protect people. It predicts no person and gives "
    "no advice on evading anybody."
)


def draw_space(model: SmugglingModel, axes: Any) -> None:
    """Draw a model as it stands into Matplotlib axes: legs, crowds at places with their number, people on the way."""
    world, places = model.world, model._simulation.tables.network.places
    x, y = places["lon"].to_numpy(), places["lat"].to_numpy()
    legs, people = world.legs, world.migrants
    axes.set_axis_off()
    axes.set_aspect("equal", adjustable="datalim")
    tails, heads = legs["tail"], legs["head"]
    usable = (legs["open"] == 1) & (legs["closed"] == 0)
    posted = world.leg_officers[1:].sum(axis=0) > 0
    for chosen, color, width in ((usable, style.LIGHT.coast, 0.7), (posted, style.OPERATION_TEXT, 3.0)):
        ends = np.stack([tails[chosen], heads[chosen]])
        axes.plot(x[ends], y[ends], color=color, lw=width, solid_capstyle="round")
    waiting = np.bincount(people["place"][np.isin(people["status"], (WAITING, STAGED, STRANDED))], minlength=len(x))
    axes.scatter(x, y, s=12 + 10 * waiting, color=style.INK, alpha=0.15, lw=0)
    hubs_open = np.bincount(world.hubs["place"][world.hubs["status"] == OPEN], minlength=len(x)) > 0
    axes.scatter(x, y, s=16, color=np.where(hubs_open, style.INK, "white"), edgecolor=style.INK, zorder=3)
    going = people[people["status"] == TRAVELLING]
    part = (model.today - going["since"]) / np.maximum(1, going["due"] - going["since"])
    a, b = tails[going["leg"]], heads[going["leg"]]
    axes.scatter(x[a] + part * (x[b] - x[a]), y[a] + part * (y[b] - y[a]), s=9, color=style.WITH, zorder=4)
    if len(x) <= 40:
        for name, across, up, n in zip(places["name"], x, y, waiting, strict=True):
            axes.annotate(f"{name} {n}" if n else name, (across, up), (0, -11), textcoords="offset points", fontsize=8,
                          ha="center", zorder=5)  # fmt: skip
    axes.set_title(f"Day {model.day}: {len(going)} travelling, {int(waiting.sum())} waiting", loc="left", fontsize=10)


class _Locked(mesa.DataCollector):
    """SolaraViz draws what is collected while the model steps in another thread."""

    def __init__(self, reporters: dict[str, Any]) -> None:
        super().__init__(model_reporters=reporters)
        self._lock = threading.Lock()

    def collect(self, model: Any) -> None:
        with self._lock:
            super().collect(model)

    def get_model_vars_dataframe(self) -> Any:
        with self._lock:
            return super().get_model_vars_dataframe()


def _needed() -> tuple[Any, Any]:
    try:
        import mesa.visualization
        import solara
    except ImportError as error:
        raise _missing(error.name) from error
    return solara, mesa.visualization


def _require_installed() -> None:
    if find_spec("solara") is None:
        raise _missing("solara")


def _missing(package: str | None) -> InputError:
    return InputError(f"the Mesa page needs {package}; install what it needs with: pip install 'waterbed[solara]'")


def space() -> Any:
    """A component of SolaraViz that shows the places: ``components=[(space(), 0), …]``."""
    solara, _ = _needed()
    from matplotlib.figure import Figure
    from mesa.visualization.utils import update_counter

    @solara.component
    def Space(model: SmugglingModel) -> None:
        update_counter.get()
        figure = Figure(figsize=(6, 5), layout="constrained")
        draw_space(model, figure.add_subplot())
        solara.FigureMatplotlib(figure, bbox_inches="tight")

    return Space


def plots() -> list[Any]:
    """Plot components of what the data collector holds, in the colours of the figures."""
    _, visualization = _needed()
    return [visualization.make_plot_component(measures) for measures in _PLOTS]


def parameters(scenario: Scenario) -> dict[str, Any]:
    """Sliders and switches for the numbers of the measures and the flow, from their declarations; and the seed."""
    _, visualization = _needed()
    from .app.settings import controls
    from .network import load_world

    made: dict[str, Any] = {"rng": visualization.Slider("seed", 1, 0, 1000, 1)}
    for control in controls(scenario, load_world(scenario.network)):
        value = control["value"]
        label = control["address"].removeprefix("operations.").replace(".", ": ").replace("_", " ")
        if not control["main"] or ".target." in control["address"]:
            continue  # what is named (routes, hubs) is set in the scenario
        if control["kind"] == "flag":
            made[control["address"]] = {"type": "Checkbox", "label": label, "value": value}
        elif control["kind"] == "choice":
            made[control["address"]] = {"type": "Select", "label": label, "value": value, "values": control["options"]}
        elif control["kind"] == "number" and control["plausible"] is not None:
            low, high = min(control["plausible"][0], value), max(control["plausible"][1], value)
            step, kind = (1, int) if control["whole"] else ((high - low) / 100, float)
            unit = "" if control["unit"] in ("", "1") else f"{control['unit']}; "
            named = f"{label} ({unit}{value:g} as opened)"  # Mesa shows a value only while it is moved
            made[control["address"]] = visualization.Slider(named, value, low, high, step, kind)
    return made


def page(scenario: Scenario | str = "classroom") -> Any:
    """The whole page: a SolaraViz of the model, with its controls, the map and the plots."""
    _, visualization = _needed()
    from .scenario import load

    chosen = load(scenario) if isinstance(scenario, str) else scenario

    class Shown(SmugglingModel):
        """SolaraViz takes a model's ``scenario``, where there is one, for a Mesa Scenario, which ours is not."""

        scenario = None

        def __init__(self, rng: int = 1, **changes: Any) -> None:
            super().__init__(chosen, rng=rng, **changes)
            self.datacollector = _Locked(self.datacollector.model_reporters)

    shown = [(space(), 0), *plots()]
    return visualization.SolaraViz(
        Shown(), components=shown, model_params=parameters(chosen), name=f"waterbed: {chosen.title or chosen.name}"
    )


def __getattr__(name: str) -> Any:
    # Solara looks for a page in the module that it runs.
    if name == "Page":
        solara, _ = _needed()

        @solara.component
        def Page() -> None:
            made = solara.use_memo(lambda: page(os.environ.get(_SCENARIO, "classroom")), [])
            solara.Column(children=[solara.Text(_USE), made])

        return Page
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def main() -> None:
    """Serve the page on this machine: ``python -m waterbed.solara [NAME|FILE] [PORT]``.

    Without Solara's own command there is no look for a newer version, and telemetry and banner are off: nothing goes
    to or comes from outside.

    Raises:
        InputError: for a scenario or port that cannot be used, or a missing extra.
    """
    from .scenario import load

    name, port, *_ = [*sys.argv[1:], *("classroom", "8766")[len(sys.argv) - 1 :]]
    load(name)
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise InputError(f"PORT: is {port!r}; has to be a whole number from 1 to 65535")
    _require_installed()  # before anything that takes long
    os.environ |= {
        "SOLARA_APP": "waterbed.solara", "SOLARA_MODE": "production", "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
        "SOLARA_THEME_SHOW_BANNER": "false", _SCENARIO: name,
    }  # fmt: skip
    print("Mesa's visualisation is loaded, which takes a quarter of a minute ...", file=sys.stderr, flush=True)
    _needed()  # only now: Solara reads its settings when it is imported
    import uvicorn
    from solara.server.starlette import app

    print(f"The model in Mesa's visualisation: http://127.0.0.1:{port}   (Ctrl-C ends it)", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="warning")


if __name__ == "__main__":
    try:
        main()
    except InputError as error:
        print(f"waterbed: {error}", file=sys.stderr)
        raise SystemExit(2) from None
