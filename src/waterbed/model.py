"""The model as a Mesa model: all that touches Mesa.

The state lives in arrays; agents are views on their rows, made when somebody asks for them. With
``engine="mesa"`` the rules run interpreted, one agent after another; with ``engine="compiled"`` the
same rules run over the arrays. Both leave the same bits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from .agents import hub, migrant, police, recruiter
from .agents.states import MIGRANT_STATES, UNBORN
from .engine.records import Rows, interpreted, row_class
from .engine.run import Run, Simulation
from .errors import InputError
from .scenario.scenario import Scenario

ENGINES = ("compiled", "mesa")


class _View(mesa.Agent):
    """A Mesa agent whose state is a row of the model's arrays."""

    rows: Any

    def __init__(self, model: SmugglingModel, views: dict[str, memoryview], index: int) -> None:
        super().__init__(model)
        self._views = views
        self._index = index

    @property
    def index(self) -> int:
        """Row of the agent among those of its kind."""
        return self._index


def _kind(name: str, module: Any, doc: str) -> type[_View]:
    variables = (*module.VARIABLES, *getattr(module, "BIOGRAPHY", ()))

    def step(self: Any) -> None:
        module.step(self, self.model.today, self.model.interpreted_world)

    step.__doc__ = "One day of this agent, by its rule."
    fields = tuple(v.name for v in variables)
    made = row_class(name, fields, (_View,), step=step, __doc__=doc, __module__=__name__)
    for v in variables:
        vars(made)[v.name].__doc__ = f"{v.meaning[0].upper()}{v.meaning[1:]}{f' ({v.unit})' if v.unit else ''}."
    return made


MigrantAgent = _kind("MigrantAgent", migrant, "A migrant (or as many as ``persons_per_agent``).")
RecruiterAgent = _kind("RecruiterAgent", recruiter, "A recruiter, in person or online.")
HubAgent = _kind("HubAgent", hub, "A hub of a criminal network.")
PoliceUnitAgent = _kind("PoliceUnitAgent", police, "A police unit.")

_KINDS = {"migrants": MigrantAgent, "recruiters": RecruiterAgent, "hubs": HubAgent, "units": PoliceUnitAgent}


class _Agents(Rows):
    """The rows of a kind as Mesa agents, each made once."""

    def __init__(self, model: SmugglingModel, array: np.ndarray, kind: type[_View], more: np.ndarray | None) -> None:
        super().__init__(array)
        if more is not None:
            self.views |= Rows(more).views
        self._model = model
        self._kind = kind

    def __getitem__(self, index: int) -> Any:
        agent = self._made.get(index)
        if agent is None:
            if not 0 <= index < len(self.array):
                raise IndexError(f"row {index} of {len(self.array)}")
            agent = self._made[index] = self._kind(self._model, self.views, index)
        return agent


