"""Scenarios: what is refused and how it is said, inheritance, addresses, and exact round trips."""

from __future__ import annotations

import copy
import pickle
import tomllib
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from waterbed import inputs
from waterbed.errors import InputError
from waterbed.network import load_world
from waterbed.scenario import Scenario, addresses, at, bundled, load, with_settings
from waterbed.scenario.checking import STRATEGIES, require
from waterbed.scenario.schema import file_schema

INVALID = sorted((Path(__file__).parent / "invalid").glob("*.toml"))


def expected(path: Path) -> list[str]:
    """The messages that the first lines of an invalid file promise, one a fault."""
    lines = path.read_bytes().decode("utf-8", "replace").splitlines()
    return [line.removeprefix("# expect: ") for line in lines if line.startswith("# expect: ")]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_file_is_refused_with_its_message(path: Path) -> None:
    with pytest.raises(InputError) as refused:
        inputs.checked(str(path), None)
    faults, promised = refused.value.faults, expected(path)
    assert promised, "the file has to say '# expect: …'"
    assert len(faults) == len(promised), faults
    assert all("toml: " in fault or "no such file" in fault for fault in faults), "each names its file"
    for promise in promised:
        assert any(promise in fault for fault in faults), (promise, faults)


def test_an_address_without_its_beginning_is_known() -> None:
    with pytest.raises(InputError, match=r"surge\.officers: .* did you mean 'operations\.surge\.officers'\?"):
        with_settings(load("classroom"), ["surge.officers=5"])


@pytest.mark.parametrize("name", bundled())
@pytest.mark.parametrize("resolved", [False, True])
def test_bundled_scenario_reads_back_from_its_own_toml(name: str, resolved: bool) -> None:
    scenario = load(name)
    text = scenario.to_toml(resolved=resolved)
    again = Scenario.parse(text)
    assert again == scenario
    assert again.key == scenario.key and hash(again) == hash(scenario)
    assert again.to_toml(resolved=resolved) == text


@pytest.mark.parametrize("name", bundled())
def test_bundled_scenario_fits_its_world(name: str) -> None:
    scenario = load(name)
    require(scenario, load_world(scenario.network))
    assert scenario.title
    if name not in ("southwest", "mediterranean"):
        assert list(scenario.operations) == [{"classroom": "surge"}.get(name, name)]


def test_liberterra_is_the_operation_that_interpol_published() -> None:
    scenario = load("liberterra")
    operation = scenario.operations["liberterra"]
    assert (operation.days, operation.officers, len(set(operation.countries))) == (12, 14000, 119)
    assert {"DZA", "SLV", "LAO", "GBR"} <= set(operation.countries)
    assert scenario.start_date + timedelta(days=operation.start) == date(2025, 11, 10)


def test_every_parameter_is_declared_with_meaning_unit_source_and_bounds() -> None:
    known = addresses(load("classroom"))
    for address, (value, declared) in known.items():
        assert declared.meaning, address
        if isinstance(value, float) or (isinstance(value, int) and not isinstance(value, bool) and address != "format"):
            assert declared.unit and declared.source, address
            assert declared.low is not None and declared.high is not None, address
            assert declared.plausible is not None, address
            low, high = declared.plausible
            assert declared.low <= low <= high <= declared.high, address


def test_resolved_shows_every_parameter_with_a_comment() -> None:
    scenario = load("classroom")
    text = scenario.to_toml(resolved=True)
    table = tomllib.loads(text)
    for address in addresses(scenario):
        here = table
        for part in address.split("."):
            here = here[part]
    assert all("#" in line for line in text.splitlines() if " = " in line)


# --- addresses ------------------------------------------------------------------------------------------------------


def numbers(scenario: Scenario) -> dict[str, tuple[float, float, bool]]:
    """Addresses of numbers, with bounds, and whether they are whole."""
    found = {}
    for address, (value, declared) in addresses(scenario).items():
        if isinstance(value, int | float) and not isinstance(value, bool) and declared.low is not None:
            assert declared.high is not None
            found[address] = (declared.low, declared.high, isinstance(value, int))
    return found


NUMBERS = numbers(load("classroom"))


@st.composite
def changes(draw: st.DrawFn) -> dict[str, float]:
    chosen = draw(st.lists(st.sampled_from(sorted(NUMBERS)), max_size=6, unique=True))
    values: dict[str, float] = {}
    for address in chosen:
        low, high, whole = NUMBERS[address]
        values[address] = draw(st.integers(int(low), int(high)) if whole else st.floats(low, high))
    return values


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_any_value_within_bounds_is_taken_and_round_trips(values: dict[str, float]) -> None:
    scenario = load("classroom").replace(values)
    for address, value in values.items():
        assert at(scenario, address) == value
    assert Scenario.parse(scenario.to_toml()) == scenario
    assert Scenario.parse(scenario.to_toml(resolved=True)) == scenario
    assert with_settings(load("classroom"), [f"{a}={v!r}" for a, v in values.items()]) == scenario


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("dayz", "days"),
        ("operations.serge.officers", "surge"),
        ("operations.surge.officer", "officers"),
        ("operations.new.officers", "surge"),
        ("days.long", "leave out what follows"),
        ("", "allowed here"),
        ("operations..officers", "surge"),
    ],
)
def test_replace_never_creates_a_name(address: str, hint: str) -> None:
    with pytest.raises(InputError, match="no such name|is a value") as refused:
        load("classroom").replace({address: 3})
    assert hint in str(refused.value)


