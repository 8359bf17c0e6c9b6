"""Functions whose sensitivity indices are known in closed form, in the shape in which a study takes a model."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

ISHIGAMI_A, ISHIGAMI_B = 7.0, 0.1
G_A = (0.0, 1.0, 4.5, 9.0)


def ishigami(values: dict[str, Any], seed: int) -> dict[str, float]:
    """Ishigami & Homma (1990)."""
    x1, x2, x3 = (values[f"x{i}"] for i in (1, 2, 3))
    return {"y": math.sin(x1) + ISHIGAMI_A * math.sin(x2) ** 2 + ISHIGAMI_B * x3**4 * math.sin(x1)}


def ishigami_indices() -> tuple[list[float], list[float]]:
    """First and total order, in closed form."""
    a, b, pi = ISHIGAMI_A, ISHIGAMI_B, math.pi
    total = a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18 + 0.5
    v1, v2, v13 = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8, b**2 * pi**8 * (1 / 18 - 1 / 50)
    return [v1 / total, v2 / total, 0.0], [(v1 + v13) / total, v2 / total, v13 / total]


def sobol_g(values: dict[str, Any], seed: int) -> dict[str, float]:
    """Sobol' (1993): a product of functions of one factor each."""
    parts = [(abs(4 * values[f"x{i}"] - 2) + a) / (1 + a) for i, a in enumerate(G_A)]
    return {"y": float(np.prod(parts))}


def sobol_g_indices() -> tuple[list[float], list[float]]:
    """First and total order, in closed form."""
    v = [1 / (3 * (1 + a) ** 2) for a in G_A]
    total = float(np.prod([1 + x for x in v])) - 1
    return [x / total for x in v], [x * float(np.prod([1 + y for y in v])) / (1 + x) / total for x in v]


def noisy(values: dict[str, Any], seed: int) -> dict[str, float]:
    """A line, chance that all points under a seed share, and chance of point and seed (variance 0.01)."""
    common = np.random.default_rng(seed).normal()
    own = np.random.default_rng([seed, int(values["x"] * 1e9)]).normal()
    return {"y": values["x"] + 5.0 * common + 0.1 * own}


def failing(values: dict[str, Any], seed: int) -> dict[str, float]:
    """Fails where x is above a half."""
    if values["x"] > 0.5:
        raise ArithmeticError(f"x is {values['x']}")
    return {"y": values["x"]}


def line(values: dict[str, Any], seed: int) -> dict[str, float]:
    """Slopes 3, -1 and 0."""
    return {"y": 3.0 * values["a"] - values["b"]}


def line_with_a_gap(values: dict[str, Any], seed: int) -> dict[str, Any]:
    """The same line, as a ratio over nothing in one corner."""
    gap = values["a"] > 1.9 and values["b"] > 1.9
    return {"y": (0.0, 0.0) if gap else (3.0 * values["a"] - values["b"], 1.0)}


def line_mostly_missing(values: dict[str, Any], seed: int) -> dict[str, Any]:
    """A ratio over nothing almost everywhere."""
    return {"y": (values["a"], 1.0 if values["a"] < 0.1 and values["b"] < 0.1 else 0.0)}
