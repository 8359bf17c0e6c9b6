"""Studies in trouble, with real processes: killed, interrupted, out of room, two at once. Nothing is lost, nothing
stands twice, and what comes out in the end is what an undisturbed study gives."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import waterbed as wb
from known_functions import sobol_g
from studies import children, function, lives, officers, run, start
from waterbed.study import claims, runner, store
from waterbed.study.store import Store
from waterbed.study.worker import Rows

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
MANY = officers(replicates=60, levels=(0, 30, 60, 90))
RUNS = 240
"""Enough for processes to be worth their start."""


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("undisturbed")
    (folder / "s.toml").write_text(MANY)
    done = run("study", "s.toml", "--workers", "2", "--out", "out", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["digest"])


def stored(folder: Path) -> dict[str, float]:
    """Seconds by key of all rows that succeeded; a key that stands twice would show in :func:`rows`."""
    tables = [
        pq.read_table(path, columns=["key", "status", "seconds"]).to_pandas() for path in folder.glob("*.parquet")
    ]
    table = pd.concat(tables) if tables else pd.DataFrame(columns=["key", "status", "seconds"])
    return dict(zip(table["key"][table["status"] == "ok"], table["seconds"], strict=False))


def wait_for(condition: Callable[[], bool], seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)


def begun(folder: Path, least: int = 8) -> subprocess.Popen[str]:
    (folder / "s.toml").write_text(MANY)
    process = start("study", "s.toml", "--workers", "2", "--out", "out", cwd=folder)
    wait_for(lambda: len(list((folder / "out" / "store").glob("*.parquet"))) > 3 and rows(folder) >= least)
    return process


def rows(folder: Path) -> int:
    try:
        return len(stored(folder / "out" / "store"))
    except FileNotFoundError:  # merged away between listing and reading
        return 0


def finish(folder: Path, before: dict[str, float], undisturbed: str) -> None:
    """Resume: what was stored is kept as it was, the rest is run, and the digest is that of an undisturbed study."""
    done = run("study", "s.toml", "--workers", "2", "--out", "out", "--json", cwd=folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["digest"] == undisturbed
    after = stored(folder / "out" / "store")
    assert len(after) == RUNS and len(pd.read_parquet(folder / "out" / "runs.parquet")) == RUNS
    assert {key: after[key] for key in before} == before
    files = list((folder / "out" / "store").glob("*.parquet"))
    assert sum(pq.read_metadata(path).num_rows for path in files) == RUNS


@LINUX
def test_kill_9_of_the_parent(tmp_path: Path, undisturbed: str) -> None:
    process = begun(tmp_path)
    workers = children(process.pid)
    process.kill()
    process.communicate()
    before = stored(tmp_path / "out" / "store")
    assert 0 < len(before) < RUNS
    wait_for(lambda: not any(lives(pid) for pid in workers), 20.0)
    status = run("study", "s.toml", "--status", "--out", "out", cwd=tmp_path)
    assert status.stdout == f"officers: {len(before)} of {RUNS} runs done, 0 failed, {RUNS - len(before)} left\n"
    finish(tmp_path, before, undisturbed)


@LINUX
def test_kill_9_of_a_pool_worker_is_mended_by_the_study_itself(tmp_path: Path, undisturbed: str) -> None:
    process = begun(tmp_path)
    workers = [pid for pid in children(process.pid) if "spawn_main" in Path(f"/proc/{pid}/cmdline").read_text()]
    os.kill(workers[0], signal.SIGKILL)
    output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    finish(tmp_path, stored(tmp_path / "out" / "store"), undisturbed)


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_study_says_how_to_go_on_and_does(
    tmp_path: Path, undisturbed: str, sent: signal.Signals
) -> None:
    process = begun(tmp_path)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted" in errors and f"of {RUNS} runs were done and stored in out" in errors
    assert not list((tmp_path / "out" / "store").glob(".*.part"))
    finish(tmp_path, stored(tmp_path / "out" / "store"), undisturbed)


def test_a_truncated_part_is_set_aside_and_run_again(tmp_path: Path) -> None:
    study = wb.Study.parse(function(points=64), model=sobol_g_of_x)
    first = study.run(tmp_path, workers=1)
    path = next((tmp_path / "store").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-100])
    again = study.run(tmp_path, workers=1)
    assert again.damaged == [path.name] and path.with_suffix(".damaged").exists()
    assert again.digest == first.digest


def damage(path: Path, column: str) -> None:
    """Turn eight bytes in the middle of a column's pages."""
    names = pq.read_schema(path).names
    about = pq.read_metadata(path).row_group(0).column(names.index(column))
    content = bytearray(path.read_bytes())
    middle = about.data_page_offset + about.total_compressed_size * 2 // 3
    content[middle : middle + 8] = (byte ^ 0xFF for byte in content[middle : middle + 8])
    path.write_bytes(content)


