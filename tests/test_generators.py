"""Generated worlds are complete, the same for the same arguments, and can be run."""

from __future__ import annotations

from pathlib import Path

import pytest
from pandas.testing import assert_frame_equal

from waterbed.errors import InputError
from waterbed.network import WorldTables, load_world
from waterbed.network.csv_pair import write_world
from waterbed.network.generators import corridor, grid, random_geometric
from waterbed.network.world import COLUMNS

MAKERS = {"grid": grid, "random_geometric": random_geometric, "corridor": corridor}


def tables_equal(one: WorldTables, two: WorldTables) -> None:
    for name in COLUMNS:
        # A table without rows does not tell numbers of one kind from another.
        filled = len(one.table(name)) > 0
        assert_frame_equal(one.table(name), two.table(name), check_exact=True, check_dtype=filled)


@pytest.mark.parametrize("maker", MAKERS)
def test_same_arguments_same_world_and_seed_matters(maker: str) -> None:
    tables_equal(MAKERS[maker](seed=4), MAKERS[maker](seed=4))
    assert not MAKERS[maker](seed=4).network.places.equals(MAKERS[maker](seed=5).network.places)


@pytest.mark.parametrize("maker", MAKERS)
def test_written_and_loaded(maker: str, tmp_path: Path) -> None:
    world = MAKERS[maker](seed=1)
    write_world(world, tmp_path / "w")
    tables_equal(world, load_world(str(tmp_path / "w")))


@pytest.mark.parametrize("seed", range(8))
def test_random_geometric_hangs_together_even_if_sparse(seed: int) -> None:
    world = random_geometric(12, 1.0, seed=seed)
    assert world.faults() == []
    assert world.network.legs["counted"].any()


def test_lanes_without_crosslinks_meet_only_at_the_ends() -> None:
    legs = corridor(5, 3, crosslinks=False).network.legs
    inner = legs[legs["tail"].str.startswith("Stage") & legs["head"].str.startswith("Stage")]
    assert (inner["tail"].str[-1] == inner["head"].str[-1]).all()
    assert sorted(set(legs["route"]) - {""}) == ["Lane 1", "Lane 2", "Lane 3"]


def test_too_small_is_refused_with_every_fault() -> None:
    with pytest.raises(InputError, match="rows: is 1.*\n.*columns: is 0"):
        grid(1, 0)


@pytest.mark.parametrize("maker", MAKERS)
def test_runs(maker: str, tmp_path: Path) -> None:
    from waterbed import Scenario, simulate

    write_world(MAKERS[maker](people_per_year=20000), tmp_path / "w")
    text = f'format = 1\nname = "t"\nnetwork = "{(tmp_path / "w").as_posix()}"\ndays = 90\nburn_in = 60\n'
    run = simulate(Scenario.parse(text, "t"), seed=3)
    assert run.legs.sum() > 0 and run.legs[..., 1].sum() > 0
