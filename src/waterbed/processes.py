"""Processes of our own: they leave an interruption to their parent, and end with it; and work shared with them."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any

NONE_STARTS = (
    "no worker could start or all were killed; there may be too little memory (use fewer workers), or a "
    "script that runs on import (put its work under: if __name__ == '__main__':)"
)


def cores(workers: int | None = None) -> int:
    """As many processes as are asked for, or one a core."""
    return workers or os.cpu_count() or 1


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


def share[T](
    work: Callable[..., T], tasks: Sequence[tuple[Any, ...]], keep: Callable[[int, T], None], *, workers: int = 1,
    executor: Executor | None = None, tell: Callable[[], None] = lambda: None,
) -> None:  # fmt: skip
    """Call ``work(*task)`` for every task: this process and others take the next one each, until none is left.

    Args:
        keep: called here, once for each task that is done, with its number and what it returned.
        workers: processes, this one among them.
        executor: others to work beside this process, instead of processes of our own; all but one task are theirs.
        tell: called here after each; not for what was still found done when something went wrong.

    Raises:
        RuntimeError: where no other process ever returned anything, since none could start.
        BrokenExecutor: where one was killed later; what was done by then is kept, as after any other error.
    """
    others = min(workers, len(tasks)) - 1
    if executor is not None:
        _share(work, tasks, keep, executor, len(tasks) - 1, tell)
    elif others > 0:
        with processes(others) as own:
            _share(work, tasks, keep, own, others, tell)
    else:
        for i, task in enumerate(tasks):
            keep(i, work(*task))
            tell()


def _share[T](
    work: Callable[..., T], tasks: Sequence[tuple[Any, ...]], keep: Callable[[int, T], None], others: Executor,
    width: int, tell: Callable[[], None],
) -> None:  # fmt: skip
    """The same with an executor, which has ``width`` tasks at a time."""
    waiting, taking = iter(enumerate(tasks)), threading.RLock()
    handed: dict[Future[T], int] = {}
    came = False

    def take() -> tuple[int, tuple[Any, ...]] | None:
        with taking:
            return next(waiting, None)

    def hand_on(done: Future[T] | None = None) -> None:
        if done is not None and (done.cancelled() or done.exception() is not None):
            return  # said by whoever collects it
        with taking:
            task = take()
            if task is not None:
                future = others.submit(work, *task[1])
                handed[future] = task[0]
                if width < len(tasks) - 1:
                    future.add_done_callback(hand_on)

    def collect() -> None:
        nonlocal came
        for future in [f for f in list(handed) if f.done()]:
            keep(handed.pop(future), future.result())
            came = True
            tell()

    task = take()
    for _ in range(width):
        hand_on()
    try:
        while task is not None:
            keep(task[0], work(*task[1]))
            tell()
            collect()
            task = take()
        for _ in as_completed(list(handed)):
            collect()
    except BrokenExecutor as error:
        if came:
            raise
        raise RuntimeError(NONE_STARTS) from error
    finally:
        for future, i in list(handed.items()):
            if not future.cancel() and future.done() and future.exception() is None:
                keep(i, future.result())


def _begin() -> None:
    """Leave Ctrl-C to the parent, and end with it: one that is killed outright tells its workers nothing."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=follow, daemon=True).start()
