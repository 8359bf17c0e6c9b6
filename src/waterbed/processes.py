"""Processes of our own: they leave an interruption to their parent, and end with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager


def pool(workers: int) -> ProcessPoolExecutor:
    """A pool of processes, started anew (spawned), which end when this one does, however it ends."""
    return ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin)


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """A pool that is waited for at the end, and ended at once where something goes wrong."""
    executor = pool(workers)
    try:
        yield executor
    except BaseException:
        terminate(executor)
        raise
    finally:
        executor.shutdown(cancel_futures=True)


def terminate(executor: Executor) -> list[multiprocessing.Process]:
    """End a pool's processes now: what they have under way is lost, and would be waited for otherwise."""
    # Python 3.14 has terminate_workers for this.
    running = list((getattr(executor, "_processes", None) or {}).values())
    for process in running:
        process.terminate()
    return running


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it: one that is killed outright tells its workers nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
