"""Daily courses of both worlds and of their difference within pairs, as bands over runs; legs by their change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..exact import product
from .course import SMOOTH, STEP, trailing_mean
from .intervals import BAND, resamples

if TYPE_CHECKING:
    import pandas as pd

    from ..network import RouteNetwork
    from .reduce import Reduced

SLOW = 28
"""Days of the trailing mean of relative differences."""
COURSE = ("day", "leg", "without", "difference", "low", "high")
BANDS = {"median": 0.5, "low50": 0.25, "high50": 0.75, "low90": 0.05, "high90": 0.95}


def timelines(reduced: list[Reduced]) -> pd.DataFrame:
    """Trailing 7-day means: day, series, world, median, low50, high50, low90, high90.

    People a day; hubs for ``open_hubs``; a share for ``online_share``, which is a ratio of trailing means.
    Worlds: with, without, difference; and relative, the difference of trailing 28-day means within pairs over the
    mean twin's, as a share (in points for ``online_share``; ``nan`` where the mean twin has none).
    """
    import pandas as pd

    pairs, slow = (_smooth(reduced, days) for days in (SMOOTH, SLOW))
    parts = []
    for name, pair in pairs.items():
        change = slow[name][:, 0] - slow[name][:, 1]
        twin = np.ones(change.shape[1]) if name == "online_share" else slow[name][:, 1].mean(axis=0)
        for world, values in (
            ("with", pair[:, 0]), ("without", pair[:, 1]), ("difference", pair[:, 0] - pair[:, 1]),
            ("relative", np.divide(change, twin, out=np.full(change.shape, np.nan), where=twin > 0)),
        ):  # fmt: skip
            part = pd.DataFrame(dict(zip(BANDS, np.quantile(values, list(BANDS.values()), axis=0), strict=True)))
            part.insert(0, "world", world)
            part.insert(0, "series", name)
            part.insert(0, "day", np.arange(values.shape[1]))
            parts.append(part)
    return pd.concat(parts, ignore_index=True)


def _smooth(reduced: list[Reduced], days: int) -> dict[str, np.ndarray]:
    """Trailing means of every series, [replicate, world, day], and the share of recruits that is online."""
    pairs = {name: trailing_mean(np.stack([r.series[name] for r in reduced]), days) for name in reduced[0].series}
    online, all_channels = pairs["recruits_online"], pairs["recruits"]
    pairs["online_share"] = np.divide(online, all_channels, out=np.zeros(online.shape), where=all_channels > 0)
    return pairs


def legs_course(reduced: list[Reduced], network: RouteNetwork, first: int, seed: int) -> pd.DataFrame:
    """Change of crossings by leg in steps of 14 days, in people, with the 90 % interval of its mean.

    Columns as in COURSE; the day is the first of its step. Legs without a change in any pair at that step are left out.
    """
    import pandas as pd

    flows = np.stack([r.course for r in reduced])
    n, weights = len(reduced), resamples(len(reduced), seed)
    names, parts = np.array(network.leg_names, object), []
    for step in range(flows.shape[2]):
        change = (flows[:, 0, step] - flows[:, 1, step]).astype(float)
        there = np.flatnonzero(change.any(axis=0))
        low, high = np.full((2, len(there)), np.nan)
        if n > 1:
            low, high = np.quantile(product(weights, change[:, there]) / n, BAND, axis=0)
        parts.append(pd.DataFrame({
            "day": first + STEP * step, "leg": names[there], "without": flows[:, 1, step][:, there].mean(axis=0),
            "difference": change[:, there].mean(axis=0), "low": low, "high": high,
        }))  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COURSE))


def legs_table(reduced: list[Reduced], network: RouteNetwork, seed: int) -> pd.DataFrame:
    """Crossings by leg in both worlds, in people over the window, with the 90 % interval of the mean change."""
    import pandas as pd

    flows = np.stack([r.legs for r in reduced])
    change = flows[:, 0] - flows[:, 1]
    n = len(reduced)
    low, high = np.full((2, change.shape[1]), np.nan)
    if n > 1:
        low, high = np.quantile(product(resamples(n, seed), change) / n, BAND, axis=0)
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
    table = table.assign(part=part, counted=network.counted)
    for name, values in (("with", flows[:, 0].mean(axis=0)), ("without", flows[:, 1].mean(axis=0)),
                         ("difference", change.mean(axis=0)), ("low", low), ("high", high)):  # fmt: skip
        table[name] = values
    return table
