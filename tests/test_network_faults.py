"""What is wrong with a world is told whole: the gallery of invalid folders, and tables mangled at random.

A folder of ``tests/networks`` holds only the files that differ from ``sound``, and in ``expect.txt`` every message.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waterbed.errors import InputError
from waterbed.network import load_world
from waterbed.network.countries import ISO3
from waterbed.network.tables import BOUNDS, COLUMNS, NUMBER

GALLERY = Path(__file__).parent / "networks"
CASES = sorted(folder.name for folder in GALLERY.iterdir() if folder.name != "sound")


def laid_over(case: str, folder: Path) -> Path:
    """The sound world with the files of a case in place of its own."""
    shutil.copytree(GALLERY / "sound", folder)
    for path in (GALLERY / case).glob("*.csv"):
        shutil.copy(path, folder)
    without = GALLERY / case / "without.txt"
    for name in without.read_text().split() if without.exists() else ():
        (folder / name).unlink()
    return folder


def test_sound_world_has_no_fault() -> None:
    assert load_world(GALLERY / "sound").faults() == []


@pytest.mark.parametrize("case", CASES)
def test_invalid_world_is_refused_with_every_message(case: str, tmp_path: Path) -> None:
    folder = laid_over(case, tmp_path / "world")
    with pytest.raises(InputError) as refused:
        load_world(folder)
    told = [fault.replace(f"{folder}/", "") for fault in refused.value.faults]
    assert told == (GALLERY / case / "expect.txt").read_text(encoding="utf-8").splitlines()


def test_edited_file_is_read_again(tmp_path: Path) -> None:
    folder = laid_over("sound", tmp_path / "world")
    before = load_world(folder)
    assert load_world(folder) is before
    path = folder / "classes.csv"
    path.write_text(path.read_text().replace("1000", "2500"))
    assert load_world(folder).classes["people_per_year"].tolist() == [2500.0]


def test_byte_order_mark_and_windows_lines_are_read(tmp_path: Path) -> None:
    folder = laid_over("sound", tmp_path / "world")
    for path in folder.glob("*.csv"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_world(folder).network.leg_names == load_world(GALLERY / "sound").network.leg_names


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("clasroom", "network: no world or folder 'clasroom'; did you mean 'classroom'"),
        ("nothing/like/it", "bundled are classroom, liberterra"),
        (str(Path(__file__)), "is a file; name the folder"),
    ],
)
def test_no_such_world(name: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_world(name)


def test_every_number_has_bounds_and_codes_are_iso() -> None:
    numbers = {column for kinds in COLUMNS.values() for column, kind in kinds.items() if kind == NUMBER}
    assert numbers == set(BOUNDS)
    assert len(ISO3) == 250 and "XKX" in ISO3


CELLS = st.one_of(
    st.sampled_from(["", "-1", "0", "nan", "inf", "1e400", "1_0", "0x1", "true", '"', "Port", "Start", "Goal", "é"]),
    st.floats().map(repr),
    st.text(max_size=6),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mangled_tables_are_read_or_refused_but_never_crash(data: st.DataObject, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    shutil.rmtree(folder, ignore_errors=True)
    laid_over("sound", folder)
    for name in data.draw(st.lists(st.sampled_from(sorted(COLUMNS)), min_size=1, max_size=3, unique=True)):
        rows = [line.split(",") for line in (folder / f"{name}.csv").read_text().splitlines()]
        row = data.draw(st.integers(0, len(rows) - 1))
        rows[row][data.draw(st.integers(0, len(rows[row]) - 1))] = data.draw(CELLS)
        if data.draw(st.booleans()):
            rows.append(rows[data.draw(st.integers(0, len(rows) - 1))])
        text = "\n".join(",".join(line) for line in rows)
        (folder / f"{name}.csv").write_text(text, encoding="utf-8", errors="surrogateescape")
    try:
        world = load_world(folder)
    except InputError as error:
        assert error.faults and all(fault.startswith(str(folder)) for fault in error.faults)
    else:
        assert world.faults() == []


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=200))
def test_any_bytes_for_a_file_are_refused(raw: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "world"
    shutil.rmtree(folder, ignore_errors=True)
    laid_over("sound", folder)
    (folder / "legs.csv").write_bytes(raw)
    with pytest.raises(InputError, match="legs.csv"):
        load_world(folder)
