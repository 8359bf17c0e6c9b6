"""The app's server, as a page and as somebody who means it ill would talk to it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("starlette", reason="the app needs the extra: app")
pytest.importorskip("httpx2", reason="its test client needs httpx2 (extra: dev)")

from starlette.testclient import TestClient  # noqa: E402
from starlette.websockets import WebSocketDisconnect  # noqa: E402

from waterbed.app import server  # noqa: E402
from waterbed.app.sessions import Sessions  # noqa: E402
from waterbed.app.settings import build  # noqa: E402
from waterbed.errors import InputError  # noqa: E402
from waterbed.scenario.loading import bundled  # noqa: E402

HOST = "127.0.0.1:8765"
OWN = {"origin": f"http://{HOST}"}
QUICK = {"days": 150, "burn_in": 60, "flow": 0.3, "compare.fate_days": 60, "operations.surge.start": 40}


@pytest.fixture(scope="module")
def sessions() -> Sessions:
    return Sessions("classroom", most=3)


@pytest.fixture(scope="module")
def client(sessions: Sessions) -> Iterator[TestClient]:
    with TestClient(server.make_app("classroom", sessions), base_url=f"http://{HOST}") as client:
        yield client


@pytest.fixture(autouse=True)
def all_pages_closed(sessions: Sessions) -> Iterator[None]:
    yield
    deadline = time.monotonic() + 10
    while sessions.open and time.monotonic() < deadline:
        time.sleep(0.02)
    assert sessions.open == 0, "a page that is closed gives its process back"


class Page:
    """A page's side of a socket."""

    def __init__(self, ws: Any) -> None:
        self.ws = ws

    def send(self, **message: Any) -> None:
        self.ws.send_text(json.dumps(message))

    def open(self, run: int = 1, **more: Any) -> dict[str, Any]:
        self.send(type="open", run=run, scenario="classroom", changes=QUICK | more.pop("changes", {}), **more)
        return self.next("ready", "fault")

    def next(self, *kinds: str) -> Any:
        """The next message of one of these kinds; a month is given as bytes."""
        while True:
            message = self.ws.receive()
            if message["type"] == "websocket.close":
                raise WebSocketDisconnect(message["code"])
            if message.get("bytes") is not None:
                if "month" in kinds:
                    return message["bytes"]
                continue
            content = json.loads(message["text"])
            if content["type"] in kinds:
                return content

    def month(self, month: int, run: int = 1) -> bytes:
        self.send(type="month", run=run, month=month)
        content: bytes = self.next("month")
        return content


def connect(client: TestClient, headers: dict[str, str] = OWN) -> Any:
    return client.websocket_connect(f"ws://{HOST}/socket", headers=headers)


def test_two_pages_at_once_each_with_its_own_model(client: TestClient) -> None:
    with connect(client) as a, connect(client) as b:
        one, other = Page(a), Page(b)
        one.send(type="open", run=1, scenario="classroom", changes=QUICK, seed=1)
        other.send(type="open", run=1, scenario="classroom", changes=QUICK | {"operations.surge.officers": 0}, seed=1)
        assert one.next("ready")["first"] == other.next("ready")["first"] == 10
        months = [(one.month(k), other.month(k)) for k in range(3)]
        assert months[0][0] != months[2][0]
        assert any(x != y for x, y in months), "officers make a difference"
        assert struct.unpack_from("<3i", months[2][0])[1:] == (1, 2)
        fates = other.next("fates")
        assert all(a == b for a, b, _ in fates["flows"]), "without officers both worlds are one"


def test_more_police_than_a_page_bears_are_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"surge\.officers: is 10,000,000, which makes 1,000,000 police units"):
        build("classroom", "", {"operations.surge.officers": 10_000_000}, "classroom")
    many = {"operations.surge.officers": 10_000_000, "operations.surge.officers_per_unit": 1000}
    assert build("classroom", "", many, "classroom")[0].operations["surge"].officers == 10_000_000


@pytest.mark.parametrize("name", bundled())
def test_every_bundled_scenario_may_be_opened(name: str) -> None:
    scenario, _ = build(name, "", {}, "classroom")
    assert scenario.name == name