def test_a_damaged_page_of_an_effect_is_set_aside_and_run_again(tmp_path: Path) -> None:
    study = wb.Study.parse(function(points=64), model=sobol_g_of_x)
    first = study.run(tmp_path, workers=1)
    path = next((tmp_path / "store").glob("*.parquet"))
    damage(path, "y|||value")
    again = study.run(tmp_path, workers=1)
    assert again.damaged == [path.name] and path.with_suffix(".damaged").exists()
    assert (again.results.status == "ok").all() and again.digest == first.digest


def test_tables_are_never_saved_without_what_cannot_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = wb.Study.parse(function(points=16), model=sobol_g_of_x)
    write = store._write

    def spoilt(table: pa.Table, path: Path) -> None:
        write(table, path)
        damage(path, "y|||value")

    monkeypatch.setattr(store, "_write", spoilt)
    with pytest.raises(OSError, match="32 of 32 runs cannot be read again"):
        study.run(tmp_path, workers=1)
    assert not (tmp_path / "runs.parquet").exists()


def test_a_file_that_another_process_set_aside_counts_no_more(tmp_path: Path) -> None:
    study = wb.Study.parse(function(points=16), model=sobol_g_of_x)
    study.run(tmp_path, workers=1)
    mine = Store(tmp_path / "store")
    path = next((tmp_path / "store").glob("*.parquet"))
    damage(path, "y|||value")
    theirs = Store(tmp_path / "store")
    theirs.table(["y|||value"])
    assert theirs.damaged and not theirs.ok
    assert len(mine.ok) == 32
    mine.reread()
    assert not mine.ok


def test_the_newest_failure_is_told_whatever_its_file_is_called(tmp_path: Path) -> None:
    kept = Store(tmp_path)
    for error, name in (("old", "z"), ("new", "a")):
        rows = Rows()
        rows.add("key", 1, 0.0, {}, error)
        kept.add(rows, "v")
        (part,) = tmp_path.glob("part-*.parquet")
        part.rename(tmp_path / f"{name}.parquet")
    assert kept.table(["error"])["error"].to_pylist() == ["new"]
    kept.compact(all_of_it=True)
    assert kept.table(["error"])["error"].to_pylist() == ["new"]


def sobol_g_of_x(values: dict[str, float], seed: int) -> dict[str, float]:
    return sobol_g({f"x{i}": values["x"] for i in range(4)}, seed)


def test_a_full_disk_keeps_what_is_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "BATCH", 0.0)  # a part a run
    study = wb.Study.parse(function(points=16), model=sobol_g_of_x)
    whole = study.run(workers=1).digest
    real, written = store.whole, []

    def until_full(path: Path, write: Callable[[Path], None]) -> None:
        def fill(temporary: Path) -> None:
            write(temporary)
            written.append(path)
            if len(written) > 5:
                temporary.write_bytes(temporary.read_bytes()[:50])
                raise OSError(errno.ENOSPC, "No space left on device")

        real(path, fill)

    monkeypatch.setattr(store, "whole", until_full)
    with pytest.raises(OSError) as full:
        study.run(tmp_path, workers=1)
    assert full.value.errno == errno.ENOSPC and full.value.filename == str(written[-1])
    assert written[-1].parent == tmp_path / "store"
    kept = Store(tmp_path / "store")
    assert len(kept.ok) == 5 and not kept.damaged and not list(tmp_path.rglob("*.part"))
    monkeypatch.setattr(store, "whole", real)
    assert study.run(tmp_path, workers=1).digest == whole


