"""A run: a pure function of scenario and seed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents import migrant
from ..agents.states import ARRIVED, FATES, UNBORN
from . import world as w
from .baseline import bare_world, lists_of_people
from .blueprint import Blueprint, build, key
from .compiled import Engine, engine
from .records import dtype, zeros
from .trial import try_strategies

if TYPE_CHECKING:
    import pandas as pd

    from ..network import WorldTables
    from ..scenario.scenario import Scenario

PEOPLE = np.dtype([
    ("group", "i4"), ("ordinal", "i4"), ("class_", "i2"), ("origin", "i2"), ("birth", "i4"), ("fate", "i1"),
    ("fate_route", "i2"), ("crossing_leg", "i2"), ("crossing_day", "i4"), ("attempts", "i2"), ("channel", "i1"),
    ("exploited_days", "i4"), ("ever_exploited", "?"), ("paid", "i8"), ("vulnerable", "?"), ("arrived", "?"),
    ("arrival_day", "i4"),
])  # fmt: skip
"""One row a person born (see ``Run.people``); days count from the end of the burn-in."""

OTHER_WAYS = "Other ways"
_LISTED = 4096
"""People who may still act, for whom there is room at first."""
_BLOCK = 16384
_NO_DAY = -1_000_000


@dataclass(frozen=True)
class Run:
    """What a run leaves. All counts of people are in agents; see ``scenario.persons_per_agent``."""

    scenario: Scenario
    seed: int
    world: WorldTables
    legs: np.ndarray
    """[day, leg, LEG_COUNTS], legs in the order of legs.csv."""
    totals: np.ndarray
    """[day, TOTALS], in all; agents, but for hubs, legs, officer-days and cents."""
    places: np.ndarray
    """[day, place, PLACE_COUNTS], places in the order of places.csv."""
    countries: np.ndarray
    """[day, country, COUNTRY_COUNTS], in the order of ``country_names``."""
    networks: np.ndarray
    """[day, network, NETWORK_COUNTS], in the order of ``network_names``."""
    channels: np.ndarray
    """[day, channel, CHANNEL_COUNTS], first in person, then online."""
    mean_fee: np.ndarray
    """[day] USD, of those who paid for a leg."""
    mean_belief: np.ndarray
    """[day] probability of being stopped, as believed by those who set out."""
    leg_fee: np.ndarray
    """[day, leg] USD asked, mean of the networks by people lately carried; legs in the order of legs.csv."""
    leg_belief: np.ndarray
    """[day, leg] believed probability of being stopped, likewise."""
    network_belief: np.ndarray
    """[day, network] believed probability of being stopped on the legs it offers."""
    operations: dict[str, dict[str, int]]
    """What each operation would report of itself, by its name and the row's; people and officer-days."""
    people: np.ndarray
    """One row a person born, see :data:`PEOPLE`; USD cents and days since the burn-in."""
    events: np.ndarray
    """One row an event: day, kind, who, and where."""
    route_names: list[str]
    country_names: list[str]
    network_names: list[str]
    version: str

    @property
    def digest(self) -> str:
        """SHA-256 over everything observed: equal for equal bits."""
        digest = hashlib.sha256()
        for name in (
            "legs",
            "totals",
            "places",
            "countries",
            "networks",
            "channels",
            "mean_fee",
            "mean_belief",
            "leg_fee",
            "leg_belief",
            "network_belief",
            "people",
            "events",
        ):
            array = getattr(self, name)
            digest.update(f"{name}:{array.shape}:".encode())
            if array.dtype.names:
                for column in array.dtype.names:
                    digest.update(column.encode() + np.ascontiguousarray(array[column]).tobytes())
            else:
                digest.update(np.ascontiguousarray(array).tobytes())
        digest.update(repr(sorted(self.operations.items())).encode())
        return digest.hexdigest()

    def tables(self) -> dict[str, pd.DataFrame]:
        """The tidy tables of the run, with units in their ``attrs``."""
        from ..measures.tables import run_tables

        return run_tables(self)


