"""The command line in trouble: interrupted, killed, disk full, nobody reading. And a whole comparison, end to end."""

from __future__ import annotations

import json
import os
import pty
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "waterbed"]
SHORT = ("days=500", "burn_in=60", "operations.surge.start=100", "compare.fate_days=120", "compare.lead_days=60")
SMALL = ["classroom", *(part for setting in SHORT for part in ("--set", setting))]


def run(*arguments: str, cwd: Path, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, timeout=300, check=False, **more
    )  # type: ignore[call-overload,no-any-return]


def test_compare_leaves_the_promised_files_and_json(tmp_path: Path) -> None:
    done = run("compare", *SMALL, "--replicates", "3", "--workers", "1", "--trace", "2", "--json", "--csv",
               "--out", "twin", cwd=tmp_path)  # fmt: skip
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert {"arrivals_lost", "displacement_spatial"} <= {row["effect"] for row in result["effects"]}
    assert len({row["person"] for row in result["diaries"]}) == 2
    present = {path.relative_to(tmp_path / "twin").as_posix() for path in (tmp_path / "twin").rglob("*")}
    assert {"provenance.json", "effects.csv", "fates.csv", "operation.csv", "legs.geojson", "report.html", "figures",
            "diaries.parquet", "timelines.csv"} <= present  # fmt: skip
    assert not [name for name in present if name.endswith(".part")]

    refused = run("compare", *SMALL, "--replicates", "1", "--out", "twin", cwd=tmp_path)
    assert refused.returncode == 2 and "--force" in refused.stderr
    again = run("report", "twin", cwd=tmp_path)
    assert again.returncode == 0 and "report.html" in again.stdout


def test_run_with_both_engines_gives_one_digest(tmp_path: Path) -> None:
    settings = [part for setting in ("days=20", "burn_in=5", "operations.surge.start=8", "flow=0.2")
                for part in ("--set", setting)]  # fmt: skip
    digests = set()
    for engine in ("compiled", "mesa"):
        done = run("run", "classroom", *settings, "--engine", engine, "--json", "--out", engine, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        digests.add(json.loads(done.stdout)["digest"])
        about = json.loads((tmp_path / engine / "provenance.json").read_text())
        assert about["run_digest"] in digests
    assert len(digests) == 1


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_comparison_keeps_what_is_done_and_says_so(tmp_path: Path, sent: signal.Signals) -> None:
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "compare", *SMALL, "--replicates", "4000", "--workers", "2", "--out", "twin"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=end, text=True, start_new_session=True,
    )  # fmt: skip
    os.close(end)
    seen = b""
    try:
        # On a terminal the progress shows; once it counts, the workers are at work.
        while not any(int(n) >= 6 for n in re.findall(rb"(\d+)/4000", seen)):
            seen += os.read(terminal, 4096)
        # As a terminal does it, Ctrl-C goes to the whole group, workers included.
        (os.killpg if sent == signal.SIGINT else os.kill)(process.pid, sent)
        try:
            while more := os.read(terminal, 4096):
                seen += more
        except OSError:  # the other end was closed
            pass
        process.communicate(timeout=60)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        os.close(terminal)
    said = seen.decode("utf-8", "replace")
    assert process.returncode == 130, said
    assert "Traceback" not in said
    about = json.loads((tmp_path / "twin" / "provenance.json").read_text())
    assert 6 <= about["replicates"] < 4000
    assert f"{about['replicates']} of 4000" in said and "--force" in said


def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*COMMAND, "compare", *SMALL, "--replicates", "4000", "--workers", "2", "--out", "twin"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip

    def children() -> list[int]:
        return [int(n) for n in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]

    def alive(pid: int) -> bool:
        stat = Path(f"/proc/{pid}/stat")
        return stat.exists() and stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"

    try:
        # The resource tracker of multiprocessing, which ends by itself, and a worker beside the parent.
        wait_until(lambda: process.poll() is not None or len(children()) == 2)
        left = children()
        time.sleep(2)
        process.kill()
        process.wait()
        wait_until(lambda: not any(alive(pid) for pid in left))
    finally:
        process.kill()
    assert list(tmp_path.iterdir()) == []


def wait_until(true: Callable[[], bool], seconds: float = 240) -> None:
    """Wait for something that has to become true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_full_disk_is_one_clear_message(tmp_path: Path) -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024))

    done = run("run", *SMALL, "--out", "run", cwd=tmp_path, preexec_fn=limit)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and "run it again" in done.stderr
    assert ".parquet: " in done.stderr and ".part" not in done.stderr.replace(".parquet", "")
    assert len(done.stderr.splitlines()) <= 2
    left = [path.name for path in (tmp_path / "run").rglob("*")] if (tmp_path / "run").exists() else []
    assert "provenance.json" not in left and not [name for name in left if name.endswith(".part")]


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for out, code in (("file", 2), ("file/inside", 1), ("/proc/waterbed", 1)):
        done = run("run", *SMALL, "--out", out, cwd=tmp_path)
        assert done.returncode == code, done.stderr
        assert done.stdout == "" and "Traceback" not in done.stderr and out.split("/")[-1] in done.stderr


def test_refused_input_leaves_no_folder(tmp_path: Path) -> None:
    done = run("compare", "classroom", "--set", "days=400", "--replicates", "1", "--out", "a/b", cwd=tmp_path)
    assert done.returncode == 2 and "days" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_fault(tmp_path: Path) -> None:
    done = subprocess.run(
        f"{sys.executable} -m waterbed scenario liberterra --resolved | head -1", shell=True, cwd=tmp_path,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""


def test_help_imports_nothing_of_weight() -> None:
    """What makes the answer quick; the ratio of times itself is measured in benchmarks/start.py."""
    script = (
        "import runpy, sys\nsys.argv = ['waterbed', '--help']\n"
        "try:\n    runpy.run_module('waterbed', run_name='__main__')\n"
        "except SystemExit:\n    print('\\n'.join(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    shown = set(done.stderr.split())
    assert "compare" in done.stdout and "waterbed.cli" in shown
    assert not shown & {"numpy", "numba", "pandas", "mesa", "matplotlib", "pydantic", "pyarrow", "networkx", "SALib"}