class SmugglingModel(mesa.Model):
    """A run of a scenario as a normal Mesa 3.5 model.

    ``scenario`` is a :class:`Scenario`, a bundled name or a path; keyword arguments with dotted names
    set its parameters: ``SmugglingModel("classroom", rng=1, **{"operations.surge.officers": 300})``.
    ``rng`` (or ``seed``) is the seed, an integer. One step is one day; the burn-in has passed when
    the model is made. ``engine`` is ``"compiled"``, or ``"mesa"`` for rules that run interpreted, one agent after
    another; ``parameters`` are values by dotted address, in each parameter's own unit. Raises
    :class:`~waterbed.errors.InputError`.
    """

    def __init__(
        self,
        scenario: Scenario | str = "classroom",
        rng: int | None = None,
        engine: str = "compiled",
        seed: int | None = None,
        **parameters: Any,
    ) -> None:
        number = _seed(rng if rng is not None else seed)
        super().__init__(rng=number)
        if engine not in ENGINES:
            raise InputError(f"engine is '{engine}'; it takes {' or '.join(ENGINES)}")
        loaded = Scenario.load(scenario) if isinstance(scenario, str) else scenario
        self._scenario = loaded.replace(parameters) if parameters else loaded
        self.engine_name = engine
        self._simulation = Simulation(self._scenario, number, compiled=engine == "compiled")
        self._agents_of = self._make_views()
        self._mirror_events()
        self._to_day(self._scenario.burn_in)
        self.datacollector = mesa.DataCollector(model_reporters=dict(_REPORTERS))

    def _make_views(self) -> dict[str, _Agents]:
        world = self._simulation.world
        more = {"migrants": world.biographies}
        return {name: _Agents(self, getattr(world, name), kind, more.get(name)) for name, kind in _KINDS.items()}

    def _mirror_events(self) -> None:
        """Starts and ends of operations as Mesa events, for those who listen to them; kept strongly."""
        self.events: list[tuple[int, str, str]] = []
        self._mirrors: list[Callable[[], None]] = []
        for name, operation in self._scenario.operations.items():
            if operation.officers == 0:
                continue
            for day, what in ((operation.start, "start"), (operation.start + operation.days, "end")):

                def mirror(day: int = day, what: str = what, name: str = name) -> None:
                    self.events.append((day, what, name))

                self._mirrors.append(mirror)
                self.schedule_event(mirror, at=float(day + 1))

    @property
    def scenario(self) -> Any:
        """The scenario of this run."""
        return self._scenario

    @scenario.setter
    def scenario(self, value: Any) -> None:
        """Mesa's own scenario object is not used."""

    @property
    def today(self) -> int:
        """The day that rules are given, burn-in included."""
        return self._simulation.day

    @property
    def day(self) -> int:
        """Days since the burn-in."""
        return self._simulation.day - self._scenario.burn_in

    @property
    def world(self) -> Any:
        """The arrays of the run (see :class:`waterbed.engine.world.World`)."""
        return self._simulation.world

    @property
    def interpreted_world(self) -> Any:
        """The same world as interpreted rules see it: rows and memoryviews."""
        return interpreted(self._simulation.world, dict(self._agents_of))

    def _to_day(self, day: int, look: Callable[[int], None] | None = None) -> None:
        simulation = self._simulation
        if self.engine_name == "compiled":
            simulation.advance(day, look)
            return
        world = self.interpreted_world
        while simulation.day < day:
            reached = simulation.engine.advance(simulation.day, min(day, simulation.day + 30), world)
            if reached == simulation.day:
                simulation.make_room()
                world = self.interpreted_world
            simulation.day = reached
            if look is not None:
                look(reached)

    def step(self) -> None:
        """One day of the world; after the last day the model is no longer running."""
        if self._simulation.day < self._simulation.last:
            self._to_day(self._simulation.day + 1)
            self.datacollector.collect(self)
        if self._simulation.day >= self._simulation.last:
            self.running = False

    def run(self, look: Callable[[int], None] | None = None) -> Run:
        """Run to the end and return what was observed; ``look`` is called with each day reached."""
        self._to_day(self._simulation.last, look)
        self.running = False
        return self._simulation.finish()

    def result(self) -> Run:
        """What has been observed so far."""
        return self._simulation.finish()

    # Agents are made when somebody asks: people not yet born are none.
    def _all(self, name: str) -> list[Any]:
        agents = self._agents_of[name]
        if name != "migrants":
            return [agents[i] for i in range(len(agents))]
        born = np.flatnonzero(agents.array["status"] != UNBORN)
        return [agents[int(i)] for i in born]

    @property
    def agents(self) -> AgentSet:
        """All agents there are today."""
        return AgentSet([a for name in _KINDS for a in self._all(name)], random=self.random)

    @property
    def agents_by_type(self) -> Mapping[type[mesa.Agent], AgentSet]:  # type: ignore[override]
        """The agents of each kind."""
        return {kind: AgentSet(self._all(name), random=self.random) for name, kind in _KINDS.items()}

    @property
    def agent_types(self) -> list[type]:
        """The four kinds of agent."""
        return list(_KINDS.values())

    def register_agent(self, agent: mesa.Agent) -> None:
        """Take an ``agent`` as Mesa asks, and do nothing: the model keeps its views itself."""
        self._views_made = getattr(self, "_views_made", 0) + 1
        agent.unique_id = self._views_made

    def deregister_agent(self, agent: mesa.Agent) -> None:
        """Refuse to remove an ``agent``, which is a view on a row: people end by their rules."""

    def states(self) -> dict[str, int]:
        """How many agents are in each state of a migrant's life."""
        status = self._simulation.world.migrants["status"]
        return {name: int((status == code).sum()) for code, name in enumerate(MIGRANT_STATES)}


def _seed(value: Any) -> int:
    if value is None:
        return int(np.random.SeedSequence().generate_state(1, np.uint64)[0] >> 1)
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)) or value < 0:
        raise InputError(f"rng is {value!r}; it takes a whole number from 0 on")
    return int(value)


def _total(name: str) -> Callable[[SmugglingModel], int]:
    from .engine.world import T

    def report(model: SmugglingModel) -> int:
        return int(model.world.counts_total[max(0, model.day - 1), T[name]])

    return report


_REPORTERS = {
    name: _total(name)
    for name in (
        "departures",
        "crossings",
        "detections",
        "deaths",
        "arrivals",
        "exploited",
        "arrests",
        "raids",
        "open_hubs",
    )
}
