"""A study: a scenario or a function, what varies in it, and the runs that come of it."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..measures.tables import whole, write_table
from ..processes import cores
from ..scenario.addresses import addresses, unknown
from ..scenario.loading import Refused, load, replace
from . import file as files
from .claims import Claims
from .derived import DERIVED
from .designs import Points, design_points
from .file import StudyFile
from .plan import Plan, plan_of
from .results import Results, collect, no_such
from .runner import ExecutorLost, Progress, Runner, Tally
from .store import Store
from .worker import Job, run_batch

if TYPE_CHECKING:
    import pandas as pd

    from ..scenario.scenario import Scenario

Model = Callable[[dict[str, Any], int], Mapping[str, Any]]
_ROUNDS = 3
"""Times that runs are made, since a damaged file may show only when all is read."""
_CHECKED = 512
"""Points that are held against the scenario's rules before anything runs; of more, as many spread over them."""


@dataclass(frozen=True)
class Study:
    """A study, checked against its scenario.

    Everything is found at once where it is made; :meth:`run` then runs what its store does not hold.
    """

    file: StudyFile
    base: Scenario | None
    points: Points
    model: Model | None = None
    """A picklable function of the factors' values and a seed, that gives numbers by name, in place of the model."""
    folder: Path = Path()
    """Where relative paths of its file start."""

    @classmethod
    def load(cls, path: str | Path) -> Study:
        """The study in the TOML file at ``path``. Raises InputError with every fault found, one a line."""
        try:
            content, folder = files.load_file(path)
        except Refused as error:
            if error.rest is None:
                raise
            raise InputError([*error.faults, *_unknown(error.rest, Path(path).parent, str(path))]) from None
        return cls.of(content, folder, str(path))

    @classmethod
    def parse(cls, text: str, model: Model | None = None, folder: Path | None = None) -> Study:
        """The study in a TOML ``text``; with ``model``, on that function instead of a scenario.

        ``folder`` is where its relative paths start, by default the working directory. Raises InputError.
        """
        return cls.of(files.parse_file(text), folder or Path(), "study", model)

    @classmethod
    def of(cls, content: StudyFile, folder: Path, origin: str = "study", model: Model | None = None) -> Study:
        """A study from the content of its file.

        Args:
            content: what was read.
            folder: where relative paths start.
            origin: what messages call it.
            model: a function of the factors' values and a seed, in place of a scenario.

        Raises:
            InputError: with every fault of the study, its scenario and its points.
        """
        base = None if model is not None else _base(content, folder, origin)
        study = cls(content, base, design_points(content, base, folder, origin), model, folder)
        study._require(origin)
        return study

    def _require(self, origin: str) -> None:
        """Raise InputError where the scenario, or the world, refuses a point."""
        if self.base is None:
            return
        from ..measures.fates import comparable_window
        from ..network import load_world
        from ..scenario.checking import faults

        if not self.base.operations and not self.base.policies:
            raise InputError(f"{origin}: scenario: {self.base.name} has no operations or policies, so that no point "
                             "differs from its twin; add one")  # fmt: skip
        world = load_world(self.base.network)
        found: dict[str, int] = {}
        for point in range(0, len(self.points), max(1, len(self.points) // _CHECKED)):
            try:
                scenario = self.plan.scenario(point)
                here = faults(scenario, world, origin)
                if not here:
                    comparable_window(scenario, scenario.untreated())
            except InputError as error:
                here = [f"{origin}: {fault}" for fault in error.faults]
            for fault in here:
                found.setdefault(fault, point)
        if found:
            raise InputError([f"{fault} (point {point})" for fault, point in found.items()])

    @cached_property
    def plan(self) -> Plan:
        """Every run by point and replicate, with its key."""
        about = self.file
        return plan_of(self.base, self.points, about.replicates, about.seed, about.deadline, self.model)

    def status(self, store: Store) -> Tally:
        """What of the study is done, failed and left, by the runs in a ``store``."""
        keys = set(self.plan.keys())
        return Tally(len(keys), len(keys & store.ok), len(keys & store.failed))

    def run(
        self,
        out: str | Path | None = None,
        *,
        workers: int | None = None,
        executor: Executor | None = None,
        store: str | Path | None = None,
        progress: Progress | None = None,
    ) -> StudyResult:
        """Run what is missing, and make the tables.

        Args:
            out: folder for the tables, and (in ``store/``) for the runs; without it, nothing is left on disk.
            workers: processes, by default as many as there are processors.
            executor: any :class:`concurrent.futures.Executor` to run batches in, instead of these.
            store: another folder for the runs, which studies may share: what one has run, no other runs again.
            progress: called with a :class:`.runner.Tally` after each batch.

        Raises:
            InputError: for an effect to keep that there is not, or a folder that holds something else.
            KeyboardInterrupt, OSError, ExecutorLost: what was stored by then is kept, and the same call goes on.
        """
        if out is None and store is None:
            with tempfile.TemporaryDirectory(prefix="waterbed-") as folder:
                return self._run(None, Path(folder), workers, executor, progress)
        if out is not None:
            self._require_own(Path(out))
        where = Path(store) if store is not None else Path(out or "") / "store"
        return self._run(Path(out) if out is not None else None, where, workers, executor, progress)

    def _run(
        self, out: Path | None, where: Path, workers: int | None, executor: Executor | None, progress: Progress | None
    ) -> StudyResult:
        if self.file.design.kind == "screen":
            from .screen import run_screen

            return run_screen(self, lambda study, folder: study._runs(folder, where, workers, executor, progress), out)
        return self._runs(out, where, workers, executor, progress)

    def _runs(
        self, out: Path | None, where: Path, workers: int | None, executor: Executor | None, progress: Progress | None
    ) -> StudyResult:
        began = time.perf_counter()
        kept = self._opened(where)
        for _ in range(_ROUNDS):
            Runner(self.plan, kept, cores(workers), executor, progress).run()
            kept.compact(all_of_it=True)
            results = collect(self.plan, kept, self.file.keep)
            lost = int((results.status == "").sum())
            if not lost:
                break
            kept.reread()
        else:
            what = f"{lost:,} of {len(self.plan):,} runs cannot be read again after they were stored"
            raise OSError(errno.EIO, what, str(where))
        self._require_effects({name.split("|")[0] for name in kept.schema()})
        result = StudyResult(self, results, round(time.perf_counter() - began, 3), kept.damaged)
        if out is not None:
            result.save(out)
        return result

    def _opened(self, where: Path) -> Store:
        """The store. In an empty one the first run is done here: it finds faults early, and compiles before
        workers would each do so. Where it shows a fault of the study, nothing is left of it.
        """
        made = next((folder for folder in (*reversed(where.parents), where) if not folder.exists()), None)
        store, plan = Store(where), self.plan
        if store.ok or store.failed:
            return store
        key = plan.key(0, 0)
        claims = Claims(where)
        try:
            ours, _ = claims.take([key], store.stored)
            if ours:
                rows = run_batch(plan.spec, (Job(plan.seeds[0], (), ((key, self.points.values(0)),)),))
                if not rows.errors[0]:
                    known = {name[0] for layout in rows.names for name, _ in layout}
                    self._require_effects(known, {name[0]: why for name, why in rows.absent.items()})
                store.add(rows, plan.version)
        except InputError:
            if made is not None:
                shutil.rmtree(made)
            raise
        finally:
            claims.close()
        return store

    def _require_effects(self, known: set[str], absent: Mapping[str, str] | None = None) -> None:
        """Raise InputError for effects to keep that no run has."""
        faults = []
        known = known | {name[0] for name in DERIVED} if known else known
        by = self.file.design.by
        ranked = filter(None, [by] if isinstance(by, str) else by)
        for effect in {*self.file.keep, *ranked} if known else ():
            if effect in known:
                continue
            why = (absent or {}).get(effect)
            faults.append(f"keep: {effect!r}: {f'cannot be had: {why}' if why else no_such(effect, known)}")
        if faults:
            raise InputError(sorted(faults))

    def _require_own(self, out: Path) -> None:
        about = out / "provenance.json"
        if not about.is_file():
            return
        held = json.loads(about.read_text("utf-8"))
        if held.get("kind") != "study" or held.get("study", {}).get("name") != self.file.name:
            raise InputError(f"--out {out}: holds another run; choose another folder")


@dataclass(frozen=True)
class StudyResult:
    """What came of a study."""

    study: Study
    results: Results
    seconds: float
    damaged: list[str] = field(default_factory=list)
    """Files of the store that could not be read."""
    screening: StudyResult | None = None
    """The screening that chose the factors."""

    @property
    def runs(self) -> pd.DataFrame:
        """A row a run."""
        return self.results.runs

    @property
    def summary(self) -> pd.DataFrame:
        """A row a point and effect."""
        return self.results.summary

    @cached_property
    def _sensitivity(self) -> tuple[pd.DataFrame, pd.DataFrame] | None:
        if not self.study.points.methods:
            return None
        from .sensitivity import sensitivity

        return sensitivity(self.results, self.study.points, self.study.file)

    @property
    def sensitivity(self) -> pd.DataFrame | None:
        """A row an effect, factor and index; nothing where the design is for no sensitivity analysis."""
        return self._sensitivity[0] if self._sensitivity else None

    @property
    def convergence(self) -> pd.DataFrame | None:
        """The same indices from a quarter and from half of the sample."""
        return self._sensitivity[1] if self._sensitivity else None

    @property
    def digest(self) -> str:
        """SHA-256 over the content of the runs, seconds left out."""
        return self.results.digest

    @property
    def failed(self) -> int:
        """Runs that failed."""
        return int((self.results.status == "failed").sum())

    @cached_property
    def provenance(self) -> dict[str, Any]:
        """Enough to make it again."""
        from ..measures.provenance import provenance

        study = self.study
        more = {
            "study": study.file.model_dump(mode="json"), "points": len(study.points), "runs": len(self.runs),
            "failed": self.failed, "seeds": study.plan.seeds, "model_version": study.plan.version,
            "wall_time_s": self.seconds, "digest": self.digest,
        }  # fmt: skip
        if self.screening is not None:
            more["screening"] = self.screening.study.file.model_dump(mode="json") | {"digest": self.screening.digest}
        if study.base is None:
            return {"kind": "study"} | more
        return provenance("study", study.base, **more)

    def save(self, folder: Path) -> Path:
        """Write the tables; provenance last, so that a folder that has it is complete."""
        write_table(self.runs, folder / "runs.parquet")
        tables = {"summary": self.summary, "sensitivity": self.sensitivity, "convergence": self.convergence}
        for name, table in tables.items():
            if table is not None:
                whole(folder / f"{name}.csv", lambda temporary, table=table: table.to_csv(temporary, index=False))
        text = json.dumps(self.provenance, indent=2, ensure_ascii=False) + "\n"
        whole(folder / "provenance.json", lambda temporary: temporary.write_text(text, encoding="utf-8"))
        return folder


__all__ = ["ExecutorLost", "Study", "StudyResult"]


def _base(content: StudyFile, folder: Path, origin: str) -> Scenario:
    """The scenario of a study, with its settings. Raises InputError."""
    if not content.scenario:
        raise InputError(f"{origin}: scenario: is missing; name a bundled scenario or a file")
    beside = folder / content.scenario
    base = load(beside if beside.is_file() else content.scenario)
    return replace(base, content.settings, f"{origin}: settings") if content.settings else base


def _unknown(content: StudyFile, folder: Path, origin: str) -> list[str]:
    """Faults of the scenario of a study that is refused for something else, and addresses it does not have."""
    try:
        known = list(addresses(_base(content, folder, origin)))
    except InputError as error:
        return error.faults
    return [f"{origin}: factors: {name}: {unknown(name, known)}" for name in content.factors if name not in known]
