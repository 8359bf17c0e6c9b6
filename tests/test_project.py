"""The project's own promises: what is declared, shipped and said agrees."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

import waterbed

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def test_version_is_the_same_everywhere() -> None:
    assert f"version: {waterbed.__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"## {waterbed.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_every_public_name_can_be_had() -> None:
    for name in waterbed.__all__:
        assert getattr(waterbed, name) is not None


def test_importing_the_package_costs_next_to_nothing() -> None:
    code = "import sys, waterbed; print([m for m in ('numpy', 'pydantic', 'numba') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


def test_makefile_has_the_promised_targets() -> None:
    text = (ROOT / "Makefile").read_text("utf-8")
    for target in ("demo", "test", "lint", "bench", "docs", "results", "app"):
        assert f"\n{target}:" in text


def test_setup_script_is_valid_shell() -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / "tools" / "setup.sh")], check=False).returncode == 0


def test_python_floor_is_declared() -> None:
    assert PROJECT["requires-python"] == ">=3.12"


def imported(folder: Path) -> set[str]:
    """Top-level names of the foreign packages that the files in a folder import, wherever they do it."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                names.add((node.module or "").split(".")[0])
    return {name.lower() for name in names - set(sys.stdlib_module_names) - {"waterbed"}}


def declared(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0].lower() for requirement in requirements}


def extras() -> set[str]:
    """Packages of which a part of waterbed makes use where they are installed."""
    groups = PROJECT["optional-dependencies"].items()
    return set().union(*(declared(names) for extra, names in groups if extra != "dev"))


def test_declared_dependencies_are_the_imported_ones() -> None:
    found = imported(ROOT / "src")
    assert declared(PROJECT["dependencies"]) <= found
    assert found <= declared(PROJECT["dependencies"]) | extras()


def test_what_an_extra_brings_is_imported_in_its_own_place_only() -> None:
    package = ROOT / "src" / "waterbed"
    for extra, place in (("app", "app"), ("solara", "solara.py")):
        names = declared(PROJECT["optional-dependencies"][extra]) - declared(PROJECT["dependencies"])
        others = [path for path in package.iterdir() if path.is_dir() and path.name != place]
        assert not set().union(*(imported(path) for path in others)) & names


def test_what_the_tests_import_is_declared_for_developers() -> None:
    known = declared(PROJECT["dependencies"]) | declared(PROJECT["optional-dependencies"]["dev"]) | extras()
    own = [path for folder in ("tests", "experiments") for path in (ROOT / folder).rglob("*.py")]
    here = {path.stem for path in own} | {"tests", "tools", "stylised"}
    assert imported(ROOT / "tests") - here <= known


def test_constraints_hold_the_declared_lower_bounds() -> None:
    bounds = dict(
        re.findall(r"^([\w-]+)>=([\d.]+)", (ROOT / "constraints.txt").read_text("utf-8"), flags=re.MULTILINE)
    )
    for requirement in PROJECT["dependencies"]:
        name, bound = re.findall(r"^([\w-]+)(?:\[\w+\])?>=([\d.]+)", requirement)[0]
        assert bounds[name] == bound, name


def test_nothing_says_where_packages_come_from() -> None:
    for name in ("pyproject.toml", "constraints.txt", "Makefile", "tools/setup.sh", ".ci/run", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text("utf-8").lower()
        assert not re.search(r"index-url|find-links|https?://[\w.-]*(pypi|pythonhosted)", text), name


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("hatchling", reason="building a wheel needs hatchling (extra: dev)")
    place = tmp_path_factory.mktemp("wheel")
    # By hatchling itself: no second environment, and nothing is fetched.
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return next(place.glob("*.whl"))


def test_wheel_holds_everything_that_is_not_code(wheel: Path) -> None:
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("waterbed/")}
    package = ROOT / "src" / "waterbed"
    present = {
        f"waterbed/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert shipped == present
    assert {"waterbed/py.typed", "waterbed/scenario/library/liberterra.toml"} <= shipped


def test_wheel_alone_runs(wheel: Path, tmp_path: Path) -> None:
    """Unpacked somewhere else, without the sources beside it, and from a folder that nobody may write to."""
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    code = "import waterbed, sys; print(waterbed.__file__); from waterbed.cli import app; app(['scenarios'])"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=env | {"PYTHONPATH": str(tmp_path / "site")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path / "site"))
    assert "liberterra" in done.stdout


@pytest.mark.slow
def test_wheel_in_an_environment_of_its_own_runs_the_demo(wheel: Path, tmp_path: Path) -> None:
    """Installed by pip into a new environment, which borrows the libraries of this one but not its waterbed."""
    venv.create(tmp_path / "env", with_pip=False, symlinks=True)
    python = tmp_path / "env" / "bin" / "python"
    env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def done(*command: object) -> str:
        told = subprocess.run([str(c) for c in command], cwd=tmp_path, env=env, capture_output=True, text=True)
        assert told.returncode == 0, told.stderr
        return told.stdout

    # A folder named by a .pth file is searched for packages, but .pth files inside it (editable installs) are not read.
    site = Path(done(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    done(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    assert done(python, "-c", "import waterbed; print(waterbed.__file__)").startswith(str(site))
    shown = done(tmp_path / "env" / "bin" / "waterbed", "demo", "--replicates", "2", "--workers", "1")
    assert "crossings on the treated legs" in shown and (tmp_path / "out" / "demo" / "report.html").is_file()


def test_setup_without_any_python_says_what_to_install(tmp_path: Path) -> None:
    tools, bin_ = tmp_path / "tools", tmp_path / "bin"
    tools.mkdir()
    bin_.mkdir()
    shutil.copy(ROOT / "tools" / "setup.sh", tools)
    for name in ("sh", "dirname", "rm"):
        (bin_ / name).symlink_to(shutil.which(name) or "")
    # Shims that do not run, as pyenv leaves them, are no Python and no uv.
    for name in ("python3", "python3.12", "uv"):
        (bin_ / name).write_text("#!/bin/sh\nexit 127\n")
        (bin_ / name).chmod(0o755)
    done = subprocess.run(
        ["sh", "tools/setup.sh"], cwd=tmp_path, env={"PATH": str(bin_), "HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "needs Python 3.12 or later" in done.stderr and "Install one" in done.stderr
    assert not (tmp_path / ".venv").exists()
