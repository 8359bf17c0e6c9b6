"""The workload in its peers: C (the reference), Mesa with `do` and `shuffle_do`, mesa-frames.

Each gives (seconds of the days alone, counts [leg, (crossings, detections, deaths)]).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import mkdtemp

import mesa
import numpy as np
from workload import DEATH, DETECTION, LEAVE, Tables

HERE = Path(__file__).parent
type Measured = tuple[float, np.ndarray]


def compiler() -> str | None:
    """The C compiler, if there is one."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def build_reference() -> Path:
    """Compile the reference; raises RuntimeError without a compiler."""
    cc = compiler()
    if cc is None:
        raise RuntimeError("no C compiler (cc, gcc or clang) on PATH")
    program = Path(mkdtemp(prefix="waterbed-c-")) / "reference"
    subprocess.run([cc, "-O3", "-march=native", "-o", program, HERE / "reference.c"], check=True)
    return program


def write_tables(t: Tables, path: Path) -> None:
    """The tables as the reference reads them: 8-byte integers, then the cumulative probabilities."""
    whole = [len(t.is_destination), len(t.head), len(t.origins)], t.head, t.days, t.first, t.origins, t.is_destination
    path.write_bytes(b"".join(np.asarray(part, np.int64).tobytes() for part in whole) + t.cumulative.tobytes())


def run_reference(program: Path, t: Tables, migrants: int, days: int, seed: int) -> Measured:
    """The reference in C."""
    path = program.parent / "tables"
    write_tables(t, path)
    told = subprocess.run([program, path, str(migrants), str(days), str(seed)], check=True, capture_output=True)
    lines = told.stdout.decode().split("\n")
    counts = np.array([line.split() for line in lines[1:] if line], np.int64)
    return float(lines[0]), counts


class Walker(mesa.Agent):
    """A migrant as one writes it in Mesa."""

    def __init__(self, model: Walk) -> None:
        super().__init__(model)
        self.leg = -1
        self.due = 0
        self.start()

    def start(self) -> None:
        self.place = self.model.random.choice(self.model.origins)

    def step(self) -> None:
        model, random = self.model, self.model.random
        if self.leg < 0:
            if random.random() < LEAVE:
                self.leg = random.choices(model.legs[self.place], cum_weights=model.cumulative[self.place])[0]
                self.due = model.day + model.days[self.leg]
        elif model.day >= self.due:
            leg, self.leg = self.leg, -1
            if random.random() < DEATH:
                model.counts[leg][2] += 1
                self.start()
            elif random.random() < DETECTION:
                model.counts[leg][1] += 1
            else:
                model.counts[leg][0] += 1
                self.place = model.head[leg]
                if model.is_destination[self.place]:
                    self.start()


class Walk(mesa.Model):
    """The workload in Mesa 3.5."""

    def __init__(self, t: Tables, migrants: int, rng: int) -> None:
        super().__init__(rng=rng)
        self.day = 0
        self.origins, self.head, self.days = t.origins.tolist(), t.head.tolist(), t.days.tolist()
        self.is_destination = t.is_destination.tolist()
        spans = [range(a, b) for a, b in zip(t.first, t.first[1:], strict=False)]
        self.legs = [list(span) for span in spans]
        self.cumulative = [t.cumulative[span.start : span.stop].tolist() for span in spans]
        self.counts = [[0, 0, 0] for _ in self.head]
        Walker.create_agents(self, migrants)


def run_mesa(t: Tables, migrants: int, days: int, seed: int, method: str = "shuffle_do") -> Measured:
    """Mesa, all agents activated each day by ``do`` or ``shuffle_do``."""
    model = Walk(t, migrants, seed)
    activate = getattr(model.agents, method)
    began = time.perf_counter()
    for model.day in range(days):
        activate("step")
    return time.perf_counter() - began, np.array(model.counts)


def frames_python() -> Path:
    """A Python with mesa-frames, in an environment of its own under the user's cache; made at first need."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "waterbed" / "mesa-frames"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "mesa-frames==0.1.0a0"], check=True,
                       capture_output=True)  # fmt: skip
    return python


def run_frames(python: Path, t: Tables, migrants: int, days: int, seed: int) -> Measured:
    """mesa-frames, in a process of its own."""
    folder = Path(mkdtemp(prefix="waterbed-frames-"))
    np.savez(folder / "tables.npz", **t.__dict__)
    subprocess.run(
        [python, HERE / "frames_peer.py", folder, str(migrants), str(days), str(seed)], check=True, capture_output=True
    )
    found = np.load(folder / "found.npz")
    return float(found["seconds"]), found["counts"]