LOGGED = """
import os, sys, time
sys.path.insert(0, {tests!r})
from studies import function
import waterbed as wb

def logged(values, seed):
    with open({log!r}, "a") as file:
        file.write(f"{{values['x']!r}} {{seed}}\\n")
    time.sleep(0.01)
    return {{"y": values["x"]}}

if __name__ == "__main__":
    study = wb.Study.parse(function(points={points}, replicates=4), model=logged)
    print(study.run({out!r}, store={store!r}, workers=2).digest)
"""


def test_two_studies_at_once_on_one_store_run_nothing_twice(tmp_path: Path) -> None:
    log, scripts = tmp_path / "log", []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        script = tmp_path / name / "logged.py"  # one name, so that both functions are one model
        where = {"out": str(tmp_path / name / "out"), "store": str(tmp_path / "store")}
        script.write_text(LOGGED.format(tests=str(Path(__file__).parent), log=str(log), points=64, **where))
        scripts.append(script)
    both = [subprocess.Popen([sys.executable, str(s)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            for s in scripts]  # fmt: skip
    done = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], [errors for _, errors in done]
    assert len({output for output, _ in done}) == 1
    times = Counter(log.read_text().splitlines())
    assert len(times) == 256 and set(times.values()) == {1}


@LINUX
def test_a_kill_costs_no_more_than_what_the_workers_had_in_hand(tmp_path: Path) -> None:
    log, script = tmp_path / "log", tmp_path / "logged.py"
    script.write_text(LOGGED.format(tests=str(Path(__file__).parent), log=str(log), out=str(tmp_path / "out"),
                                    store=str(tmp_path / "store"), points=256))  # fmt: skip
    process = subprocess.Popen([sys.executable, str(script)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: log.exists() and len(log.read_text().splitlines()) > 400)
    process.kill()
    process.wait()
    time.sleep(3.0)  # its workers go with it
    subprocess.run([sys.executable, str(script)], check=True, capture_output=True, timeout=120)
    times = Counter(log.read_text().splitlines())
    assert len(times) == 1024 and max(times.values()) <= 2
    again = sum(n > 1 for n in times.values())
    assert again * 0.01 <= 2 * runner.BATCH, again  # two workers, 10 ms a run


def test_a_claim_of_a_dead_process_counts_no_more(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", "pass"])
    gone.wait()
    mine, theirs = claims.Claims(tmp_path), claims.Claims(tmp_path)
    theirs.take(["a", "b"], set)
    assert mine.take(["a", "c", "d"], lambda: {"d"}) == ({"c"}, {"a"})
    host, _, name = theirs._file.name.split("~")
    theirs._file.rename(theirs._file.with_name(f"{host}~{gone.pid}~{name}"))
    assert mine.take(["a"], set) == ({"a"}, set())


def test_a_claim_that_another_machine_removed_is_made_again_and_kept_alive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claims, "BEAT", 0.05)
    mine = claims.Claims(tmp_path)
    mine.take(["a"], set)
    mine._file.unlink()
    mine.touch()
    assert mine._file.read_text() == "a"
    os.utime(mine._file, (0, 0))
    wait_for(lambda: time.time() - mine._file.stat().st_mtime < claims.STALE, 5.0)
    mine.close()
    time.sleep(0.2)
    assert not mine._file.exists()


UNGUARDED = """
from studies import officers
import waterbed as wb
from waterbed.study import runner

runner._START = 0.0
wb.Study.parse(officers()).run(workers=2)
"""


def test_a_script_that_runs_on_import_is_told_so(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(UNGUARDED)
    path = {**os.environ, "PYTHONPATH": str(Path(__file__).parent)}
    done = subprocess.run([sys.executable, "script.py"], cwd=tmp_path, env=path, capture_output=True, text=True,
                          timeout=120, check=False)  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith("(put its work under: if __name__ == '__main__':)"), done.stderr
