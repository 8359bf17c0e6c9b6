"""A study: a scenario or a function, what varies in it, and the runs that come of it."""

from __future__ import annotations

import errno
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import InputError, require_folder
from ..processes import cores
from ..scenario.addresses import addresses, unknown
from ..scenario.loading import Refused, load, replace
from . import file as files
from .claims import Claims
from .derived import possible
from .designs import Points, design_points
from .file import StudyFile
from .outcome import StudyResult
from .plan import Plan, plan_of
from .results import collect, no_such
from .runner import ExecutorLost, Progress, Runner, Tally
from .store import Store
from .worker import Job, run_batch

if TYPE_CHECKING:
    from ..measures.intervals import Name
    from ..scenario.scenario import Scenario
    from .results import Results

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
    origin: str = "study"
    """What messages call it."""

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
        study = cls(content, base, design_points(content, base, folder, origin), model, folder, origin)
        study._require()
        return study

    def _require(self) -> None:
        """Raise InputError where the scenario, or the world, refuses a point."""
        if self.base is None:
            return
        from ..measures.fates import comparable_window
        from ..network import load_world
        from ..scenario.checking import faults

        if not self.base.operations and not self.base.policies:
            raise InputError(f"{self.origin}: scenario: {self.base.name} has no operations or policies, so that no "
                             "point differs from its twin; add one")  # fmt: skip
        world = load_world(self.base.network)
        found: dict[str, int] = {}
        for point in range(0, len(self.points), max(1, len(self.points) // _CHECKED)):
            try:
                scenario = self.plan.scenario(point)
                here = faults(scenario, world, self.origin)
                if not here:
                    comparable_window(scenario, scenario.untreated())
            except InputError as error:
                here = [f"{self.origin}: {fault}" for fault in error.faults]
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
        if self.file.design.kind == "screen":
            from .screen import tally

            return tally(self, store)
        return self.tally(store)

    def tally(self, store: Store) -> Tally:
        """How many runs of its own points a store holds, done and failed; a ``screen`` study has a second stage."""
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
            InputError: for an effect to keep that there is not, workers below 1, or a folder that is a file or holds
                something else.
            KeyboardInterrupt, OSError, ExecutorLost: what was stored by then is kept, and the same call goes on.
        """
        if workers is not None and workers < 1:
            raise InputError(f"workers: is {workers}; give at least 1, or none for one a processor")
        if store is not None:
            require_folder(Path(store), "--store")
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
        self._require_kept(kept, results)
        result = StudyResult(self, results, round(time.perf_counter() - began, 3), kept.damaged)
        if out is not None:
            result.save(out)
        return result

    def _opened(self, where: Path) -> Store:
        """The store. Where it holds no run of the study, the first is done here: it finds faults early, and compiles
        before workers would each do so. Where it shows a fault of the study, nothing is left of it.
        """
        made = next((folder for folder in (*reversed(where.parents), where) if not folder.exists()), None)
        store, first = Store(where), self.plan.key(0, 0)
        if any(key in store.ok for key in self.plan.keys()):
            if self._asked:
                self._require_kept(store, collect(self.plan, store, self.file.keep))
        elif first not in store.failed:
            try:
                self._try(store, first)
            except InputError:
                if made is not None:
                    shutil.rmtree(made)
                raise
        return store

    def _try(self, store: Store, first: str) -> None:
        """Do the first run, unless another process has it in hand. Raises InputError for effects that it has not."""
        claims = Claims(store.folder)
        try:
            ours, _ = claims.take([first], store.stored)
            if ours:
                job = Job(self.plan.seeds[0], (), ((first, self.points.values(0)),))
                rows = run_batch(self.plan.spec, (job,))
                if not rows.errors[0]:
                    known = {name for layout in rows.names for name, _ in layout}
                    self._require_effects(known, {name[0]: why for name, why in rows.absent.items()})
                store.add(rows, self.plan.version)
        finally:
            claims.close()

    @property
    def _asked(self) -> dict[str, str]:
        """Effects that the file names, each with the field that does."""
        by = self.file.design.by if self.file.design.kind == "screen" else ()
        ranked = filter(None, [by] if isinstance(by, str) else by)
        return dict.fromkeys(ranked, "design.by") | dict.fromkeys(self.file.keep, "keep")

    def _require_kept(self, store: Store, results: Results) -> None:
        """Raise InputError for effects asked for that no run of the study has, whatever else is in the store."""
        known = set(results.names)
        if (results.status == "ok").any() and not {name[0] for name in known}.issuperset(self._asked):
            self._require_effects(known | set(collect(self.plan, store).names))

    def _require_effects(self, known: set[Name], absent: Mapping[str, str] | None = None) -> None:
        """Raise InputError for effects asked for that are not among those ``known``, nor made of them."""
        there = {name[0] for name in (*known, *possible(known))}
        faults = []
        for effect, field in self._asked.items():
            if effect not in there:
                why = (absent or {}).get(effect)
                said = f"cannot be had: {why}" if why else no_such(effect, there)
                faults.append(f"{self.origin}: {field}: {effect!r}: {said}")
        if faults:
            raise InputError(sorted(faults))

    def _require_own(self, out: Path) -> None:
        require_folder(out)
        about = out / "provenance.json"
        if not about.is_file():
            return
        held = json.loads(about.read_text("utf-8"))
        if held.get("kind") != "study" or held.get("study", {}).get("name") != self.file.name:
            raise InputError(f"--out {out}: holds another run; choose another folder")


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
