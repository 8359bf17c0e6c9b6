"""Where batches run: processes of our own by default, or any executor; MPI's and Dask's among them.

``mpi4py.futures.MPIPoolExecutor`` and ``client.get_executor()`` of Dask are executors like any other, and are given
to :meth:`Study.run <waterbed.study.Study.run>` as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from typing import Any

from .. import processes
from ..errors import InputError


class Here(Executor):
    """One worker: this very process, at once."""

    def submit[**P, T](self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Call it now."""
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def own(workers: int) -> Executor:
    """Processes that leave an interruption to their parent, and end when it does, however it ends."""
    return Here() if workers == 1 else processes.pool(workers)


def end(pool: Executor) -> None:
    """End our processes now: what they have under way is lost, and would be waited for otherwise."""
    running = processes.terminate(pool)
    pool.shutdown(wait=False, cancel_futures=True)
    for process in running:
        process.join(5.0)


def _cluster(executor: Executor) -> Any:
    """The client of the Dask cluster behind an executor, or None."""
    client = getattr(executor, "_client", None)
    return client if hasattr(client, "nthreads") else None


def width(executor: Executor) -> int:
    """How many batches an executor can run at once, as far as it says so."""
    client = _cluster(executor)
    if client is not None:
        return max(1, sum(client.nthreads().values()))
    return processes.cores(int(getattr(executor, "_max_workers", 0)))


@contextmanager
def dask(address: str) -> Iterator[Executor]:
    """The executor of a Dask cluster whose scheduler listens at an address, as tcp://127.0.0.1:8786.

    Raises:
        InputError: where ``distributed`` is not installed, or nobody answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        what = "--dask: needs the package distributed; install it with: pip install 'waterbed[dask]'"
        raise InputError(what) from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as error:
        what = f"--dask {address}: no scheduler answers there ({error}); start one with: dask scheduler"
        raise InputError(what) from None
    try:
        # A study resumes by itself; a batch that killed its worker is told apart after as many tries.
        yield client.get_executor(retries=2)
    finally:
        with _quiet("distributed"):
            client.close(timeout=5)


def is_idle(executor: Executor) -> bool:
    """Whether a cluster has no workers at all, as far as its executor says so."""
    client = _cluster(executor)
    try:
        return client is not None and not client.nthreads()
    except Exception:  # whatever a scheduler that has gone makes of it: its futures end, and say so
        return False


@contextmanager
def _quiet(package: str) -> Iterator[None]:
    """Let a package's loggers say nothing: a cluster that has gone is told in one sentence, by who misses it."""
    loggers = [logging.getLogger(name) for name in list(logging.root.manager.loggerDict)
               if f"{name}.".startswith(f"{package}.")]  # fmt: skip
    loud = [logger for logger in loggers if not logger.disabled]
    for logger in loud:
        logger.disabled = True
    try:
        yield
    finally:
        for logger in loud:
            logger.disabled = False
