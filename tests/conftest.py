"""Tests of properties draw the same examples every time, and have no deadline: machines are shared and noisy."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="module")
def comparison() -> Any:
    """Three pairs of the classroom's runs, and the same with half of the officers and with twice as many."""
    import waterbed as wb

    return wb.compare(wb.Scenario.load("classroom"), replicates=3, seed=1, doses=(0.5, 2))


@pytest.fixture(scope="module")
def nobody() -> Any:
    """The same operation without officers."""
    import waterbed as wb

    scenario = wb.Scenario.load("classroom").replace({"operations.surge.officers": 0})
    return wb.compare(scenario, replicates=2, seed=1)


@pytest.fixture(scope="module")
def served() -> Iterator[Any]:
    """The app, for all tests of a file."""
    from pages import Served

    served = Served()
    yield served
    served.end()


@pytest.fixture
def started() -> Iterator[list[Any]]:
    """Servers of a test's own, ended whatever happens."""
    ours: list[Any] = []
    yield ours
    for served in ours:
        served.process.kill()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser, for all tests of a file."""
    from pages import chromium

    with chromium() as browser:
        yield browser
