"""Daily courses of both worlds, and of their difference within pairs, as bands over runs; legs by their change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .effects import resamples, trailing_mean
from .reduce import Reduced

if TYPE_CHECKING:
    import pandas as pd

    from ..network import RouteNetwork

BANDS = (0.5, 0.25, 0.75, 0.05, 0.95)


def timelines(reduced: list[Reduced]) -> pd.DataFrame:
    """Trailing 7-day means: day, series, world, median, low50, high50, low90, high90 (people a day)."""
    import pandas as pd

    parts = []
    for name in reduced[0].series:
        pair = trailing_mean(np.stack([r.series[name] for r in reduced]))
        for world, values in (("with", pair[:, 0]), ("without", pair[:, 1]), ("difference", pair[:, 0] - pair[:, 1])):
            bands = np.quantile(values, BANDS, axis=0)
            part = pd.DataFrame(bands.T, columns=["median", "low50", "high50", "low90", "high90"])
            part.insert(0, "world", world)
            part.insert(0, "series", name)
            part.insert(0, "day", np.arange(values.shape[1]))
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def legs_table(reduced: list[Reduced], network: RouteNetwork, seed: int) -> pd.DataFrame:
    """Crossings by leg in both worlds, in people over the window, with the 90 % interval of the mean change."""
    import pandas as pd

    flows = np.stack([r.legs for r in reduced])
    change = flows[:, 0] - flows[:, 1]
    n = len(reduced)
    boot = resamples(n, seed) @ change / n if n > 1 else np.full((1, change.shape[1]), np.nan)
    sets = reduced[0].sets
    part = np.full(change.shape[1], "", dtype=object)
    for name in ("control", "buffer", "treated"):
        part[getattr(sets, name)] = name
    legs = network.legs
    table = pd.DataFrame(
        {"leg": network.leg_names} | {c: legs[c].to_numpy() for c in ("tail", "head", "mode", "route")}
    )
    at = network.places.set_index("name")
    for end in ("tail", "head"):
        for axis in ("lat", "lon"):
            table[f"{end}_{axis}"] = at[axis].reindex(table[end]).to_numpy()
    return table.assign(
        part=part,
        counted=legs["counted"].to_numpy(),
        with_=flows[:, 0].mean(axis=0),
        without=flows[:, 1].mean(axis=0),
        difference=change.mean(axis=0),
        low=np.quantile(boot, 0.05, axis=0),
        high=np.quantile(boot, 0.95, axis=0),
    ).rename(columns={"with_": "with"})
