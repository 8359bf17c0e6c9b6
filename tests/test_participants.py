"""Who takes part in the operation: those that are named, then a rule, or chance by seed."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from waterbed.scenario.scenario import Scenario

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def tool() -> Any:
    sys.path.insert(0, str(ROOT))
    return import_module("tools.participants")


@pytest.fixture(scope="module")
def flow(tool: Any) -> dict[str, float]:
    return tool.border_flow()


def test_the_rule_gives_the_scenario_its_list(tool: Any, flow: dict[str, float]) -> None:
    assert list(Scenario.load("liberterra").operations["liberterra"].countries) == tool.by_rule(flow)


def test_the_named_are_always_in(tool: Any, flow: dict[str, float]) -> None:
    assert {"DZA", "GBR", "LAO", "SLV", "SEN", "ESP"} <= set(tool.named())
    for chosen in (tool.by_rule(flow), *(tool.at_random(flow, seed) for seed in range(5))):
        assert set(tool.named()) <= set(chosen)
        assert len(set(chosen)) == len(chosen) == 119
        assert not set(chosen) & tool.NOT_MEMBERS


def test_a_seed_is_a_list(tool: Any, flow: dict[str, float]) -> None:
    assert tool.at_random(flow, 1) == tool.at_random(dict(reversed(flow.items())), 1) != tool.at_random(flow, 2)
    drawn = [country for seed in range(200) for country in tool.at_random(flow, seed)]
    others = {country for country in drawn if country not in tool.named()}
    shares = [drawn.count(country) / 200 for country in others]
    expected = (119 - len(tool.named())) / len(others)
    # Binomial over 200 draws: five standard errors.
    assert max(abs(share - expected) for share in shares) < 5 * (expected * (1 - expected) / 200) ** 0.5
