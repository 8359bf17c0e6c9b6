"""Sessions: a process for each page, one kept ready, and no more of them than the machine bears."""

from __future__ import annotations

import asyncio
import multiprocessing
from multiprocessing import forkserver
from collections.abc import Awaitable, Callable
from multiprocessing.connection import Connection
from typing import Any

from . import protocol
from .worker import work

MOST_SESSIONS = 8
"""Pages served at once; each takes a process and what its model takes."""
_PRELOAD = "waterbed.app.preload"


class Worker:
    """The process of one page, and the pipe to it."""

    def __init__(self, context: Any, name: str) -> None:
        self.pipe: Connection
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=work, args=(theirs, name), daemon=True)
        self._process.start()
        theirs.close()

    def end(self) -> None:
        """End the process and give its memory back; takes a moment."""
        self._process.terminate()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.pipe.close()


class Sessions:
    """Hands out workers. Processes are forked from one that has everything loaded, where the system can do that."""

    def __init__(self, name: str, most: int = MOST_SESSIONS) -> None:
        self.name = name
        self.most = most
        self.open = 0
        methods = multiprocessing.get_all_start_methods()
        self._context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
        if "forkserver" in methods:
            self._context.set_forkserver_preload([_PRELOAD])
            forkserver.ensure_running()
        self._spare: asyncio.Task[Worker] | None = None

    def prepare(self) -> None:
        """Begin to make the next worker, so that the next page need not wait for it."""
        if self._spare is None and self.open < self.most:
            self._spare = self._make()

    async def take(self) -> Worker | None:
        """A worker; none where as many pages are open as may be."""
        if self.open >= self.most:
            return None
        self.open += 1
        try:
            spare = self._spare or self._make()
            self._spare = None
            return await spare
        except BaseException:
            self.open -= 1
            raise

    def _make(self) -> asyncio.Task[Worker]:
        return asyncio.create_task(asyncio.to_thread(Worker, self._context, self.name))

    async def give_back(self, worker: Worker) -> None:
        """The page has gone."""
        await asyncio.to_thread(worker.end)
        self.open -= 1

    async def close(self) -> None:
        """End the spare worker."""
        if self._spare is not None:
            spare, self._spare = self._spare, None
            await asyncio.to_thread((await spare).end)


async def relay(
    worker: Worker,
    receive: Callable[[], Awaitable[str]],
    send_text: Callable[[str], Awaitable[None]],
    send_bytes: Callable[[bytes], Awaitable[None]],
) -> None:
    """Pass messages between a page and its worker until either ends; what is malformed is answered here."""
    loop = asyncio.get_running_loop()

    def forward() -> None:
        # One message after another: a page that reads slowly slows its own model, and fills no memory.
        try:
            while True:
                content = worker.pipe.recv_bytes()
                sent = send_text(content.decode()) if content[:1] == b"{" else send_bytes(content)
                asyncio.run_coroutine_threadsafe(_awaited(sent), loop).result()
        except (EOFError, OSError):
            return

    down = asyncio.create_task(asyncio.to_thread(forward))
    up = asyncio.create_task(_upward(worker, receive, send_text))
    done, _ = await asyncio.wait({down, up}, return_when=asyncio.FIRST_COMPLETED)
    if up not in done:
        up.cancel()
        await send_text(protocol.write("fault", run=-1, faults=[_LOST]).decode())
    for task in done:
        task.result()


_LOST = ("the model of this page has ended unexpectedly, perhaps for want of memory; "
         "the page starts it again, and smaller settings are lighter")  # fmt: skip


async def _awaited(sent: Awaitable[None]) -> None:
    await sent


async def _upward(
    worker: Worker, receive: Callable[[], Awaitable[str]], send_text: Callable[[str], Awaitable[None]]
) -> None:
    from ..errors import InputError

    while True:
        text = await receive()
        try:
            protocol.read(text)
        except InputError as error:
            await send_text(protocol.write("fault", run=-1, faults=error.faults).decode())
            continue
        try:
            await asyncio.to_thread(worker.pipe.send_bytes, text.encode())
        except OSError:
            return
