"""Sessions: a process for each page, one kept ready, and no more of them than the machine bears.

The page is served as soon as this is imported; so what a worker needs is imported when the first is made, in a thread.
"""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from typing import Any

from ..errors import InputError
from .limits import PAGES

_PRELOAD = "waterbed.app.preload"
_LOST = ("the model of this page has ended unexpectedly, perhaps for want of memory; "
         "the page starts it again, and smaller settings are lighter")  # fmt: skip

Send = Callable[[Any], Awaitable[None]]


class Worker:
    """The process of one page, and the pipe to it."""

    def __init__(self, context: Any, name: str) -> None:
        from .worker import work

        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=work, args=(theirs, name), daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> None:
        """End the process and give its memory back; takes a moment."""
        self.process.terminate()
        self.process.join(5)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        # The pipe is closed with the last who holds it: somebody may be reading its end this moment.


class Sessions:
    """Hands out workers. Processes are forked from one that has everything loaded, where the system can do that."""

    def __init__(self, name: str, most: int = PAGES) -> None:
        self.name = name
        self.most = most
        self.open = 0
        methods = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload([_PRELOAD])
            forkserver.ensure_running()
        # A page keeps one thread at its pipe, and another while it writes.
        self._threads = ThreadPoolExecutor(2 * most + 4, "waterbed-page")
        self._spare: asyncio.Future[Worker] | None = None
        self._taken: set[Worker] = set()
        self._waiting: set[asyncio.Task[Any]] = set()

    def in_thread[T](self, call: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """Run what blocks beside the event loop."""
        return asyncio.get_running_loop().run_in_executor(self._threads, call, *args)

    def prepare(self) -> None:
        """Begin to make the next worker, so that the next page need not wait for it."""
        if self._spare is None and self.open < self.most:
            self._spare = self.in_thread(Worker, self._context, self.name)

    async def take(self) -> Worker | None:
        """A worker; none where as many pages are open as may be."""
        if self.open >= self.most:
            return None
        self.prepare()
        assert self._spare is not None
        spare, self._spare = self._spare, None
        self.open += 1
        task = asyncio.current_task()
        assert task is not None
        self._waiting.add(task)
        try:
            worker = await asyncio.shield(spare)
        except BaseException:
            self.open -= 1
            spare.add_done_callback(_end)
            raise
        finally:
            self._waiting.discard(task)
        self._taken.add(worker)
        return worker

    def give_back(self, worker: Worker) -> None:
        """The page has gone: its process is ended beside the event loop, even if this page's task was cancelled."""

        def ended(_: asyncio.Future[None]) -> None:
            self.open -= 1

        if worker not in self._taken:
            return  # ended with the server
        self._taken.discard(worker)
        self.in_thread(worker.end).add_done_callback(ended)

    def stop_waiting(self) -> None:
        """The server ends: who waits for a worker is cancelled."""
        for task in self._waiting:
            task.cancel()

    async def close(self) -> None:
        """End every process."""
        spare = [await self._spare] if self._spare is not None else []
        self._spare = None
        taken, self._taken = self._taken, set()
        for worker in (*taken, *spare):
            worker.end()
        self._threads.shutdown(wait=False)

    async def relay(self, worker: Worker, receive: Callable[[], Awaitable[str]], send: Send, send_bytes: Send) -> None:
        """Pass messages between a page and its worker until either ends; what is malformed is answered here."""
        loop = asyncio.get_running_loop()

        def forward() -> None:
            # One message after another: a page that reads slowly slows its own model, and fills no memory.
            try:
                while True:
                    content = worker.pipe.recv_bytes()
                    sent = send(content.decode()) if content[:1] == b"{" else send_bytes(content)
                    asyncio.run_coroutine_threadsafe(_awaited(sent), loop).result()
            except Exception:  # the pipe is closed, or the page is: the other side says which
                return

        down = self.in_thread(forward)
        up = asyncio.ensure_future(self._upward(worker, receive, send))
        try:
            await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
            if up.done():
                up.result()
            else:
                await send(_fault([_LOST]))
        finally:
            up.cancel()

    async def _upward(self, worker: Worker, receive: Callable[[], Awaitable[str]], send: Send) -> None:
        from . import protocol

        while True:
            text = await receive()
            try:
                protocol.read(text)
            except InputError as error:
                await send(_fault(error.faults))
                continue
            try:
                await self.in_thread(worker.pipe.send_bytes, text.encode())
            except OSError:
                await send(_fault([_LOST]))
                return


def _end(made: asyncio.Future[Worker]) -> None:
    if made.exception() is None:
        made.result().end()


def _fault(faults: list[str]) -> str:
    from . import protocol

    return protocol.write("fault", run=-1, faults=faults).decode()


async def _awaited(sent: Awaitable[None]) -> None:
    await sent