def test_the_world_is_told_with_controls_from_the_declarations(client: TestClient) -> None:
    with connect(client) as ws:
        page = Page(ws)
        page.send(type="open", run=5, scenario="classroom", changes={"operations.surge.officers": 321})
        world = page.next("world")
    from waterbed.scenario import addresses, load

    declared = addresses(load("classroom"))
    by_address = {c["address"]: c for c in world["controls"]}
    assert set(declared) - set(by_address) == {"format", "name", "title", "network", "plugins", "start_date"}
    assert by_address["operations.surge.officers"]["value"] == 321
    assert "officers = 321" in world["toml"]
    for address, control in by_address.items():
        value, about = declared[address]
        assert (control["low"], control["high"], control["meaning"]) == (about.low, about.high, about.meaning)
        plain = list(value) if isinstance(value, tuple) else value
        assert address == "operations.surge.officers" or control["value"] == plain
    assert by_address["operations.surge.target.routes"]["options"] == ["Central", "East", "West"]
    assert by_address["operations.surge.allocation"]["options"] == ["equal", "flow", "police"]


def test_a_message_of_a_setting_that_was_left_is_dropped(client: TestClient) -> None:
    with connect(client) as ws:
        page = Page(ws)
        page.open(run=1)
        page.send(type="month", run=0, month=0)
        page.send(type="month", run=1, month=0)
        assert struct.unpack_from("<2i", page.next("month"))[1] == 1


def test_comparing_goes_on_with_months_and_can_be_ended(client: TestClient) -> None:
    with connect(client) as ws:
        page = Page(ws)
        page.open()
        page.send(type="compare", run=1, replicates=2)
        results = page.next("results", "fault")
        assert results["type"] == "results", results
        assert results["replicates"] == 2 and results["effects"][0]["low"] is not None
        assert sum(row[2] for row in results["fates"]) == pytest.approx(results["people"])
        for fate, by_pair in results["changes"].items():
            net = sum(n * ((b == fate) - (a == fate)) for a, b, n, *_ in results["fates"])
            assert len(by_pair) == 2 and sum(by_pair) / 2 == pytest.approx(net, abs=1e-6)
        page.send(type="compare", run=1, replicates=100)
        page.next("progress")
        page.send(type="month", run=1, month=0)
        page.next("month")
        page.send(type="cancel", run=1)
        page.send(type="month", run=1, month=1)
        while True:  # what was under way may still be told; then there is no more of it
            if not isinstance(page.next("progress", "month"), dict):
                break
        assert page.open(run=2)["run"] == 2


BAD = (
    ('{"type": "month", "run": 1, "month": 99999}', "this run has"),
    ("nonsense", "json"), ("", "json"), ("[" * 20_000, "json"), ("[]", "object"),
    ('{"type": "fly", "run": 1}', "open"),
    ('{"type": "month", "run": 1, "month": "0"}', "is '0'"), ('{"type": "month", "run": 1, "month": NaN}', "is nan"),
    ('{"type": "month", "run": 1, "month": 1e400}', "is inf"),
    ('{"type": "month", "run": 1e30, "month": 0}', "run: is"),
    ('{"type": "month", "run": 1, "month": 0, "day": 3}', "day: is 3; extra"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "seed": -3}', "seed: is -3"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "seed": 1.5}', "seed: is 1.5"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"flow": 1e400}}', "flow: has to be true or"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"flow": {"a": 1}}}', "flow: has to be true or"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"flow": "much"}}', "has to be a number"),
    (json.dumps({"type": "open", "run": 2, "scenario": "classroom", "toml": "a = " + "[" * 3000}), "too deeply"),
    ('{"type": "month"}', "run"), ("x" * 100_000, "may send 65,536"),
    ('{"type": "open", "run": 2, "scenario": "/etc/passwd"}', "is not one of classroom, liberterra"),
    ('{"type": "open", "run": 2, "scenario": "clasroom"}', "is not one of"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"operations.surge.oficers": 2}}', "did you mean"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"operations.surge.officers": -5}}', "at least 0"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"plugins": ["/tmp/x.py"]}}', "cannot be changed"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"network": "/tmp"}}', "cannot be changed"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"flow": 100.0}}', "lower flow"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "changes": {"days": 100000}}', "lower"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "toml": "a = "}', "not valid toml"),
    ('{"type": "open", "run": 2, "scenario": "classroom", "toml": "base = \\"/etc/passwd\\""}', "has to be one of"),
    ('{"type": "open", "run": 2, "scenario": "x", "toml": "name=\\"x\\"\\nnetwork=\\"/tmp\\""}', "waterbed app file"),
    ('{"type": "open", "run": 2, "scenario": "x", "toml": "base=\\"classroom\\"\\nplugins=[\\"x.py\\"]"}', "no code"),
)  # fmt: skip


