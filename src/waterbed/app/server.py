"""The server: a page and its sockets, on loopback only.

A page may be opened by this machine's own browsers and by nobody else: the socket listens on 127.0.0.1, names of
other hosts are refused (a rebound name would be one), and every WebSocket has to come from the page itself.

The page is served within a moment of the start: what takes long to import comes after it, in threads and processes.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import json
import logging
import mimetypes
import socket
from collections.abc import AsyncIterator
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from . import limits
from .opening import Opening, is_bundled
from .sessions import Sessions

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.websockets import WebSocket

HOST = "127.0.0.1"
PORT = 8765
_NAMES = ("127.0.0.1", "localhost")
_NEEDED = ("starlette", "uvicorn", "websockets")
_FONTS = ("WaterbedSans-Regular.ttf", "WaterbedSans-SemiBold.ttf", "WaterbedSans-Bold.ttf")
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self' ws://127.0.0.1:* ws://localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def serve(name: str, port: int = PORT) -> None:
    """Serve the app for a scenario until it is interrupted.

    Raises:
        InputError: for a scenario that cannot be opened, a missing extra or a busy port.
    """
    missing = [package for package in _NEEDED if find_spec(package) is None]
    if missing:
        raise InputError(f"the app needs {', '.join(missing)}; install what it needs with: pip install 'waterbed[app]'")
    _require_sound(name)
    listening = listen(port)
    app = make_app(name)
    import uvicorn

    url = f"http://{HOST}:{listening.getsockname()[1]}"
    config = uvicorn.Config(
        app, log_level="warning", ws="websockets-sansio", ws_max_size=limits.LARGEST, ws_ping_interval=20,
        lifespan="on", timeout_graceful_shutdown=2,
    )  # fmt: skip
    print(f"The teaching app: {url}   (only this machine can open it; Ctrl-C ends it)", flush=True)
    class Server(uvicorn.Server):
        async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
            app.state.stop()
            await super().shutdown(sockets)

    logging.getLogger("uvicorn.error").addFilter(_without_traceback)
    with contextlib.suppress(KeyboardInterrupt):  # the usual way to end it
        Server(config).run(sockets=[listening])


def _without_traceback(record: logging.LogRecord) -> bool:
    """What a page sends that is no text is its own fault, and told in a line; a fault of ours keeps its traceback."""
    if record.exc_info and isinstance(record.exc_info[1], UnicodeDecodeError):
        record.exc_info = None
    return True


def _require_sound(name: str) -> None:
    """Raise what is wrong with a scenario. The bundled ones are sound: reading them would only take time."""
    if is_bundled(name):
        return
    from ..network import load_world
    from ..scenario import load
    from ..scenario.checking import require

    chosen = load(name)
    require(chosen, load_world(chosen.network), name)


def listen(port: int) -> socket.socket:
    """A socket on loopback; raises InputError where the port is taken, with one that is free."""
    if not 0 <= port <= 65535:
        raise InputError(f"--port: is {port}; has to be from 0 (any) to 65535")
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen(128)  # a browser that is quicker than the server waits
    except OSError as error:
        listening.close()
        raise InputError(f"--port: {port} cannot be used ({error.strerror}); this one is free: "
                         f"waterbed app --port {_free_after(port)}") from None  # fmt: skip
    return listening


def _free_after(port: int) -> int:
    for candidate in range(port + 1, min(port + 50, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, candidate))
            except OSError:
                continue
            return candidate
    return 0


def make_app(name: str, sessions: Sessions | None = None) -> Starlette:
    """The ASGI application for a scenario, a bundled name or a file."""
    opening, ours = Opening(name), sessions or Sessions(name)  # before what follows is imported: they take longer
    from starlette.applications import Starlette
    from starlette.routing import Route, WebSocketRoute

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        # Both before a page asks: it is shown as soon as it does.
        app.state.world = ours.in_thread(opening.read)
        ours.prepare()
        yield
        opening.close()
        await ours.close()

    def stop() -> None:
        # The server would wait for pages that wait for these.
        opening.close()
        ours.stop_waiting()

    async def page(request: Request) -> Response:
        told = json.dumps({"scenario": name, "longest": limits.LONGEST})
        text = _static("index.html").decode().replace("{{page}}", html.escape(told))
        return _answer(text.encode(), "text/html; charset=utf-8")

    async def world(request: Request) -> Response:
        return _answer(await request.app.state.world, "application/json")

    async def talk(ws: WebSocket) -> None:
        await _talk(ws, ours)

    routes = [
        Route("/", page), Route("/world.json", world), Route("/theme.css", _theme), Route("/land.json", _land),
        Route("/static/{file}", _file), Route("/fonts/{file}", _font),
        WebSocketRoute("/socket", talk),
    ]  # fmt: skip
    app = Starlette(routes=routes, lifespan=lifespan)
    app.state.stop = stop
    app.add_middleware(_OwnHostOnly)
    return app


async def _talk(ws: WebSocket, sessions: Sessions) -> None:
    """One page, from its opening to its end."""
    from starlette.websockets import WebSocketDisconnect

    if not own_origin(ws.headers.get("origin"), ws.headers.get("host", "")):
        await ws.close(4403)  # before it is accepted: the browser is told 403
        return
    await ws.accept()
    try:
        worker = await sessions.take()
    except asyncio.CancelledError:
        return  # the server was ended meanwhile
    if worker is None:
        await ws.send_text(json.dumps({"type": "full", "most": sessions.most}))
        await ws.close(4429)
        return
    sessions.prepare()
    try:
        await sessions.relay(worker, ws.receive_text, ws.send_text, ws.send_bytes)
        await ws.close(1011)
    except KeyError:
        await ws.close(1003, "a page sends text, not bytes")
    except (WebSocketDisconnect, RuntimeError):
        pass  # closed tab
    finally:
        sessions.give_back(worker)


def own_origin(origin: str | None, host: str) -> bool:
    """Whether a socket was opened by a page of this server."""
    return origin is not None and origin == f"http://{host}" and _is_own(host)


def _is_own(host: str) -> bool:
    name, _, port = host.partition(":")
    return name in _NAMES and (not port or port.isdigit())


class _OwnHostOnly:
    """Refuse requests that name another host: a page elsewhere whose name was pointed at this machine."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if not _is_own(host):
                await _answer(b"Open the app as http://127.0.0.1", "text/plain", 421)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def _answer(body: bytes, kind: str, status: int = 200) -> Response:
    from starlette.responses import Response

    headers = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache",
               "Referrer-Policy": "no-referrer", "Cross-Origin-Resource-Policy": "same-origin"}  # fmt: skip
    return Response(body, status, headers, kind)


async def _file(request: Request) -> Response:
    name = request.path_params["file"]
    known = {entry.name for entry in (files("waterbed.app") / "static").iterdir() if entry.is_file()}
    if name not in known:
        return _answer(b"not here", "text/plain", 404)
    kind = "text/javascript" if name.endswith(".js") else mimetypes.guess_type(name)[0] or "text/plain"
    return _answer(_static(name), f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)


async def _font(request: Request) -> Response:
    name = request.path_params["file"]
    if name not in _FONTS:
        return _answer(b"not here", "text/plain", 404)
    return _answer((files("waterbed.report") / "fonts" / name).read_bytes(), "font/ttf")


async def _theme(request: Request) -> Response:
    from . import theme

    return _answer(theme.sheet().encode(), "text/css; charset=utf-8")


async def _land(request: Request) -> Response:
    from .describe import land

    return _answer(json.dumps(land(), separators=(",", ":")).encode(), "application/json")


def _static(name: str) -> bytes:
    return (files("waterbed.app") / "static" / name).read_bytes()
