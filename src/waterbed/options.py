"""Options that several commands share."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer


def _names(incomplete: str) -> list[str]:
    """Bundled scenarios, for the shell's completion."""
    from .scenario import bundled

    return [name for name in bundled() if name.startswith(incomplete)]


def _addresses(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Parameters of the scenario that the command names, and what each means, for the shell's completion."""
    from .errors import InputError
    from .scenario import load
    from .scenario.addresses import addresses

    try:
        chosen = load(next(iter(context.args), "classroom"))  # what is typed is in order, not yet read
    except InputError:
        return []
    known = addresses(chosen).items()
    found = [(name, declared.meaning) for name, (_, declared) in known if name.startswith(incomplete)]
    return [(f"{name}=", re.split(r"[.:;](?: |$)", meaning)[0]) for name, meaning in found]


Source = Annotated[str, typer.Argument(metavar="NAME|FILE", help="A bundled scenario or a TOML file.",
                                       autocompletion=_names)]  # fmt: skip
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a parameter, say operations.surge.officers=300.",
                 autocompletion=_addresses),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed: the same seed gives the same bits.")]
Replicates = Annotated[int, typer.Option(min=1, help="Pairs of runs, with and without.")]
Doses = Annotated[str | None, typer.Option(metavar="X,X,…", help="Fewer officers and more too: 0.5,2 for half and "
                                           "twice as many.")]  # fmt: skip
Workers = Annotated[int | None, typer.Option(min=1, help="Processes; by default one a core.")]
Out = Annotated[Path | None, typer.Option(metavar="DIR", help="Where results are stored; without it, only shown.")]
DemoOut = Annotated[Path | None, typer.Option(metavar="DIR", help="Where results are stored; by default out/demo, "
                                              "overwritten.")]  # fmt: skip
Force = Annotated[bool, typer.Option("--force", help="Overwrite a run that is stored there.")]
Csv = Annotated[bool, typer.Option("--csv", help="Write CSV beside Parquet.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the results as one JSON object.")]