def test_bad_input_is_told_and_harms_nobody(client: TestClient) -> None:
    with connect(client) as a, connect(client) as b:
        other, page = Page(a), Page(b)
        other.open()
        page.open()
        for message, said in BAD:
            page.ws.send_text(message)
            faults = page.next("fault")["faults"]
            assert said in " ".join(faults).lower(), message
        assert other.month(0), "the other page goes on"
        assert page.open(run=3)["type"] == "ready", "and so can this one"


def test_a_setting_that_is_refused_leaves_the_one_before(client: TestClient) -> None:
    with connect(client) as ws:
        page = Page(ws)
        page.open(run=1)
        first = page.month(0, run=1)
        assert page.open(run=2, changes={"operations.surge.officers": -5})["type"] == "fault"
        assert page.month(0, run=1) == first
        assert struct.unpack_from("<3i", page.month(1, run=1))[1:] == (1, 1)


def test_the_page_is_told_what_acts_and_gets_charts_of_what_can_have_data() -> None:
    from waterbed.app.describe import describe
    from waterbed.app.series import Series
    from waterbed.engine.run import Simulation

    def charts(**changes: Any) -> list[str]:
        scenario, tables = build("classroom", "", changes, "classroom")
        series = Series(scenario, Simulation(scenario, 1))
        assert [about["name"] for about in series.about()] == series.names
        return series.names

    assert charts()[:3] == ["treated", "others", "arrivals"]
    target = "operations.surge.target."
    inland = charts(**{f"{target}routes": [], f"{target}legs": ["Amber > Basin"]})
    assert inland[:2] == ["crossings", "arrivals"] and not {"treated", "others"} & set(inland)
    everywhere = charts(**{f"{target}routes": ["West", "Central", "East"]})
    assert "crossings" in everywhere and "others" not in everywhere

    scenario, tables = build("mediterranean", "", {"operations.libya_2017.officers": 600}, "classroom")
    on = [m["name"] for m in describe(scenario, tables, "mediterranean")["measures"] if m["on"]]
    assert on == ["libya_2017"] and len(scenario.operations) + len(scenario.policies) > 5
    scenario, tables = build("mediterranean", "", {"policies.evros_2012.cost": 5.0}, "classroom")
    assert not any(m["on"] for m in describe(scenario, tables, "mediterranean")["measures"])
    scenario, tables = build("mediterranean", "", {"policies.evros_2012.push": -0.1}, "classroom")
    assert [m["name"] for m in describe(scenario, tables, "x")["measures"] if m["on"]] == ["evros_2012"]


