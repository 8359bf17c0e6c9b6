"""The record of the border: what is read, and what is refused with file, row and remedy."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from waterbed.errors import InputError
from waterbed.validate.record import SECTORS, read

OWN = (files("waterbed.validate") / "southwest.csv").read_text("utf-8")
HEADER = "sector,fiscal_year,apprehensions,agents\n"


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "later.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "later.csv: is empty; it takes a header"),
        (HEADER, "has a header and no rows"),
        ("sector;fiscal_year;apprehensions\n", "line 1: values are set apart by ';'"),
        ("sector,year,apprehensions,agents\nyuma,2006,1,1\n", "line 1: column 'fiscal_year' is missing"),
        (HEADER.replace("agents", "apprehensions"), "column 'apprehensions' is there twice"),
        (HEADER + "yuma,2006,100\n", "line 2: has 3 values, the header 4"),
        (HEADER + "yumma,2006,100,10\n", "line 2: sector 'yumma' is unknown; did you mean 'yuma'"),
        (HEADER + "blaine,2006,100,10\n", "line 2: sector 'blaine' is unknown; known are san diego"),
        (HEADER + "yuma,06,100,10\n", "line 2: fiscal_year is '06'; write a year"),
        (HEADER + "yuma,2006,118.5,10\n", "line 2: apprehensions is '118.5'; counts are whole: write people"),
        (HEADER + "yuma,2006,many,10\n", "line 2: apprehensions is 'many'; write a whole number"),
        (HEADER + "yuma,2006,1e9,10\n", "line 2: apprehensions is '1e9'; write people, not a rate"),
        (HEADER + "yuma,2006,100,10\nYuma,2006,90,10\n", "line 3: 'yuma' in 2006 stands on line 2 already"),
        (HEADER + "tucson,2005,439,2324\n", "line 2: apprehensions are 0.001 times those published"),
        (b"sector,fiscal_year\nyum\xe4,2006\n", "line 2: byte 0xe4 is not UTF-8; save the file as UTF-8"),
        (OWN.replace("southwest border,2005,1171396", "southwest border,2005,1371396"),
         "apprehensions of 'southwest border' in 2005 are 1,371,396, but its sectors add up to 1,171,396"),
    ],
)  # fmt: skip
def test_refused(text: str | bytes, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, text))
    assert message in str(caught.value)
    assert "later.csv" in str(caught.value)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read(written(tmp_path, HEADER + "yumma,2006,1,1\nyuma,2006,-4,1\n"))
    assert len(str(caught.value).splitlines()) == 2


def test_a_missing_year_and_sector_are_named(tmp_path: Path) -> None:
    lines = [line for line in OWN.splitlines() if ",2003," not in line and not line.startswith("yuma,2004")]
    record = read(written(tmp_path, "\n".join(lines)))
    told = "\n".join(record.skipped)
    assert "2003 has no apprehensions; the year is skipped" in told
    assert "2004 has no apprehensions of yuma; skipped there" in told
    assert np.isnan(record.apprehensions[list(record.years).index(2003)]).all()


def test_later_rows_alone_go_on_from_the_packages_record(tmp_path: Path) -> None:
    rows = "".join(f"{sector},2006,{1000 + i},{100 + i}\n" for i, sector in enumerate(SECTORS))
    record, own = read(written(tmp_path, HEADER + rows)), read()
    assert record.years[-1] == 2006 and own.years[-1] == 2005
    np.testing.assert_array_equal(record.until(2005).apprehensions, own.apprehensions)
    np.testing.assert_array_equal(record.apprehensions[-1], 1000 + np.arange(9))


def test_a_byte_order_mark_and_other_columns_are_read(tmp_path: Path) -> None:
    record = read(written(tmp_path, b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode()))
    np.testing.assert_array_equal(record.apprehensions, read().apprehensions)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("southwst",), "no case 'southwst'; did you mean 'southwest'"),
        (("southwest", "--observed", "not/there.csv"), "not/there.csv: cannot be read"),
        (("southwest", "--observed", "."), ".: is a folder"),
        (("--observed", "x.csv"), "name the case"),
    ],
)
def test_the_command_says_what_is_wrong(arguments: tuple[str, ...], message: str) -> None:
    done = subprocess.run([sys.executable, "-m", "waterbed", "validate", *arguments], capture_output=True, text=True,
                          timeout=300, check=False)  # fmt: skip
    assert done.returncode == 2 and message in done.stderr and not done.stdout


@pytest.mark.slow
def test_the_command_scores_a_short_record(tmp_path: Path) -> None:
    """Only what came before 1997: one origin, no late period, nothing in sample."""
    lines = OWN.splitlines()
    early = [line for line in lines[1:] if int(line.split(",")[1]) <= 1996]
    path = written(tmp_path, "\n".join([lines[0], *early]))
    command = [sys.executable, "-m", "waterbed", "validate", "southwest", "--observed", str(path), "--json",
               "--out", str(tmp_path / "out")]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["case"] == "southwest"
    assert {(row["period"], row["horizon"], row["n"]) for row in found["scores"]} == {("all origins", 1, 1)}
    assert {"persistence", "drift", "mean of three years"} < {row["baseline_name"] for row in found["scores"]}
    assert (tmp_path / "out" / "figures" / "skill.png").is_file()