def blueprint(scenario: Scenario) -> tuple[Blueprint, WorldTables]:
    """The blueprint of a scenario, made once in a process. Raises InputError, for a strategy that fails on it too."""
    return _blueprint(scenario.model_dump_json())


@lru_cache(maxsize=8)
def _blueprint(text: str) -> tuple[Blueprint, WorldTables]:
    from ..network import load_world
    from ..scenario.checking import require
    from ..scenario.scenario import Scenario

    scenario = Scenario.model_validate_json(text)
    tables = load_world(scenario.network)
    require(scenario, tables)
    plan = build(scenario, tables)
    try_strategies(scenario.plugins, bare_world(plan.arrays))
    return plan, tables


class Simulation:
    """A run under way: a world, and the engine that moves it."""

    def __init__(self, scenario: Scenario, seed: int, *, compiled: bool = True) -> None:
        self.scenario = scenario
        self.seed = seed
        self.plan, self.tables = blueprint(scenario)
        self.engine: Engine = engine(scenario.plugins, compiled)
        self._compiled: Engine = engine(scenario.plugins)
        self.day = 0
        self.last = scenario.burn_in + scenario.days
        self.world = self._start()

    def _start(self) -> w.World:
        arrays = {name: array.copy() for name, array in self.plan.arrays.items()}
        par = arrays["par"]
        par["key0"] = self.seed & 0xFFFFFFFF
        par["key1"] = (self.seed >> 32) & 0xFFFFFFFF
        people, biographies = self._draw_people(arrays)
        n = len(people)
        margin = 4 * (len(arrays["hubs"]) + len(arrays["legs"])) + 2 * len(arrays["recruiters"]) + 2000
        par["event_margin"] = margin
        arrays["state"]["n_people"] = n
        world = bare_world(arrays)._replace(
            migrants=people,
            biographies=biographies,
            events=np.zeros(4 * margin, dtype(w.EVENT)),
            investigations=np.zeros(4 * margin, dtype(w.INVESTIGATION)),
            # Only people between birth and end are listed: room for all would cost more than it is used.
            **lists_of_people(min(n, _LISTED) + 1),
        )
        self._compiled.draw_thresholds(world)
        self._compiled.plan(int(arrays["calendar"][0]), world)
        return world

    def _draw_people(self, arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        par, chance, rng = arrays["par"][0], self.scenario.world, self._compiled
        months = np.cumsum(np.diff(arrays["calendar"], prepend=arrays["calendar"][0]) != 0)
        intensity = np.zeros((len(arrays["classes"]), int(months[-1]) + 1))
        keys = np.array([key("class", name) for name in self.plan.names.classes], np.int64)
        rng.draw_weather(intensity, keys, par, chance.weather_persistence, chance.weather_sd)
        first = np.searchsorted(months, np.arange(intensity.shape[1]))
        intensity *= self.plan.class_season[:, arrays["calendar"][first]]
        none = np.zeros(0, np.int32)
        call = (self.last, arrays["groups"], months.astype(np.int64), intensity, par)
        n = rng.draw_births(*call, none, none, none)
        group, ordinal, day = (np.zeros(n, np.int32) for _ in range(3))
        rng.draw_births(*call, group, ordinal, day)
        order = np.argsort(day, kind="stable")
        people, biographies = zeros(n, dtype(migrant.VARIABLES)), zeros(n, dtype(migrant.BIOGRAPHY))
        people["number"] = np.arange(n)
        people["group"], people["ordinal"], biographies["birth"] = group[order], ordinal[order], day[order]
        people["status"] = UNBORN
        for name in ("channel", "leg", "hub", "last_hub"):
            people[name] = -1
        for name in biographies.dtype.names:
            if name not in ("birth", "fate_paid", "fate_exploited"):
                biographies[name] = -1
        return people, biographies

    def copy(self, scenario: Scenario) -> Simulation:
        """The same world at the same moment, to go on under another scenario of the same layout."""
        twin = object.__new__(Simulation)
        twin.__dict__.update(self.__dict__)
        twin.scenario = scenario
        people = zeros(len(self.world.migrants), self.world.migrants.dtype)
        people[:] = self.world.migrants
        others = {name: array.copy() for name, array in self.world._asdict().items() if name != "migrants"}
        twin.world = w.World(migrants=people, **others)
        return twin

    def without_measures(self) -> Simulation:
        """The twin that goes on from here as if there were no operations and policies.

        Up to the first day of any of them, the two worlds are the same bit for bit.
        """
        twin = self.copy(self.scenario.untreated())
        world = twin.world
        world.operations["officers"] = 0
        world.policies["start"] = world.policies["end"] = -1
        of_operations = world.units["operation"] > 0
        world.units["start"][of_operations] = world.units["end"][of_operations] = 0
        return twin

    def advance(self, to: int, look: Callable[[int], None] | None = None) -> None:
        """Run to the start of a day (burn-in included), making room for events and people as needed."""
        while self.day < to:
            goal = min(to, self.day + 90)
            self.day = self.engine.advance(self.day, goal, self.world)
            if self.day < goal:
                self.make_room()
            if look is not None:
                look(self.day)

    def make_room(self) -> None:
        """Lengthen the buffers for which the engine stopped: of events, or of people who may still act."""
        world, state, margin = self.world, self.world.state[0], int(self.world.par["event_margin"][0])
        events = max(state["events"] - len(world.events), state["opened"] - len(world.investigations)) + margin > 0
        short = ("events", "investigations") if events else tuple(lists_of_people(0))
        self.world = world._replace(**{name: _longer(getattr(world, name)) for name in short})

    def finish(self) -> Run:
        """The result, once the last day is over."""
        world, burn = self.world, self.scenario.burn_in
        legs, leg_fee, leg_belief = (self._by_row(a) for a in (world.counts_leg, world.leg_fee, world.leg_belief))
        names = self.plan.names
        events = world.events[: int(world.state["events"][0])].copy()
        on_leg = events["leg"] >= 0
        events["leg"][on_leg] = self.plan.leg_rows[events["leg"][on_leg]]
        return Run(
            self.scenario,
            self.seed,
            self.tables,
            legs,
            world.counts_total,
            world.counts_place,
            world.counts_country,
            world.counts_network,
            world.counts_channel,
            world.mean_fee,
            world.mean_belief,
            leg_fee,
            leg_belief,
            world.network_belief,
            self._operations(),
            self._people(burn),
            events,
            [*self.plan.counted_routes, OTHER_WAYS],
            names.countries,
            names.networks,
            self.engine.version,
        )

    def _by_row(self, by_leg: np.ndarray) -> np.ndarray:
        """What is recorded by day and leg, with the legs in the order of legs.csv."""
        rows = np.empty_like(by_leg)
        rows[:, self.plan.leg_rows] = by_leg
        return rows

    def _operations(self) -> dict[str, dict[str, int]]:
        ppa, counts = self.scenario.persons_per_agent, self.world.counts_operation
        table = {}
        for i, (name, op) in enumerate(self.scenario.operations.items()):
            row = dict(zip(w.OPERATION_COUNTS, (int(x) for x in counts[i]), strict=True))
            row["officer_days"] = round(float(self.world.operations["spent"][i]))
            row["victims_protected"] *= ppa
            row["irregular_migrants_detected"] *= ppa
            here = set(self.plan.names.countries)
            taking = [c for c in op.countries if c in here] if op.countries else list(here)
            table[name] = row | {"officers": op.officers, "countries": len(taking) if op.officers else 0}
        return table

    def _people(self, burn: int) -> np.ndarray:
        other, counted = len(self.plan.counted_routes), self.plan.counted_routes
        number = [counted.index(r) if r in counted else -1 for r in self.plan.names.routes]
        # Last, and so at -1, stands what holds for those who completed no counted leg, or a leg of no route.
        labels = np.append(np.array([*number, other])[self.world.legs["route"]], other)
        rows = np.append(self.plan.leg_rows, -1)
        people = np.zeros(len(self.world.migrants), PEOPLE)
        # Block by block, so that what was read of a person is still at hand for the next column.
        for first in range(0, len(people), _BLOCK):
            self._tell(people, slice(first, first + _BLOCK), labels, rows, burn)
        return people

    def _tell(self, everybody: np.ndarray, block: slice, labels: np.ndarray, rows: np.ndarray, burn: int) -> None:
        people, m, past = (a[block] for a in (everybody, self.world.migrants, self.world.biographies))
        for name in ("group", "ordinal", "attempts", "channel"):
            people[name] = m[name]
        people["fate"] = past["fate"]
        people["class_"] = self.world.groups["class_"][m["group"]]
        people["origin"] = self.world.groups["place"][m["group"]]
        people["birth"] = past["birth"] - burn
        people["fate_route"] = np.where(past["fate"] == FATES.index("crossed"), labels[past["fate_leg"]], -1)
        people["crossing_leg"] = rows[past["fate_leg"]]
        people["crossing_day"] = np.where(past["fate_leg"] >= 0, past["fate_crossing_day"] - burn, _NO_DAY)
        people["exploited_days"], people["paid"] = past["fate_exploited"], past["fate_paid"]
        people["ever_exploited"] = m["ever_exploited"] == 1
        people["vulnerable"] = m["debt"] > 0
        people["arrived"] = m["status"] == ARRIVED
        people["arrival_day"] = np.where(past["arrival_day"] >= 0, past["arrival_day"] - burn, _NO_DAY)


def _longer(array: np.ndarray) -> np.ndarray:
    return np.concatenate([array, np.zeros_like(array)])


def prepare(scenario: Scenario) -> None:
    """Compile the engine or load it, and draw the scenario's blueprint, so that its first run starts at once.

    Raises:
        InputError: for a scenario that cannot be run.
    """
    simulation = Simulation(scenario, 0)
    simulation.engine.advance(0, 0, simulation.world)


def simulate(
    scenario: Scenario, seed: int = 0, *, compiled: bool = True, look: Callable[[int], None] | None = None
) -> Run:
    """Run a scenario under a seed: the same bits whatever the engine, process or platform's threads.

    Args:
        scenario: what is run.
        seed: from 0 on.
        compiled: whether the rules run compiled, or one Mesa agent after another.
        look: called with the day reached (burn-in included), for progress and interruption.

    Returns:
        What was observed: arrays by day, and one row a person; counts in agents.

    Raises:
        InputError: for a scenario that cannot be run.
    """
    if not compiled:
        from ..model import SmugglingModel

        return SmugglingModel(scenario, rng=seed, engine="mesa").run(look)
    simulation = Simulation(scenario, seed)
    simulation.advance(simulation.last, look)
    return simulation.finish()


def simulate_pair(
    scenario: Scenario, against: Scenario, seed: int, look: Callable[[int], None] | None = None
) -> tuple[Run, Run]:
    """The two worlds of a comparison: with the measure, and without, under the same chance.

    Args:
        scenario: the world with the measure.
        against: the other one. Where it is ``scenario.untreated()``, days before the first measure are run once.
        seed: from 0 on, of both.
        look: called with the day reached, for progress and interruption.

    Returns:
        Both runs, ``scenario``'s first.

    Raises:
        InputError: for a scenario that cannot be run.
    """
    if against != scenario.untreated():
        return simulate(scenario, seed, look=look), simulate(against, seed, look=look)
    treated = Simulation(scenario, seed)
    starts = [m.start for m in (*scenario.operations.values(), *scenario.policies.values())]
    treated.advance(min([scenario.burn_in + min(starts, default=0), treated.last]), look)
    untreated = treated.without_measures()
    for world in (treated, untreated):
        world.advance(world.last, look)
    return treated.finish(), untreated.finish()


def observed(name: str) -> Any:
    """Columns of a Run's array by name, for those who measure."""
    return {
        "legs": w.LEG_COUNTS,
        "totals": w.TOTALS,
        "places": w.PLACE_COUNTS,
        "countries": w.COUNTRY_COUNTS,
        "networks": w.NETWORK_COUNTS,
        "channels": w.CHANNEL_COUNTS,
    }[name]
