"""Mesa's own batch_run over the model: the same addresses, as keywords."""

from __future__ import annotations

from typing import Any

import mesa

import waterbed as wb

QUICK = {"flow": 0.1, "days": 60, "burn_in": 20, "operations.surge.start": 10}


def sweep(levels: list[int], seeds: list[int]) -> list[dict[str, Any]]:
    """One row a run, with what the model's data collector holds at the end."""
    parameters = {"scenario": "classroom", **{k: [v] for k, v in QUICK.items()}, "operations.surge.officers": levels}
    return mesa.batch_run(wb.SmugglingModel, parameters, number_processes=1, rng=seeds, max_steps=QUICK["days"],
                          display_progress=False)  # fmt: skip


if __name__ == "__main__":
    for row in sweep([0, 100, 200], [1, 2]):
        print(row)