def test_what_is_larger_than_any_message_closes_its_own_socket_alone() -> None:
    """Through a real socket: the test client knows no limit."""
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect as dial

    command = [sys.executable, "-m", "waterbed", "app", "classroom", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
            address = url.replace("http", "ws") + "/socket"
            with dial(address, origin=url) as other, dial(address, origin=url) as ours:  # type: ignore[arg-type]
                with pytest.raises(ConnectionClosed) as closed:
                    ours.send("x" * 5_000_000)
                    ours.recv(timeout=60)
                assert closed.value.rcvd is not None and closed.value.rcvd.code == 1009
                other.send("x" * 100_000)
                assert "may send 65,536" in json.loads(other.recv(timeout=60))["faults"][0]
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0


def test_the_server_ends_quietly_with_pages_open_and_tells_what_is_no_text_in_a_line() -> None:
    from websockets.exceptions import ConnectionClosed
    from websockets.sync.client import connect as dial

    command = [sys.executable, "-m", "waterbed", "app", "classroom", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        url = next(word for word in process.stdout.readline().split() if word.startswith("http"))
        address = url.replace("http", "ws") + "/socket"
        with dial(address, origin=url), dial(address, origin=url) as ours:  # type: ignore[arg-type]
            ours.send(b"\xff\xfe", text=True)
            with pytest.raises(ConnectionClosed) as closed:
                ours.recv(timeout=60)
            assert closed.value.rcvd is not None and closed.value.rcvd.code == 1007
            process.send_signal(signal.SIGTERM)  # while models may still be made
            assert process.wait(30) == 0
        said = process.stderr.read()
    assert "Invalid UTF-8" in said and "Traceback" not in said and "Cancel" not in said


def test_a_scenario_from_a_page(client: TestClient) -> None:
    with connect(client) as ws:
        page = Page(ws)
        toml = 'name = "mine"\nbase = "classroom"\n[operations.surge]\nofficers = 77\n'
        page.send(type="open", run=1, scenario="classroom", toml=toml, changes=QUICK)
        world = page.next("world", "fault")
        assert world["type"] == "world" and world["name"] == "mine"
        assert next(c for c in world["controls"] if c["address"] == "operations.surge.officers")["value"] == 77


@pytest.mark.parametrize("headers", [
    {}, {"origin": "http://evil.example"}, {"origin": "http://127.0.0.1:9999"}, {"origin": "null"},
    {"origin": "http://evil.example", "host": "evil.example"}, {"origin": f"https://{HOST}"},
])  # fmt: skip
def test_a_socket_from_another_page_is_refused(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), connect(client, headers):
        pass


def test_another_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/", headers={"host": "evil.example:8765"}).status_code == 421
    page = client.get("/")
    assert page.status_code == 200 and "default-src 'none'" in page.headers["content-security-policy"]
    assert client.get("/static/../server.py").status_code == 404
    assert client.get("/static/%2e%2e%2fserver.py").status_code == 404


def test_more_pages_than_may_be_are_told_so(client: TestClient) -> None:
    with connect(client) as a, connect(client), connect(client):
        with connect(client) as fourth:
            assert Page(fourth).next("full")["most"] == 3
            with pytest.raises(WebSocketDisconnect) as closed:
                Page(fourth).next("world")
            assert closed.value.code == 4429
        assert Page(a).open()["type"] == "ready"
    # A place that has become free is given to the next.
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connect(client) as ws:
            page = Page(ws)
            page.send(type="open", run=1, scenario="classroom", changes=QUICK)
            if page.next("ready", "full")["type"] == "ready":
                return
    pytest.fail("no place became free")


def test_a_model_that_ends_is_told_of(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    take = Sessions.take

    async def noted(self: Sessions) -> Any:
        worker = await take(self)
        made.append(worker)
        return worker

    monkeypatch.setattr(Sessions, "take", noted)
    with connect(client) as a, connect(client) as b:
        page, other = Page(a), Page(b)
        page.open()
        other.open()
        os.kill(made[0].process.pid, signal.SIGKILL)
        assert "ended unexpectedly" in page.next("fault")["faults"][0]
        assert other.month(0)


def test_a_busy_port_says_which_is_free() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(InputError) as caught:
            server.listen(port)
    assert f"--port: {port} cannot be used" in str(caught.value)
    offered = int(str(caught.value).rsplit(" ", 1)[1])
    server.listen(offered).close()


def test_a_missing_extra_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "find_spec", lambda name: None if name == "uvicorn" else object())
    with pytest.raises(InputError, match=r"needs uvicorn; install .* pip install 'waterbed\[app\]'"):
        server.serve("classroom")


def test_only_loopback_is_listened_on() -> None:
    listening = server.listen(0)
    assert listening.getsockname()[0] == "127.0.0.1"
    listening.close()


def test_a_dark_screen_has_every_colour_that_paper_has(client: TestClient) -> None:
    sheet = client.get("/theme.css").text
    light, dark = (set(re.findall(r"--([\w-]+):", part)) for part in sheet.split("@media"))
    assert light == dark >= {"paper", "ink", "with", "without", "route-0", "fate-dead"}
    used = set(re.findall(r"var\(--([\w-]+)\)", client.get("/static/app.css").text))
    assert used <= light
