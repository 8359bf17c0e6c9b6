"""A calibration: a file checked against its scenario, its fit by any executor, and the folder it leaves.

A fit that does not converge leaves its history, from which the same command goes on with a larger budget, and no
result.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import InputError
from ..scenario.addresses import addresses, unknown
from ..scenario.loading import load, replace
from ..study.factors import Axis, resolve
from ..study.file import Factor
from . import file as files
from . import statistics
from .file import CalibrationFile, Target
from .posterior import Posterior, predicted
from .smc import NotConverged, Settings, fit

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

HISTORY = "history.db"
ABOUT = "history.json"


@dataclass(frozen=True)
class ScenarioModel:
    """A run of a scenario, as a fit asks for it; small, since it goes with each batch."""

    scenario: str
    """As JSON."""
    axes: tuple[Axis, ...]
    targets: tuple[Target, ...]

    def __call__(self, places: Sequence[float], seed: int) -> list[float]:
        """Statistics of the run with parameters at these places of their priors."""
        from ..engine.run import simulate

        changes = {axis.address: axis.value(u) for axis, u in zip(self.axes, places, strict=True)}
        run = simulate(_scenario(self.scenario).replace(changes), seed)
        return [statistics.value(run, target) for target in self.targets]


@lru_cache(maxsize=4)
def _scenario(text: str) -> Scenario:
    from ..scenario.scenario import Scenario

    return Scenario.model_validate_json(text)


@dataclass(frozen=True)
class Calibration:
    """A calibration, checked: everything that is wrong with it is found where it is made."""

    file: CalibrationFile
    base: Scenario
    axes: tuple[Axis, ...]

    @classmethod
    def load(cls, path: str | Path) -> Calibration:
        """The calibration in a TOML file. Raises InputError with every fault found, one a line."""
        content, folder = files.load_file(path)
        return cls.of(content, folder, str(path))

    @classmethod
    def parse(cls, text: str, folder: Path | None = None) -> Calibration:
        """The calibration written in TOML. Raises InputError with every fault found, one a line."""
        return cls.of(files.parse_file(text), folder or Path())

    @classmethod
    def of(cls, content: CalibrationFile, folder: Path, origin: str = "calibration") -> Calibration:
        """A calibration from the content of its file. Raises InputError with every fault found, one a line.

        Args:
            content: what the file says.
            folder: where relative paths start.
            origin: how the file is called in messages.
        """
        from ..network import load_world
        from ..scenario.checking import require

        beside = folder / content.scenario
        base = load(beside if beside.is_file() else content.scenario)
        if content.settings:
            base = replace(base, content.settings, f"{origin}: settings")
        world = load_world(base.network)
        require(base, world)
        found = _faults(content, base)
        axes: list[Axis] = []
        if not found:
            ranges = {name: declared.plausible for name, (_, declared) in addresses(base).items()}
            priors = {name: Factor(bounds=prior.bounds or ranges[name], log=prior.log)
                      for name, prior in content.parameters.items()}  # fmt: skip
            try:
                axes = resolve(priors, base, origin, "parameters")
            except InputError as error:
                found = [fault.removeprefix(f"{origin}: ") for fault in error.faults]
        networks = _networks(base) if any(t.key_kind == "network" for t in content.targets.values()) else []
        for name, target in content.targets.items():
            found += [f"targets.{name}: {f}" for f in statistics.faults(target, world, networks, base.days)]
        if found:
            raise InputError([f"{origin}: {fault}" for fault in found])
        return cls(content, base, tuple(axes))

    @property
    def model(self) -> ScenarioModel:
        """What is run."""
        return ScenarioModel(self.base.model_dump_json(), self.axes, tuple(self.file.targets.values()))

    @property
    def observed(self) -> list[float]:
        """What was observed, a number a target."""
        return [target.observed for target in self.file.targets.values()]

    @property
    def scales(self) -> list[float]:
        """Misfit that counts as 1, a number a target."""
        return [target.unit for target in self.file.targets.values()]

    @property
    def settings(self) -> Settings:
        """How long and how closely to look."""
        about = self.file
        return Settings(about.seed, about.population, about.populations, about.runs, about.tolerance)

    @property
    def key(self) -> str:
        """SHA-256 over what decides a fit, save how long to look: a history with another is another fit's."""
        from ..engine.compiled import version

        about = [version(), self.base.key, repr(self.axes), repr(self.observed), repr(self.scales)]
        about += [repr([(t.measure, t.key_kind, t.key, t.days, t.reduce) for t in self.file.targets.values()])]
        about += [repr((self.file.seed, self.file.population))]
        return hashlib.sha256("\n".join(about).encode()).hexdigest()

    def run(
        self, folder: Path | None = None, *, workers: int = 1, executor: Executor | None = None,
        progress: Callable[[int], None] = lambda runs: None,
    ) -> Result:  # fmt: skip
        """Fit, predict from the posterior, and return both; the same bits for any number of workers.

        Args:
            folder: where the history is kept, and gone on from; none: nowhere.
            workers: processes of our own; 1: this one.
            executor: any ``concurrent.futures.Executor`` instead.
            progress: told the runs done.

        Raises:
            NotConverged: where the tolerance was not reached; the message says how far it came.
            InputError: where the folder holds the history of another fit, or pyABC is not installed.
        """
        from ..study import pools

        history = None if folder is None else self._history(folder)
        pool = executor if executor is not None or workers == 1 else pools.own(workers)
        width = pools.width(pool) if pool is not None else 1
        finished = False
        try:
            found = fit(self.model, len(self.axes), self.observed, self.scales, self.settings, history=history,
                        executor=pool, width=width, look=progress)  # fmt: skip
            if found.trouble:
                raise NotConverged(found.trouble)
            posterior = Posterior(self.axes, found)
            runs = predict(self.model, posterior, self.file.predictive, self.file.seed, pool)
            finished = True
        finally:
            if pool is not None and pool is not executor:
                pool.shutdown() if finished else pools.end(pool)
        return Result(self, posterior, predicted(list(self.file.targets), self.observed, self.scales, runs))

    def _history(self, folder: Path) -> Path:
        """The history's file, claimed for this fit."""
        from ..measures.tables import whole

        about = folder / ABOUT
        if about.is_file() and json.loads(about.read_text("utf-8")).get("key") != self.key:
            raise InputError(f"--out {folder}: holds the history of another calibration (scenario, parameters, "
                             "targets, seed or rules differ); give another folder, or --force to begin anew"
                             )  # fmt: skip
        text = json.dumps({"name": self.file.name, "key": self.key}, indent=2) + "\n"
        whole(about, lambda temporary: temporary.write_text(text, "utf-8"))
        return folder / HISTORY


