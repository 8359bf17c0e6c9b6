"""One page's model, in a process of its own: it is asked by pipe, and ends with the page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import protocol
from .settings import build

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

    from ..engine.run import Simulation
    from ..scenario import Scenario
    from .courses import Courses

BEFORE = 30
"""Days before the first measure with which a page begins."""


def work(pipe: Connection, started_with: str) -> None:
    """Serve one page until its pipe is closed. The target of a session's process.

    ``started_with`` is the scenario that the app was started with: a page may open that and the bundled ones.
    """
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then ends its sessions
    if hasattr(os, "nice") and os.nice(0) < 5:
        os.nice(5)  # the server and the browser come first; what is forked from the preloaded process does so already
    try:
        Session(pipe, started_with).serve()
    except (EOFError, BrokenPipeError, ConnectionError):
        pass  # the page has gone


class _Ended(Exception):
    """The comparison under way is no longer wanted."""


class Session:
    """Answers the messages of one page."""

    def __init__(self, pipe: Connection, started_with: str) -> None:
        self._pipe = pipe
        self._started_with = started_with
        self._run = -1
        self._pair: Pair | None = None
        self._waiting: list[protocol.Message] = []

    def serve(self) -> None:
        """Answer messages until there are no more."""
        while True:
            self._answer(self._next())

    def _next(self) -> protocol.Message:
        """The last setting that was asked for, if one was; else what came first, waited for."""
        while not self._waiting or self._pipe.poll():
            self._waiting.append(protocol.read(self._pipe.recv_bytes().decode()))
        opens = [message for message in self._waiting if isinstance(message, protocol.Open)]
        if not opens:
            return self._waiting.pop(0)
        # Others wait: those of a setting that is left by it will be dropped, and answered if it is refused.
        self._waiting = [message for message in self._waiting if not isinstance(message, protocol.Open)]
        return opens[-1]

    def _answer(self, message: protocol.Message) -> None:
        try:
            if isinstance(message, protocol.Open):
                self._open(message)
            elif message.run != self._run or self._pair is None:
                return  # of a setting that the page has left
            elif isinstance(message, protocol.Month):
                self._month(message.month)
            elif isinstance(message, protocol.Compare):
                self._compare(message)
        except InputError as error:
            self._send("fault", run=message.run, faults=error.faults)
        except MemoryError:
            self._drop(message.run)
            self._send("fault", run=message.run, faults=["there is not enough memory for this setting; lower flow or "
                                                         "days, or raise persons_per_agent"])  # fmt: skip
        except (EOFError, BrokenPipeError, ConnectionError):
            raise
        except Exception as error:  # a fault of ours: the page hears of it, and the next setting may do
            self._drop(message.run)
            self._send("fault", run=message.run, faults=[f"the model failed: {type(error).__name__}: {error}"])

    def _drop(self, run: int) -> None:
        """A run that failed is gone; a setting that was only asked for leaves the one that is shown."""
        if run == self._run:
            self._pair = None

    def _open(self, asked: protocol.Open) -> None:
        from .describe import describe

        scenario, tables = build(asked.scenario, asked.toml, asked.changes, self._started_with)
        # Only a setting that is sound ends the one before, whose memory is given back before the new one takes its own.
        self._run, self._pair = asked.run, None
        self._send("world", run=asked.run, seed=asked.seed, **describe(scenario, tables, asked.scenario))
        self._pair = Pair(scenario, asked.seed)
        self._send("ready", run=asked.run, **self._pair.about())

    def _month(self, month: int) -> None:
        assert self._pair is not None
        if month >= self._pair.months:
            raise InputError(f"month: is {month}; this run has {self._pair.months}")
        content, fates = self._pair.month(self._run, month)
        self._pipe.send_bytes(content)
        self._send("fates", run=self._run, month=month, **fates)

    def _compare(self, asked: protocol.Compare) -> None:
        from .results import results

        assert self._pair is not None
        run = self._run

        def progress(done: int, of: int) -> None:
            self._send("progress", run=run, done=done, of=of)
            self._meanwhile()

        self._send("progress", run=run, done=0, of=asked.replicates)  # the time that is left is told from here on
        try:
            before = [row.model_dump() for row in asked.before]
            content = results(self._pair.scenario, self._pair.seed, asked.replicates, progress, before)
        except _Ended:
            return
        self._send("results", run=run, **content)

    def _meanwhile(self) -> None:
        """Between two pairs: months go out as ever; what ends the comparison ends it."""
        while self._pipe.poll():
            message = protocol.read(self._pipe.recv_bytes().decode())
            if isinstance(message, protocol.Month):
                self._answer(message)
                continue
            if not isinstance(message, protocol.Cancel):
                self._waiting.append(message)
            raise _Ended

    def _send(self, kind: str, **content: Any) -> None:
        self._pipe.send_bytes(protocol.write(kind, **content))


class Pair:
    """The two worlds of a setting, month by month."""

    def __init__(self, scenario: Scenario, seed: int) -> None:
        from ..engine.run import Simulation
        from .courses import MONTH
        from .series import Series

        self.scenario, self.seed = scenario, seed
        starts = [o.start for o in scenario.operations.values()] + [p.start for p in scenario.policies.values()]
        self._start = min(starts, default=0)
        self.first = max(0, min(self._start, scenario.days) - BEFORE)
        self.months = -(-(scenario.days - self.first) // MONTH)
        self._base = Simulation(scenario, seed)
        self._base.advance(scenario.burn_in + self.first)
        self.series = Series(scenario, self._base)
        self._rewind()

    def _rewind(self) -> None:
        treated = self._base.copy(self.scenario)
        self._worlds = (self._base.without_measures(), treated)
        self._next = 0

    def about(self) -> dict[str, Any]:
        """What a page is told when months can be asked for."""
        history = self.series.values(self._base, 0, self.first)
        return {
            "first": self.first, "months": self.months, "series": self.series.about(),
            "history": [[round(float(x), 2) for x in row] for row in history],
            "treated": [i for i, leg in enumerate(self.series.treated) if leg],
        }  # fmt: skip

    def month(self, run: int, month: int) -> tuple[bytes, dict[str, Any]]:
        """A month as it goes over the wire, and the fates at its end. A month that has passed starts anew."""
        from .courses import MONTH
        from .lives import fate_flows

        if month < self._next:
            self._rewind()
        skip = self._worlds[0].day + (month - self._next) * MONTH
        for world in self._worlds:
            world.advance(skip)
        days = min(MONTH, self._base.last - skip)
        maps = [self._watched(world, days) for world in self._worlds]
        self._next = month + 1
        first = skip - self.scenario.burn_in
        fates = fate_flows(*self._worlds, self._start - self.scenario.compare.lead_days)
        return protocol.write_month(run, month, first, days, maps), fates

    def _watched(self, world: Simulation, days: int) -> tuple[Courses, np.ndarray, np.ndarray]:
        from .courses import Watch
        from .marks import Marks

        watch, marks = Watch(world), Marks(world)
        marks.look(whole=True)
        for _ in range(days):
            watch.step()
            marks.look()
        today = world.day - self.scenario.burn_in
        return watch.courses(), marks.table(), self.series.values(world, today - days, today)

