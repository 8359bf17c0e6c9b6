"""A study on a Dask cluster of real processes, one of which is killed; skipped without ``distributed``."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import waterbed as wb
from studies import officers, run, start

pytest.importorskip("distributed", reason="needs the extra dask")
MANY = officers(replicates=40, levels=(0, 30, 60, 90))
RUNS = 160


class Cluster:
    """A scheduler and two workers, each a process."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{self.port}"
        self._folder = folder
        at = ("--host", "127.0.0.1", "--port", str(self.port))
        self.scheduler = self._start("dask_scheduler", *at, "--no-dashboard")
        self.workers: list[subprocess.Popen[bytes]] = []
        self.grow(workers)

    def grow(self, workers: int) -> None:
        self.workers += [self._start("dask_worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                     "--death-timeout", "20") for _ in range(workers)]  # fmt: skip

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{what}", *arguments]
        return subprocess.Popen(command, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def close(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("here")
    (folder / "s.toml").write_text(MANY)
    done = run("study", "s.toml", "--workers", "1", "--out", "out", "--json", cwd=folder)
    return str(json.loads(done.stdout)["digest"])


def begun(cluster: Cluster, folder: Path) -> subprocess.Popen[str]:
    (folder / "s.toml").write_text(MANY)
    process = start("study", "s.toml", "--dask", cluster.address, "--out", "out", "--json", cwd=folder)
    end = time.monotonic() + 120
    while len(list((folder / "out" / "store").glob("*.parquet"))) < 4:
        assert time.monotonic() < end and process.poll() is None, process.communicate()
        time.sleep(0.05)
    return process


def test_a_dask_worker_is_killed_and_the_study_goes_on(cluster: Cluster, tmp_path: Path, undisturbed: str) -> None:
    process = begun(cluster, tmp_path)
    cluster.workers[0].send_signal(signal.SIGKILL)
    output, errors = process.communicate(timeout=200)
    assert process.returncode == 0, errors
    assert json.loads(output)["digest"] == undisturbed


def test_the_scheduler_is_killed_and_the_study_resumes(cluster: Cluster, tmp_path: Path, undisturbed: str) -> None:
    process = begun(cluster, tmp_path)
    cluster.scheduler.send_signal(signal.SIGKILL)
    _, errors = process.communicate(timeout=200)
    assert process.returncode == 1
    assert f"of {RUNS} runs were done and stored in out; the same command goes on from there" in errors
    assert len(errors.splitlines()) == 1, errors
    before = sum(pq.read_metadata(path).num_rows for path in (tmp_path / "out" / "store").glob("*.parquet"))
    assert 0 < before < RUNS
    cluster.close()
    again = Cluster(tmp_path)
    try:
        done = run("study", "s.toml", "--dask", again.address, "--out", "out", "--json", cwd=tmp_path)
    finally:
        again.close()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["digest"] == undisturbed


def test_a_cluster_without_workers_is_said_and_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from waterbed.study import pools, runner

    monkeypatch.setattr(runner, "_BEAT", 0.5)
    bare = Cluster(tmp_path, workers=0)
    told: list[str] = []

    def note(tally: runner.Tally) -> None:
        if tally.waiting and not bare.workers:
            bare.grow(1)
        told.append(tally.waiting)

    try:
        with pools.dask(bare.address) as executor:
            result = wb.Study.parse(officers(2)).run(executor=executor, progress=note)
    finally:
        bare.close()
    assert not result.failed and any("has no workers" in said for said in told) and not told[-1]


def test_nobody_at_the_address_is_said(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(officers(1))
    done = run("study", "s.toml", "--dask", "tcp://127.0.0.1:9", "--out", "out", cwd=tmp_path)
    assert done.returncode == 2 and "no scheduler answers there" in done.stderr
    assert not (tmp_path / "out").exists()
