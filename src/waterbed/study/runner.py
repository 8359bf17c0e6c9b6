"""The runner: keeps workers busy with batches of measured size, stores what comes back, and loses nothing.

It holds a window of batches and no more, whatever the size of the study.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field, replace
from itertools import groupby, islice

from ..processes import NONE_STARTS
from . import pools
from .claims import Claims
from .plan import Group, Plan
from .store import MANY, Store
from .worker import Job, Rows, Unreadable, run_batch

BATCH = 2.0
"""Seconds of work sent at a time: what a kill may cost, and long against what sending and storing it costs."""
_MOST = 4096
_AHEAD = 2
"""Batches for each worker: one it has, one that waits, so that it never does."""
_BEAT = 5.0
_START = 1.5
"""Seconds that processes take to start: where they would save less, a study goes on in the one that asked for it."""
_STRIKES = 3
"""Times a pool may break with a run in hand before that run, alone, counts as what breaks it."""

_KILLED = "WorkerKilled: its worker ended before its time, again and again; too little memory?"

Progress = Callable[["Tally"], None]
type _Run = tuple[int, tuple[int, ...], str, int]
"""Seed, days at which its twin is copied, key, and point."""


class ExecutorLost(RuntimeError):
    """The executor that was given cannot run any more; what was stored is kept."""


@dataclass
class Tally:
    """How far a study is."""

    total: int
    done: int = 0
    failed: int = 0
    before: int = 0
    """Runs that were stored already."""
    began: float = field(default_factory=time.perf_counter)
    waiting: str = ""
    """What it waits for, where nothing goes on."""

    @property
    def rate(self) -> float:
        """Runs a second since it began."""
        return (self.done + self.failed - self.before) / max(1e-9, time.perf_counter() - self.began)

    @property
    def left(self) -> float:
        """Seconds to go at that rate."""
        return (self.total - self.done - self.failed) / self.rate if self.rate else float("inf")


@dataclass
class _Batch:
    jobs: tuple[Job, ...]
    strikes: int = 0

    @property
    def keys(self) -> list[str]:
        return [key for job in self.jobs for key, _ in job.points]


class Runner:
    """Runs what a store does not hold of a plan."""

    def __init__(
        self, plan: Plan, store: Store, workers: int, executor: Executor | None, progress: Progress | None
    ) -> None:
        self._plan, self._store, self._progress = plan, store, progress
        self._workers, self._given = workers, executor
        self._cost = 0.0
        self._seen: set[str] = set()
        """Runs that were sent out, failed, or are left to others: points may repeat each other."""
        self._waiting: deque[_Batch] = deque()
        """Batches whose pool broke."""
        self._elsewhere: list[_Run] = []
        self._flight: dict[Future[Rows], _Batch] = {}
        keys = set(plan.keys())
        self.tally = Tally(len(keys), len(keys & store.ok))
        self.tally.before = self.tally.done

    def run(self) -> Tally:
        """Run everything that is missing.

        Raises:
            ExecutorLost: where a given executor breaks.
            InputError: where a function in place of the model gives what no effect can be.
            RuntimeError: where none of our own processes can start.
            KeyboardInterrupt, OSError: what was stored by then is kept.
        """
        self._tell()
        if self.tally.done == self.tally.total:
            return self.tally
        self._claims = Claims(self._store.folder)
        self._take_pool(self._first_pool())
        batches = self._batches()
        try:
            while True:
                self._fill(batches)
                if not self._flight:
                    if not self._elsewhere:
                        break
                    batches = self._retry_elsewhere()
                    continue
                done, _ = wait(self._flight, timeout=_BEAT, return_when=FIRST_COMPLETED)
                self._look_for_workers(bool(done))
                self._collect(done)
                if self._given is None and isinstance(self._pool, pools.Here) and not self._is_small():
                    self._take_pool(pools.own(self._workers))
            if self._given is None:
                self._pool.shutdown()
        except BaseException:
            self._abandon()
            raise
        finally:
            self._claims.close()
        return self.tally

    def _first_pool(self) -> Executor:
        if self._given is not None:
            return self._given
        return pools.Here() if self._is_small() else pools.own(self._workers)

    def _take_pool(self, pool: Executor) -> None:
        """Send batches there from now on, and as many at a time as keep it busy."""
        self._pool = pool
        self._window = 1 if isinstance(pool, pools.Here) else _AHEAD * pools.width(pool)

    def _look_for_workers(self, busy: bool) -> None:
        """Say where a cluster that was given has no workers, and send it more at a time when they come."""
        before = self.tally.waiting
        idle = not busy and self._given is not None and pools.is_idle(self._given)
        self.tally.waiting = "the cluster has no workers; start some with: dask worker ADDRESS" if idle else ""
        if before and not idle:
            self._take_pool(self._pool)

    def _is_small(self) -> bool:
        """Whether other processes would not be worth their start; what might end its process never runs in this one."""
        if self._workers == 1:
            return True
        base, left = self._plan.base, self.tally.total - self.tally.done - self.tally.failed
        return base is not None and not base.plugins and left * self._cost * (1.0 - 1.0 / self._workers) < _START

    def _fill(self, batches: Iterator[_Batch]) -> None:
        """Send batches until the window is full. A batch that may break its pool goes alone."""
        while len(self._flight) < self._window:
            if self._waiting:
                if self._flight and self._waiting[0].strikes > 1:
                    return
                batch = self._waiting.popleft()
            else:
                found = next(batches, None)
                if found is None:
                    return
                batch = found
            try:
                self._flight[self._pool.submit(run_batch, self._plan.spec, batch.jobs)] = batch
            except BrokenExecutor as error:
                self._waiting.append(batch)
                self._mend(error)
            if batch.strikes > 1:
                return

    def _collect(self, done: set[Future[Rows]]) -> None:
        broken: BaseException | None = None
        for future in done:
            batch = self._flight.pop(future)
            try:
                rows = future.result()
            except (BrokenExecutor, CancelledError) as error:
                self._waiting.append(replace(batch, strikes=batch.strikes + 1))
                broken = error
            except Unreadable:
                raise
            except Exception as error:
                # A run's own errors come back as rows: this is the way there and back.
                self._waiting.append(batch)
                broken = error
            else:
                self._keep(rows)
        if broken is not None:
            self._mend(broken)
        self._tell()

    def _keep(self, rows: Rows) -> None:
        self._store.add(rows, self._plan.version)
        self._claims.drop(rows.keys)
        failed = sum(bool(error) for error in rows.errors)
        self.tally.failed += failed
        self.tally.done += len(rows.keys) - failed
        each = rows.wall / max(1, len(rows.keys))
        # A worker's first batch holds its start: believe what is quicker at once, what is slower by half.
        self._cost = each if not self._cost or each < self._cost else 0.5 * (self._cost + each)
        if self._store.small >= MANY:
            self._store.compact()

    def _mend(self, error: BaseException) -> None:
        """A new pool for one that broke; what it had in hand is sent again, what breaks it told apart."""
        if self._given is not None:
            raise ExecutorLost(f"the executor broke ({type(error).__name__}: {error})") from error
        if not isinstance(error, BrokenExecutor):
            raise error
        for future, batch in list(self._flight.items()):
            if future.done() and not future.cancelled() and future.exception() is None:
                self._keep(future.result())
            else:
                self._waiting.append(replace(batch, strikes=batch.strikes + 1))
        self._flight.clear()
        pools.end(self._pool)
        self._suspect(str(error))
        self._take_pool(pools.own(self._workers))
        try:
            self._pool.submit(int).result()
        except BrokenExecutor:
            raise RuntimeError(NONE_STARTS) from error

    def _suspect(self, why: str) -> None:
        """Split batches that broke a pool twice; a single run that did so alone is a failed one."""
        waiting, self._waiting = self._waiting, deque()
        for batch in waiting:
            single = len(batch.keys) == 1
            if single and batch.strikes >= _STRIKES:
                rows = Rows()
                rows.add(batch.keys[0], batch.jobs[0].seed, 0.0, {}, _KILLED, why)
                self._keep(rows)
            elif single or batch.strikes < 2:
                self._waiting.append(batch)
            else:
                self._waiting += [_Batch((replace(job, points=(p,)),), 2) for job in batch.jobs for p in job.points]

    def _abandon(self) -> None:
        """Keep what is done, and end what is not."""
        for future in list(self._flight):
            if not future.cancel() and future.done() and not future.cancelled() and future.exception() is None:
                try:
                    self._keep(future.result())
                except OSError:
                    break  # no room: the error that brought us here says so
        if self._given is None:
            pools.end(self._pool)

    def _batches(self) -> Iterator[_Batch]:
        """What is missing, in order, in batches of about two seconds."""
        return self._pack(self._missing())

    def _missing(self) -> Iterator[_Run]:
        """Each run that nobody has done."""
        for group in self._plan.groups():
            yield from self._of_group(group)

    def _of_group(self, group: Group) -> Iterator[_Run]:
        for replicate, seed in enumerate(self._plan.seeds):
            for point in group.points:
                key = self._plan.key(int(point), replicate)
                if key not in self._store.ok and key not in self._seen:
                    self._seen.add(key)
                    yield seed, group.days, key, int(point)

    def _pack(self, missing: Iterator[_Run]) -> Iterator[_Batch]:
        while True:
            size = max(1, min(_MOST, int(BATCH / self._cost))) if self._cost else 1
            some = list(islice(missing, size))
            if not some:
                return
            ours, theirs = self._claims.take((key for _, _, key, _ in some), self._store.stored)
            self._elsewhere += [run for run in some if run[2] in theirs]
            mine = [run for run in some if run[2] in ours]
            self.tally.done += len(some) - len(mine) - sum(run[2] in theirs for run in some)
            if mine:
                yield _Batch(self._jobs(mine))

    def _jobs(self, runs: list[_Run]) -> tuple[Job, ...]:
        points = self._plan.points
        return tuple(
            Job(seed, days, tuple((key, points.values(point)) for _, _, key, point in part))
            for (seed, days), part in groupby(runs, key=lambda run: run[:2])
        )

    def _retry_elsewhere(self) -> Iterator[_Batch]:
        """Runs that another process had in hand: by now they are stored, still in hand, or ours."""
        time.sleep(0.5)
        again, self._elsewhere = self._elsewhere, []
        self._tell()
        return self._pack(iter(again))

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(self.tally)
