"""The workload in mesa-frames 0.1.0a0, run by its own Python: frames_peer.py FOLDER MIGRANTS DAYS SEED."""

import sys
import time

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF


class Walkers(AgentSetPolars):
    def __init__(self, model, migrants):
        super().__init__(model)
        start = model.random.choice(model.tables["origins"], migrants)
        self += pl.DataFrame({
            "unique_id": np.arange(migrants), "place": start, "leg": np.full(migrants, -1),
            "due": np.zeros(migrants, int),
        })  # fmt: skip

    def step(self):
        model, t = self.model, self.model.tables
        n = len(self.agents)
        u, v, w = model.random.random((3, n))
        place, leg, due = (self.agents[name].to_numpy() for name in ("place", "leg", "due"))
        waiting = leg < 0
        leaving = waiting & (u < 0.3)
        ending = ~waiting & (due <= model.day)
        dead = ending & (u < 0.005)
        caught = ending & ~dead & (v < 0.05)
        through = ending & ~dead & ~caught
        for column, mask in enumerate((through, caught, dead)):
            model.counts[:, column] += np.bincount(leg[mask], minlength=len(model.counts))
        there = np.where(through, t["head"][np.maximum(leg, 0)], place)
        over = dead | (through & t["is_destination"][there])
        again = model.random.choice(t["origins"], n)
        # Cumulative probabilities plus the number of the place are one sorted table for all places.
        chosen = np.searchsorted(model.ladder, place + v, side="right")
        chosen = np.minimum(chosen, t["first"][place + 1] - 1)
        self.agents = self.agents.with_columns(
            place=pl.Series(np.where(over, again, there)),
            leg=pl.Series(np.where(leaving, chosen, np.where(ending, -1, leg))),
            due=pl.Series(np.where(leaving, model.day + t["days"][chosen], due)),
        )


class Walk(ModelDF):
    def __init__(self, tables, migrants, seed):
        super().__init__(seed)
        self.tables, self.day = tables, 0
        self.counts = np.zeros((len(tables["head"]), 3), int)
        tail = np.repeat(np.arange(len(tables["first"]) - 1), np.diff(tables["first"]))
        self.ladder = tail + tables["cumulative"]
        self.agents += Walkers(self, migrants)


def main(folder, migrants, days, seed):
    tables = dict(np.load(f"{folder}/tables.npz"))
    model = Walk(tables, int(migrants), int(seed))
    began = time.perf_counter()
    for model.day in range(int(days)):
        model.agents.do("step")
    np.savez(f"{folder}/found.npz", seconds=time.perf_counter() - began, counts=model.counts)


if __name__ == "__main__":
    main(*sys.argv[1:])