def test_replace_tells_every_fault_at_once() -> None:
    with pytest.raises(InputError) as refused:
        load("classroom").replace({"days": -1, "flow": "much", "operations.surge.officers": 1.5})
    assert len(refused.value.faults) == 3


@pytest.mark.parametrize(
    ("setting", "address", "value"),
    [
        ("operations.surge.officers=300", "operations.surge.officers", 300),
        ("flow=2", "flow", 2.0),
        ("flow = 2.5", "flow", 2.5),
        ("title=Two words", "title", "Two words"),
        ('title="quoted"', "title", "quoted"),
        ("title=a=b", "title", "a=b"),
        ("operations.surge.announced=false", "operations.surge.announced", False),
        ("operations.surge.target.routes=['Western']", "operations.surge.target.routes", ("Western",)),
    ],
)
def test_setting_is_read_as_toml_else_as_a_string(setting: str, address: str, value: object) -> None:
    assert at(with_settings(load("classroom"), [setting]), address) == value


def test_setting_cannot_smuggle_in_a_second_key() -> None:
    with pytest.raises(InputError):
        with_settings(load("classroom"), ["flow=1\ndays=2"])


def test_an_operation_is_dropped_by_false() -> None:
    scenario = with_settings(load("classroom"), ["operations.surge=false"])
    assert not scenario.operations
    assert scenario == load("classroom").untreated()


# --- inheritance ----------------------------------------------------------------------------------------------------


def test_tables_merge_lists_replace_and_false_drops(tmp_path: Path) -> None:
    (tmp_path / "below.toml").write_text(
        'name = "below"\nbase = "classroom"\ndays = 500\n'
        '[operations.second]\nofficers = 5\ncountries = ["AMB", "BAS"]\n[policies.p]\npush = -0.1\n'
    )
    (tmp_path / "above.toml").write_text(
        'name = "above"\nbase = "below.toml"\n[operations]\nsurge = false\n'
        '[operations.second]\ncountries = ["CED"]\n[choice]\nscale = 300\n'
    )
    scenario = load(tmp_path / "above.toml")
    assert (scenario.name, scenario.days, scenario.network) == ("above", 500, "classroom")
    assert list(scenario.operations) == ["second"]
    assert (scenario.operations["second"].officers, scenario.operations["second"].countries) == (5, ("CED",))
    assert scenario.policies["p"].push == -0.1
    assert scenario.choice.scale == 300.0


def test_paths_in_a_file_start_at_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = tmp_path / "here" / "world"
    world.mkdir(parents=True)
    (tmp_path / "here" / "a.toml").write_text('name = "a"\nnetwork = "world"\nplugins = ["own.py"]\n')
    monkeypatch.chdir(tmp_path)
    scenario = load("here/a.toml")
    assert scenario.network == str(world)
    assert scenario.plugins == (str(tmp_path / "here" / "own.py"),)


@pytest.mark.parametrize(
    ("reference", "message"),
    [("nowhere.toml", "no such file"), ("clasroom", "did you mean 'classroom'?"), (".", "is a folder")],
)
def test_a_file_that_cannot_be_read_is_named(reference: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        load(reference)
    assert message in str(refused.value)


# --- frozen ---------------------------------------------------------------------------------------------------------


def test_a_scenario_cannot_be_changed() -> None:
    scenario = load("classroom")
    with pytest.raises(ValueError, match="frozen"):
        scenario.days = 3
    with pytest.raises(TypeError):
        scenario.operations["surge"] = None  # type: ignore[index]
    with pytest.raises(ValueError, match="frozen"):
        scenario.operations["surge"].officers = 3


def test_a_scenario_survives_pickling_copying_and_hashing() -> None:
    scenario = load("liberterra")
    for twin in (pickle.loads(pickle.dumps(scenario)), copy.deepcopy(scenario), scenario.replace({})):
        assert twin == scenario and hash(twin) == hash(scenario)
    assert len({scenario, load("liberterra"), scenario.replace({"days": 900})}) == 2


def test_a_scenario_is_not_iterable() -> None:
    # mesa.batch_run would take an iterable for a list of values.
    with pytest.raises(TypeError):
        iter(load("classroom"))


def test_schema_knows_every_key_and_what_only_a_file_has() -> None:
    schema = file_schema()
    assert {"base", *Scenario.model_fields} == set(schema["properties"])
    assert schema["additionalProperties"] is False


def test_the_strategies_that_are_checked_are_those_of_the_police() -> None:
    from waterbed.agents import police

    assert STRATEGIES == police.STRATEGIES
