"""Fit `southwest` to its record up to fiscal year 2000, and write what was found for tools/southwest.py.

    python -m tools.fit_southwest && python -m tools.southwest

A fit that does not converge writes nothing.
"""

from __future__ import annotations

import sys

from waterbed.network import load_world
from waterbed.network.csv_pair import whole
from waterbed.validate.fitting import PRIORS
from waterbed.validate.record import SECTORS, read
from waterbed.validate.southwest import fit_until

from .southwest import LAST, TABLES


def main() -> None:
    """Fit, and write ``southwest_fit.csv``."""
    found = fit_until(read(), LAST)
    if not found.converged:
        sys.exit(f"the fit did not converge after {found.evaluations} evaluations; nothing is written")
    said = f"tools/fit_southwest.py, fiscal years 1992-{LAST}"
    people = found.level * load_world("southwest").classes["people_per_year"].sum()
    rows = [("people_per_year", people, "person/year", said)]
    for prior in PRIORS:
        name = "search_width_per_km" if prior.name == "width" else prior.name
        rows.append((name, getattr(found.shared, prior.name), prior.unit, said))
    rows += [(f"constant.{s}", c, "USD", said) for s, c in zip(SECTORS, found.constants, strict=True)]
    lines = ["name,value,unit,source", *(f'{n},{v:.6g},{u},"{s}"' for n, v, u, s in rows)]
    whole(TABLES / "southwest_fit.csv", "\n".join(lines) + "\n")
    print(f"objective {found.objective:.3f} after {found.evaluations} evaluations; wrote southwest_fit.csv")


if __name__ == "__main__":
    main()
