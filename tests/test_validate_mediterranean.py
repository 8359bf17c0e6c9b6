"""The cases of the Mediterranean: a user's own download is read, or refused with row and remedy, and scored."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from waterbed.errors import InputError
from waterbed.network import load_world
from waterbed.validate import command as validate_command
from waterbed.validate import mediterranean
from waterbed.validate.basin import Basin, with_onward
from waterbed.validate.frontex import CLASSES, ENTRY, ROUTES, read_months, read_nationalities

SHARED = Path("/work/shared/data")
MONTHS = "month,route,detections\n"
NATIONS = "year,route,nationality_iso3,detections\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "download.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "download.csv: is empty; it takes a header"),
        (MONTHS, "has no row of the routes"),
        ("month;route;detections\n", "line 1: values are set apart by ';'"),
        ("months,route,detections\n2016-01,Other,1\n", "column 'month' is missing; is 'months' meant?"),
        (MONTHS + "2016-01,Other\n", "line 2: has 2 values, the header 3"),
        (MONTHS + "2016,Eastern Mediterranean Route,4\n", "line 2: month is '2016'; write a month, as 2016-03"),
        (MONTHS + "2016-01,Eastern Mediteranean Route,4\n", "did you mean 'Eastern Mediterranean Route'?"),
        (MONTHS + "2016-01,Channel,4\n", "line 2: route 'Channel' is unknown; known are Central"),
        (MONTHS + "2016-01,Other,1.5\n", "detections is '1.5'; counts are whole: write detections, not thousands"),
        (MONTHS + "2016-01,Other,many\n", "detections is 'many'; write a whole number"),
        (MONTHS + "2016-01,Western African Route,4\n2016-01,West African,5\n", "line 3: 2016-01 West African stands"),
        (b"month,route,detections\n2016-01,M\xe9diterran\xe9e,1\n", "line 2: byte 0xe9 is not UTF-8; save the file as"),
    ],
)  # fmt: skip
def test_months_refused(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_months(written(tmp_path, text))
    assert message in str(caught.value) and "download.csv" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MONTHS + "2016-01,Other,1\n", "column 'year' is missing"),
        (NATIONS + "2016,Eastern Mediterranean Route,Syria,4\n", "nationality_iso3 is 'Syria'; write three capital"),
        (NATIONS + "2016-01,Eastern Mediterranean Route,SYR,4\n", "year is '2016-01'; write a year, as 2016"),
    ],
)
def test_nationalities_refused(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_nationalities(written(tmp_path, text))
    assert message in str(caught.value)


def test_many_faults_of_one_kind_are_cut_short(tmp_path: Path) -> None:
    rows = "".join(f"2016-0{1 + i % 9},Nowhere {i},1\n" for i in range(50))
    with pytest.raises(InputError) as caught:
        read_months(written(tmp_path, MONTHS + rows))
    told = str(caught.value).splitlines()
    assert len(told) == 21 and "30 more" in told[-1]


def invented_months(first: int = 2009, last: int = 2020) -> str:
    """Counts of no record: routes of different sizes, a season, a slow change."""
    lines = [MONTHS]
    for year in range(first, last + 1):
        for month in range(1, 13):
            for k, route in enumerate(ROUTES):
                count = round(400 * (k + 1) * (1 + 0.5 * np.sin(month)) * (1 + 0.1 * (year - first)) + 7 * (month % 3))
                lines.append(f"{year}-{month:02d},{route} Route,{count}\n")
            lines.append(f"{year}-{month:02d},Black Sea Route,{month}\n")
    return "".join(lines)


def test_sums_of_years_and_missing_months(tmp_path: Path) -> None:
    text = invented_months(2015, 2016)
    years, sums = read_months(written(tmp_path, text)).years()
    assert years.tolist() == [2015, 2016]
    told = [line.split(",") for line in text.splitlines()[1:]]
    assert sums[1, 0] == sum(int(n) for m, r, n in told if m[:4] == "2016" and r == f"{ROUTES[0]} Route")
    cut = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("2015-07"))
    record = read_months(written(tmp_path, cut))
    assert np.isnan(record.years()[1][0]).all() and np.isfinite(record.years()[1][1]).all()
    assert any("2015-07 is missing" in line for line in record.skipped)


def test_nationalities_are_pooled_and_what_is_of_no_class_is_named(tmp_path: Path) -> None:
    text = NATIONS + "2016,Western African Route,COG,3\n2016,Western African Route,COD,4\n2016,Other,SYR,9\n"
    record = read_nationalities(written(tmp_path, text + "2016,West African,LKA,93\n"))
    counts = record.of(2016)
    assert counts[list(CLASSES).index("Congos"), ROUTES.index("West African")] == 7
    assert counts.sum() == 7
    assert any("1 nationalities, 93.0% of detections" in line for line in record.skipped)


@pytest.mark.parametrize("case", ["mediterranean-shares", "mediterranean-nationality"])
def test_without_a_file_the_download_is_named(case: str) -> None:
    command = [sys.executable, "-m", "waterbed", "validate", case]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stdout == ""
    assert "Monthly detections of IBC" in done.stderr and "--observed FILE" in done.stderr


def test_cases_that_need_a_file_are_not_among_all() -> None:
    assert set(validate_command.OWN_DOWNLOAD) < set(validate_command.CASES)


def test_an_invented_record_is_scored_and_stored(tmp_path: Path) -> None:
    path = written(tmp_path, invented_months())
    out = tmp_path / "scores"
    done = subprocess.run(
        [sys.executable, "-m", "waterbed", "validate", "mediterranean-shares", "--observed", str(path), "--json",
         "--out", str(out)], capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["case"] == "mediterranean-shares"
    assert {row["horizon"] for row in found["scores"]} == {1, 3, 5}
    assert {row["baseline_name"] for row in found["scores"]} == {
        "persistence", "drift", "last quarter, seasonal", "waterbed, total held"
    }  # fmt: skip
    assert (out / "figures" / "sectors.png").is_file() and (out / "scores.csv").is_file()


def test_a_short_record_is_refused(tmp_path: Path) -> None:
    record = read_months(written(tmp_path, invented_months(2018, 2019)))
    with pytest.raises(InputError, match="has 2 whole years; it takes at least 5"):
        mediterranean.shares(record)


def test_policies_empty_the_route_that_they_close() -> None:
    off, classes, routes = mediterranean.expected(2014, 2019, 0.0)
    on = mediterranean.expected(2014, 2019, 1.0)[0]
    central, east = routes.index("Central Mediterranean"), routes.index("Eastern Mediterranean")
    assert np.allclose(off[0], off[-1], rtol=1e-6)
    assert on[3:, :, east].sum() < 0.2 * off[3:, :, east].sum()
    assert on[4:, :, central].sum() < 0.7 * off[4:, :, central].sum()
    assert np.allclose(on[0], off[0], rtol=0.2)


def test_fit_gives_what_is_wanted() -> None:
    from waterbed.scenario import Scenario

    basin = Basin(Scenario.load("mediterranean"))
    central, west = "Central Mediterranean", "Western Mediterranean"
    told = {("Guinea", west): 4000.0, ("Guinea", central): 2000.0, ("Syria", "Eastern Mediterranean"): 9000.0}
    wanted = with_onward(basin, told)
    assert basin.fit(wanted) < 0.02
    found = basin.baseline()[basin.classes.index("Guinea")]
    assert found[basin.routes.index(west)] == pytest.approx(4000, rel=0.02)
    assert found[basin.routes.index(central)] == pytest.approx(2000, rel=0.02)


needs_record = pytest.mark.skipif(not SHARED.is_dir(), reason="the record is not shipped")


@needs_record
def test_every_nationality_reaches_the_routes_of_its_record() -> None:
    """Those on which the record counts at least one in a hundred of it."""
    counts = read_nationalities(SHARED / "frontex_route_year_nationality.csv").counts.sum(axis=0)[:, : len(ENTRY)]
    world = load_world("mediterranean")
    legs, served = world.network.legs, set(world.hubs.loc[world.hubs["kind"] == "transit", "place"])
    for i, name in enumerate(CLASSES):
        reached = set().union(*(world.network.reached_from(p, served)
                                for p in world.origins.loc[world.origins["class"] == name, "place"]))  # fmt: skip
        for j, route in enumerate(ENTRY):
            if counts[i, j] >= 0.01 * counts[i].sum():
                assert set(legs.loc[legs["route"] == route, "tail"]) & reached, (name, route)


@needs_record
def test_the_whole_record_is_read() -> None:
    months = read_months(SHARED / "frontex_route_month.csv")
    years, sums = months.years()
    assert years[0] == 2009 and np.isfinite(sums).all() and not months.skipped
    nations = read_nationalities(SHARED / "frontex_route_year_nationality.csv")
    shared = nations.counts[:, :, : len(ENTRY)].sum(axis=(1, 2)) / sums[:, : len(ENTRY)].sum(axis=1)
    assert (shared > 0.9).all() and (shared < 1.01).all()
