"""Tables of a run and of a comparison: what they hold, their digest, and how they are stored."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from synthetic import CENTRAL, crossed, people, run, scenario
from waterbed.engine.world import CROSSINGS, T
from waterbed.errors import InputError
from waterbed.measures.tables import claim, digest, run_tables, save_run, whole, write_table


def filled():
    born = crossed(people(4, paid=12345), slice(0, 2), CENTRAL, "Central", 455)
    born["fate"][3] = -1  # too young for a fate
    r = run(scenario(persons_per_agent=10), born)
    r.legs[7, CENTRAL, CROSSINGS] = 3
    r.totals[7, T["arrests"]] = 2
    r.totals[7, T["arrivals"]] = 2
    return r


def test_tables_are_tidy_and_in_people():
    tables = run_tables(filled())
    assert list(tables["daily"]) == ["day", "measure", "key_kind", "key", "value"]
    daily = tables["daily"].set_index(["day", "measure", "key_kind", "key"])["value"]
    assert daily[7, "arrivals", "all", ""] == 20
    assert daily[7, "arrests", "all", ""] == 2  # not people: as they are
    assert daily[7, "crossings", "route", "Central"] == 30
    legs = tables["legs_daily"]
    assert legs[["day", "leg", "crossings"]].to_numpy().tolist() == [[7, "Midport > Harbour", 30]]
    fates = tables["fates"]
    assert len(fates) == 3
    assert fates["route"].tolist() == ["Central", "Central", ""]
    assert fates["crossing_day"].tolist()[:2] == [455, 455] and pd.isna(fates["crossing_day"][2])
    assert fates["paid"].tolist() == [123.45] * 3
    assert list(tables["events"]) == ["day", "kind", "actor", "place", "leg", "operation"]


def small(**changes):
    table = pd.DataFrame({"day": [1, 2], "name": ["a", "bc"], "value": [0.5, np.nan]}).assign(**changes)
    table.attrs["units"] = {"value": "person"}
    return table


def test_digest_is_of_the_content():
    one = digest({"t": small()})
    assert one == digest({"t": small()})
    assert digest({"u": small()}) != one
    assert digest({"t": small(name=["ab", "c"])}) != one  # the same letters, cut otherwise
    assert digest({"t": small(value=[0.5, 0.0])}) != one
    assert digest({"t": small(day=np.array([1, 2], np.int32))}) != one
    other = small()
    other.attrs["units"] = {"value": "hub"}
    assert digest({"t": other}) != one
    assert digest({"t": small().rename(columns={"name": "nom"})}) != one


def test_digest_does_not_depend_on_byte_order_or_the_kind_of_nan():
    swapped = small(day=small()["day"].to_numpy().astype(">i8"))
    assert digest({"t": swapped}) == digest({"t": small()})
    odd = np.array([0x3FE0000000000000, 0x7FF8000000000001], np.uint64).view(float)
    assert digest({"t": small(value=odd)}) == digest({"t": small()})


def test_digest_is_as_it_is_written_down():
    """Worked by hand: name, rows, then name, type, unit and little-endian values of each column."""

    def text(s):
        return len(s).to_bytes(8, "little") + s.encode()

    table = pd.DataFrame({"n": np.array([1, 2], np.int16), "s": ["é", ""]})
    table.attrs["units"] = {"n": "day"}
    content = text("t") + (2).to_bytes(8, "little") + text("n") + text("i2") + text("day") + b"\1\0\2\0"
    content += text("s") + text("text") + text("") + b"\2\0\0\0" + "é".encode() + b"\0\0\0\0"
    assert digest({"t": table}) == hashlib.sha256(content).hexdigest()


def test_stored_and_read_back_with_units(tmp_path):
    write_table(small(), tmp_path / "t.parquet", csv=True)
    schema = pq.read_schema(tmp_path / "t.parquet")
    assert schema.field("value").metadata[b"unit"] == b"person"
    again = pd.read_parquet(tmp_path / "t.parquet")
    assert digest({"t": again}) == digest({"t": small()}) or again.attrs == {}
    pd.testing.assert_frame_equal(again, small(), check_dtype=False)
    assert (tmp_path / "t.csv").read_text().splitlines()[0] == "day,name,value"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv", "t.parquet"]


def test_a_file_is_there_whole_or_not_at_all(tmp_path):
    target = tmp_path / "file.txt"
    whole(target, lambda at: at.write_text("old"))

    def fails(at):
        at.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError) as told:
        whole(target, fails)
    assert told.value.errno == 28 and told.value.filename == str(target)
    assert target.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["file.txt"]


def test_another_run_is_not_overwritten_unless_told(tmp_path):
    folder = save_run(filled(), tmp_path / "out")
    about = json.loads((folder / "provenance.json").read_text())
    assert about["kind"] == "run" and about["seed"] == 0 and about["digest"] == digest(filled().tables())
    assert {"version", "scenario", "platform", "libraries", "command", "wall_time_s", "model_version"} <= set(about)
    with pytest.raises(InputError, match="holds another run"):
        claim(folder)
    assert claim(folder, force=True) == folder
