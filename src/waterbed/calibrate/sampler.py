"""Proposals of pyABC in a fixed order, run by any executor.

Each proposal has its own place in a population and draws from a seed made of it. Results are taken in that order,
whatever worker is done first, so that a population is the same bits for any number of workers, and for a fit that was
interrupted and goes on. pyABC draws from NumPy's global generator, whose state is given back after each proposal.
"""

from __future__ import annotations

import itertools
import pickle
from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Executor, Future
from contextlib import closing
from typing import Any

import numpy as np
from pyabc.sampler import Sampler

BATCH = 4
"""Proposals sent to a worker together."""


class Ordered(Sampler):
    """Samples populations of pyABC in order of proposal.

    Args:
        seed: of the whole fit.
        most: runs allowed in all populations together; a population that would need more is given up.
        executor: where proposals run; none: here.
        width: batches under way at once.
        look: told the runs done in all, after each one; may raise to stop.
    """

    def __init__(
        self, seed: int, most: int, executor: Executor | None, width: int, look: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.seed, self.most, self.executor, self.width, self.look = seed, most, executor, width, look
        self.before = 0
        """Runs of earlier populations."""

    def sample_until_n_accepted(
        self, n: int, simulate_one: Callable[[], Any], t: int, *, max_eval: float = np.inf,
        all_accepted: bool = False, ana_vars: Any = None,
    ) -> Any:  # fmt: skip
        """As pyABC has it: the first n accepted proposals of population t, in order."""
        sample = self._create_empty_sample()
        accepted = done = 0
        results = self._here(simulate_one, t) if self.executor is None else self._there(self.executor, simulate_one, t)
        with closing(results):
            while accepted < n and self.before + done < self.most and done < max_eval:
                particle = next(results)
                done += 1
                sample.append(particle)
                accepted += bool(particle.accepted)
                self.look(self.before + done)
        self.nr_evaluations_ = done
        self.before += done
        sample.ok = accepted == n
        return sample

    def _here(self, simulate_one: Callable[[], Any], t: int) -> Generator[Any]:
        for k in itertools.count():
            yield propose(simulate_one, self.seed, t, k)

    def _there(self, executor: Executor, simulate_one: Callable[[], Any], t: int) -> Generator[Any]:
        import cloudpickle

        work = cloudpickle.dumps(simulate_one)
        waiting: deque[Future[list[Any]]] = deque()
        try:
            for first in itertools.count(step=BATCH):
                waiting.append(executor.submit(propose_batch, work, self.seed, t, first))
                if len(waiting) >= 2 * self.width:
                    yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def propose(simulate_one: Callable[[], Any], seed: int, t: int, k: int) -> Any:
    """Proposal k of population t; the caller's global generator is left as it was."""
    state = np.random.get_state()
    np.random.seed(np.random.SeedSequence([seed, t + 1, k]).generate_state(8))
    try:
        return simulate_one()
    finally:
        np.random.set_state(state)


def propose_batch(work: bytes, seed: int, t: int, first: int) -> list[Any]:
    """In a worker: a batch of proposals from ``first`` on."""
    simulate_one = pickle.loads(work)
    return [propose(simulate_one, seed, t, k) for k in range(first, first + BATCH)]