@dataclass(frozen=True)
class Result:
    """A fit that has converged."""

    calibration: Calibration
    posterior: Posterior
    predictive: pd.DataFrame
    """A row a target; see :func:`~waterbed.calibrate.posterior.predicted`."""

    def scenario(self) -> Scenario:
        """The scenario with each parameter at the median of its posterior."""
        return self.calibration.base.replace(self._medians())

    def _medians(self) -> dict[str, Any]:
        middle = self.posterior.summary()["median"]
        whole = [axis.whole for axis in self.posterior.axes if isinstance(axis, Axis)]
        return {axis.address: round(value) if of_whole else float(value)
                for axis, value, of_whole in zip(self.posterior.axes, middle, whole, strict=True)}  # fmt: skip

    def save(self, folder: Path) -> None:
        """Write tables, calibrated scenario and provenance into a folder, and draw both figures there."""
        import pandas as pd

        from ..measures.provenance import provenance
        from ..measures.tables import digest, whole, write_table
        from ..report.calibration import draw

        about = self.calibration.file
        posterior, summary = self.posterior.table(list(about.targets)), self.posterior.summary()
        course = pd.DataFrame(self.posterior.fit.course)
        tables = {"parameters": summary, "predictive": self.predictive, "populations": course}
        write_table(posterior, folder / "posterior.parquet")
        for name, table in tables.items():
            text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
            whole(folder / f"{name}.csv", lambda temporary, text=text: temporary.write_text(text, "utf-8"))
        whole(folder / "calibrated.toml", lambda temporary: temporary.write_text(self._toml(), "utf-8"))
        draw(self.posterior, self.predictive, folder / "figures", about.title or about.name)
        said = provenance("calibration", self.calibration.base, calibration=about.model_dump(mode="json"),
                          digest=digest({"posterior": posterior} | tables), runs=self.posterior.fit.runs)  # fmt: skip
        whole(folder / "provenance.json", lambda temporary: temporary.write_text(json.dumps(said, indent=2) + "\n"))

    def _toml(self) -> str:
        about = self.calibration.file
        head = (f"# Medians of the posterior of the calibration '{about.name}', each by itself; together they are not\n"
                "# its most probable point. The intervals are in parameters.csv.\n")  # fmt: skip
        return head + self.scenario().to_toml()


def predict(model: Any, posterior: Posterior, n: int, seed: int, executor: Executor | None = None) -> np.ndarray:
    """Statistics of ``n`` new runs at points drawn from a posterior, [run, target], each in its measure's unit.

    Args:
        model: what is run, as :class:`ScenarioModel`.
        posterior: where points are drawn from.
        n: how many.
        seed: of the draws and the runs.
        executor: any ``concurrent.futures.Executor``; none: this very process.
    """
    places = posterior.draws(n, seed)
    seeds = [int(s) for s in np.random.SeedSequence([seed, 0]).generate_state(n)]
    if executor is None:
        return np.array([model(place.tolist(), s) for place, s in zip(places, seeds, strict=True)], float)
    futures = [executor.submit(model, place.tolist(), s) for place, s in zip(places, seeds, strict=True)]
    return np.array([future.result() for future in futures], float)


def _faults(content: CalibrationFile, base: Scenario) -> list[str]:
    """What no prior can be laid on."""
    found, known = [], addresses(base)
    if not content.targets:
        found.append("targets: none is named; give at least one, as [targets.detections]")
    for address, prior in content.parameters.items():
        if address not in known:
            found.append(f"parameters: {address}: {unknown(address, list(known))}")
            continue
        value, declared = known[address]
        bounds = prior.bounds or declared.plausible
        if isinstance(value, bool) or not isinstance(value, int | float):
            found.append(f"parameters: {address}: is {value!r}, not a number; only numbers are calibrated")
        elif bounds is None:
            found.append(f"parameters: {address}: declares no range; give bounds")
        elif prior.log and bounds[0] <= 0:
            found.append(f"parameters: {address}: log needs bounds above 0, its range begins at {bounds[0]:g}; give "
                         "bounds, or drop log")  # fmt: skip
    return found


def _networks(base: Scenario) -> list[str]:
    from ..engine.run import blueprint

    return list(blueprint(base)[0].names.networks)
