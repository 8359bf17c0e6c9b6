"""The fate matrix: a partition of the same people in both worlds."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from waterbed.agents.states import FATES
from waterbed.engine.run import PEOPLE
from waterbed.errors import InputError
from waterbed.measures.fates import MARGINS, codes, cohort, fate_matrix, fate_names, margins, match, require_horizon
from waterbed.measures.window import Window
from waterbed.scenario.scenario import Compare

ROUTES = ["West", "East", "Other ways"]
CROSSED, BACK, NEVER = (FATES.index(name) for name in ("crossed", "back", "never_left"))
WINDOW = Window(first=300, last=312, after=402, days=900)


def people(n: int, **columns: Any) -> np.ndarray:
    """Persons 0 to n − 1 of group 0, who never leave unless the columns say otherwise."""
    out = np.zeros(n, PEOPLE)
    out["ordinal"] = np.arange(n)
    out["fate"], out["fate_route"] = NEVER, -1
    for name, values in columns.items():
        out[name] = values
    return out


def world(persons: np.ndarray) -> Any:
    return SimpleNamespace(scenario=SimpleNamespace(compare=Compare(), burn_in=360), people=persons)


def test_each_route_and_each_other_fate_has_a_name_of_its_own() -> None:
    names = fate_names(ROUTES)
    assert names[:3] == ["crossed: West", "crossed: East", "crossed: Other ways"]
    assert len(set(names)) == len(names) == len(ROUTES) + len(FATES) - 1
    for fate, label in enumerate(FATES):
        if label != "crossed":
            assert names[int(codes(people(1, fate=fate), 3)[0])] == label


FATE = st.tuples(st.integers(0, len(FATES) - 1), st.integers(0, 2))


@given(st.lists(st.tuples(FATE, FATE), min_size=1, max_size=60))
def test_rows_are_the_fates_without_and_columns_those_with(fates: list) -> None:
    x = people(len(fates), fate=[a[0] for a, _ in fates], fate_route=[a[1] for a, _ in fates])
    y = people(len(fates), fate=[b[0] for _, b in fates], fate_route=[b[1] for _, b in fates])
    matrix, late = fate_matrix(x, y, len(ROUTES))
    n = len(fate_names(ROUTES))
    assert matrix.shape == (n, n)
    assert matrix.sum() == len(fates)
    assert np.array_equal(matrix.sum(axis=1), np.bincount(codes(y, 3), minlength=n))
    assert np.array_equal(matrix.sum(axis=0), np.bincount(codes(x, 3), minlength=n))
    assert not late.any()


def test_who_crosses_the_same_way_a_month_later_is_late() -> None:
    crossing = {"fate": CROSSED, "fate_route": [0, 0, 1]}
    x = people(3, **crossing, crossing_day=[131, 130, 200])
    y = people(3, **crossing, crossing_day=[100, 100, 100])
    _, late = fate_matrix(x, y, 3)
    # 31 days, 30 days, 100 days: the second is just not late.
    assert late.tolist()[:3] == [1, 1, 0]


def test_one_world_held_against_itself_has_nothing_off_the_diagonal() -> None:
    rng = np.random.default_rng(1)
    x = people(500, fate=rng.integers(0, len(FATES), 500), fate_route=rng.integers(0, 3, 500))
    matrix, late = fate_matrix(x, x.copy(), 3)
    assert matrix.sum() == np.trace(matrix) == 500
    assert not late.any()


def test_people_are_matched_by_group_and_ordinal() -> None:
    x, y = people(6), people(6)
    y["group"][3:] = 1  # a world that lacks three of x's people, and has three others
    a, b = match(x, y[::-1])
    assert x["ordinal"][a].tolist() == y[::-1]["ordinal"][b].tolist() == [0, 1, 2]
    a, b = match(x, x.copy())
    assert a.tolist() == b.tolist() == list(range(6))


def test_the_cohort_is_born_from_the_lead_to_the_last_readable_fate() -> None:
    birth = [119, 120, 539, 540, 400]
    x = people(5, birth=birth)
    x["fate"][4] = -1  # too young at the end of one of the worlds
    p, q = cohort(world(x), world(people(5, birth=birth)), WINDOW)
    assert p["birth"].tolist() == q["birth"].tolist() == [120, 539]


def test_a_horizon_too_short_names_what_would_do() -> None:
    scenario: Any = SimpleNamespace(compare=Compare(), burn_in=360)
    short = Window(first=300, last=312, after=402, days=480)
    with pytest.raises(InputError, match=r"days: is 480.*at least (\d+)") as caught:
        require_horizon(scenario, short)
    need = int(str(caught.value).split("at least ")[1].split(",")[0])
    require_horizon(scenario, Window(300, 312, 402, need))
    with pytest.raises(InputError):
        require_horizon(scenario, Window(300, 312, 402, need - 1))


def test_margins_are_sums_over_the_cohort() -> None:
    x = people(3, ever_exploited=[True, False, True], attempts=[1, 2, 0], exploited_days=[5, 0, 7])
    x["paid"] = [100, 0, 2**40]
    found = margins(x, people(3))
    assert dict(zip(MARGINS, found[0], strict=True)) == {
        "ever_exploited": 2, "attempts": 3, "exploited_days": 12, "paid": 100 + 2**40,
    }  # fmt: skip
    assert not found[1].any()
