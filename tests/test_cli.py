"""The command line, through real subprocesses: what it prints, where, and its exit codes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from waterbed import Scenario, __version__
from waterbed.scenario import bundled


def waterbed(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line and wait for it."""
    command = [sys.executable, "-m", "waterbed", *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, timeout=300, check=False)


def test_help_names_every_command() -> None:
    done = waterbed("--help")
    assert done.returncode == 0
    commands = ("demo", "scenarios", "scenario", "check", "schema", "run", "compare", "study", "validate", "report",
                "animate")  # fmt: skip
    for command in commands:
        assert f"\n  {command} " in done.stdout


def test_help_imports_nothing_slow() -> None:
    code = "import sys, waterbed.cli; print([m for m in ('numpy', 'pandas', 'numba', 'mesa') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_version() -> None:
    done = waterbed("--version")
    assert done.returncode == 0
    assert done.stdout.startswith(f"waterbed {__version__}\n")


def test_scenarios_lists_one_a_line() -> None:
    done = waterbed("scenarios")
    assert [line.split()[0] for line in done.stdout.splitlines()] == bundled()
    assert {row["name"] for row in json.loads(waterbed("scenarios", "--json").stdout)} == set(bundled())


@pytest.mark.parametrize("resolved", [[], ["--resolved"]])
def test_printed_scenario_reads_back_equal(resolved: list[str]) -> None:
    done = waterbed("scenario", "liberterra", *resolved)
    assert done.returncode == 0
    assert Scenario.parse(done.stdout) == Scenario.load("liberterra")


def test_a_shell_completes_scenarios_and_addresses() -> None:
    def offered(typed: str) -> list[str]:
        words = {"COMP_WORDS": typed, "COMP_CWORD": str(typed.count(" ")), "_WATERBED_COMPLETE": "complete_bash"}
        command = [sys.executable, "-c", "from waterbed.cli import app; app(prog_name='waterbed')"]
        done = subprocess.run(command, capture_output=True, text=True, env=os.environ | words, timeout=300, check=True)
        return done.stdout.split()

    assert offered("waterbed run lib") == ["liberterra"]
    assert offered("waterbed compare classroom --set police.arrest_r") == ["police.arrest_rate="]
    assert offered("waterbed run no-such-scenario --set flo") == []


