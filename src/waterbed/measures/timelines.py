"""Daily courses of both worlds and of their difference within pairs, as bands over runs; legs by their change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .course import trailing_mean
from .intervals import BAND, resamples
from .reduce import Reduced

if TYPE_CHECKING:
    import pandas as pd

    from ..network import RouteNetwork

BANDS = {"median": 0.5, "low50": 0.25, "high50": 0.75, "low90": 0.05, "high90": 0.95}


def timelines(reduced: list[Reduced]) -> pd.DataFrame:
    """Trailing 7-day means: day, series, world, median, low50, high50, low90, high90.

    People a day; hubs for ``open_hubs``; a share for ``online_share``, which is a ratio of trailing means.
    Worlds: with, without, difference.
    """
    import pandas as pd

    pairs = {name: trailing_mean(np.stack([r.series[name] for r in reduced])) for name in reduced[0].series}
    online, all_channels = pairs["recruits_online"], pairs["recruits"]
    pairs["online_share"] = np.divide(online, all_channels, out=np.zeros(online.shape), where=all_channels > 0)
    parts = []
    for name, pair in pairs.items():
        for world, values in (
            ("with", pair[:, 0]), ("without", pair[:, 1]), ("difference", pair[:, 0] - pair[:, 1])
        ):  # fmt: skip
            part = pd.DataFrame(dict(zip(BANDS, np.quantile(values, list(BANDS.values()), axis=0), strict=True)))
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
    low, high = np.full((2, change.shape[1]), np.nan)
    if n > 1:
        low, high = np.quantile(resamples(n, seed) @ change / n, BAND, axis=0)
    part = np.full(change.shape[1], "", dtype=object)
    sets = reduced[0].sets
    if sets is not None:
        for name in ("control", "buffer", "treated"):
            part[getattr(sets, name)] = name
    legs = network.legs
    known = {c: legs[c].to_numpy() for c in ("tail", "head", "mode", "route")}
    table = pd.DataFrame({"leg": network.leg_names} | known)
    at = network.places.set_index("name")
    for end in ("tail", "head"):
        for axis in ("lat", "lon"):
            table[f"{end}_{axis}"] = at[axis].reindex(table[end]).to_numpy(float)
    table = table.assign(part=part, counted=legs["counted"].to_numpy(bool))
    for name, values in (("with", flows[:, 0].mean(axis=0)), ("without", flows[:, 1].mean(axis=0)),
                         ("difference", change.mean(axis=0)), ("low", low), ("high", high)):  # fmt: skip
        table[name] = values
    return table