def test_set_changes_one_parameter() -> None:
    done = waterbed("scenario", "classroom", "--set", "operations.surge.officers=300", "--set", "title=of my own")
    changes = {"operations.surge.officers": 300, "title": "of my own"}
    assert Scenario.parse(done.stdout) == Scenario.load("classroom").replace(changes)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scenario", "clasroom"], "did you mean 'classroom'?"),
        (["scenario", "classroom", "--set", "operations.surge.oficers=3"], "did you mean 'officers'?"),
        (["scenario", "classroom", "--set", "flow"], "PATH=VALUE"),
        (["check", "classroom", "--set", 'operations.surge.target.routes=["Centrl"]'], "did you mean 'Central'?"),
        (["run", "classroom", "--engine", "fast"], "has to be 'compiled' or 'mesa'"),
        (["compare", "classroom", "--set", "operations.surge=false"], "nothing to compare"),
        (["report", "nowhere"], "holds no stored results"),
        (["run", "classroom", "--seed", "-1"], "--seed"),
        (["run", "classroom", "--set", "flow=50000"], "this machine has"),
        (["run", "classroom", "--set", "start_date=9999-12-31"], "start_date: is 9999-12-31"),
    ],
)
def test_bad_input_is_told_on_standard_error(arguments: list[str], message: str, tmp_path: Path) -> None:
    done = waterbed(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


def test_a_file_with_many_faults_gets_one_list(tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text('base = "classroom"\ndays = "x"\nflow = -1\n[choise]\nscale = 1\n')
    done = waterbed("check", "bad.toml", cwd=tmp_path)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 3
    for address in ("bad.toml: days:", "bad.toml: flow:", "did you mean 'choice'?"):
        assert address in done.stderr


def test_check_tells_what_to_expect() -> None:
    expected = json.loads(waterbed("check", "classroom", "--json").stdout)
    assert expected["faults"] == []
    assert expected["people"] > 0


def test_what_is_too_short_to_compare_is_told_before_any_work(tmp_path: Path) -> None:
    short = ("classroom", "--set", "days=500")
    told = waterbed("check", *short)
    assert told.returncode == 0 and "not compared: days: is 500, too short" in " ".join(told.stdout.split())
    refused = waterbed("compare", *short, "--out", str(tmp_path / "x"))
    assert refused.returncode == 2 and "days to at least 541" in refused.stderr
    assert not (tmp_path / "x").exists()


def test_schema_is_json_and_knows_base() -> None:
    schema = json.loads(waterbed("schema").stdout)
    assert {"base", "operations", "choice"} <= set(schema["properties"])


def test_a_stored_run_is_not_overwritten_unasked(tmp_path: Path) -> None:
    (tmp_path / "provenance.json").write_text("{}")
    done = waterbed("run", "classroom", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "--force" in done.stderr
    assert (tmp_path / "provenance.json").read_text() == "{}"


def test_same_seed_same_digest() -> None:
    settings = ("days=40", "burn_in=5", "operations.surge.start=10")
    short = ("run", "classroom", "--json", *(part for setting in settings for part in ("--set", setting)))
    first, second, other = (json.loads(waterbed(*short, "--seed", seed).stdout) for seed in ("3", "3", "4"))
    assert first["digest"] == second["digest"] != other["digest"]


def test_help_of_every_command_has_examples_that_parse() -> None:
    import typer

    from waterbed.cli import app

    group = typer.main.get_command(app)
    for name in group.list_commands(typer.Context(group)):
        command = group.commands[name]
        examples = [line.split("waterbed ", 1)[1] for line in command.help.splitlines() if "  waterbed " in line]
        assert examples, name
        for example in examples:
            verb, *rest = example.split(" > ")[0].split()
            group.commands[verb].make_context(verb, rest)


def test_a_comparison_fits_80_columns() -> None:
    quick = ("--set", "flow=0.1", "--replicates", "2", "--workers", "1")
    done = waterbed("compare", "classroom", *quick)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert 10 < len(lines) <= 24 and max(map(len, lines)) <= 80
    assert lines[0].startswith("classroom, 2 pairs of runs: ")
    assert sum("90 % of runs: " in line and "mean known to" in line for line in lines) >= 2
    assert lines[-1].startswith("All ") and "--out DIR" in lines[-1]
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("label", "values", "unit", "shown"),
    [
        ("arrivals_lost", (0.5, 0.25, 0.75), "share", ["arrivals_lost", "0.5", "[0.25, 0.75]", "share"]),
        ("fees", (4510999.6, -0.0, 1e7), "USD", ["fees", "4,511,000", "[0, 10,000,000]", "USD"]),
        ("alone", (1.0, float("nan"), float("nan")), "", ["alone", "1"]),
        ("moved", (-0.001234, -1.0, 2.0), "share of loss", ["moved (share of loss)", "-0.00123", "[-1, 2]"]),
    ],
)  # fmt: skip
def test_numbers_and_their_intervals_in_a_line(
    label: str, values: tuple[float, float, float], unit: str, shown: list[str]
) -> None:
    from waterbed.console import line

    text = line(label, *values, unit)
    assert re.split(r"\s{2,}|\n| (?=USD|share$)", text.strip()) == shown
    assert max(map(len, text.splitlines())) <= 80


def test_a_study_and_a_scenario_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('base = "classroom"\nname = "mine"\n', "utf-8")
    (tmp_path / "study.toml").write_text('name = "s"\nscenario = "mine.toml"\n[factors.flow]\nlevels = [1]\n', "utf-8")
    done = waterbed("study", "mine.toml", cwd=tmp_path)
    assert done.returncode == 2 and "is a scenario, not a study" in done.stderr
    done = waterbed("compare", "study.toml", cwd=tmp_path)
    assert done.returncode == 2 and "is a study, not a scenario" in done.stderr
