"""The 25 testable stylised facts of the literature: which hold, and in how large a share of parameter space.

Each compares worlds that differ in one thing, under the same chance, and says beforehand where its quantities have to
lie (``experiments/stylised/catalogue.py``): mostly the whole 95 % interval (bootstrap over pairs) has to. Designs were
tried on seeds 0-39; what is reported comes from seeds 5000 on (9000 on where a test was declared anew), shares of
space from seeds 6000 on.

    python experiments/facts.py [--only 1 4] [--points 40] [--workers 2] [--store out/facts] [--out results/validation]

Leaves facts.csv (a row a fact) in --out, and in its folder facts/ facts.csv (a row a quantity), space.csv, shares.csv,
facts.png, provenance.json; and writes docs/facts.md where --page names it. With --only, what is stored there of the
other facts stays. Every value is kept in --store as it comes, so that the same command goes on where it was stopped.
The exit code is 0 whatever holds: facts that fail are a result.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

import pandas as pd
from stylised import page, space
from stylised.catalogue import FACTS
from stylised.fact import Fact, Lab
from stylised.figure import draw
from stylised.store import Store
from stylised.verdict import rows, summary

from waterbed import interrupt
from waterbed.engine.compiled import version
from waterbed.measures.provenance import provenance

FIRST_IN_SPACE = 6000
PAIRS_IN_SPACE = 6


def evaluate(store: Store, facts: tuple[Fact, ...], pairs: int, workers: int) -> pd.DataFrame:
    """All quantities of these facts at the defaults; ``pairs`` in place of each fact's own number where it is given."""
    seeds = {f.number: range(f.first, f.first + (pairs or f.pairs)) for f in facts}
    store.fill([(f.number, "", s) for f in facts for s in seeds[f.number]], workers)
    return pd.DataFrame([row for f in facts for row in rows(f, store.terms(f.number, "", seeds[f.number]))])


def over_space(store: Store, facts: tuple[Fact, ...], count: int, workers: int) -> pd.DataFrame:
    """The quantities of the cheap ones of these facts at the points of the hypercube."""
    chosen = [fact for fact in space.tried() if fact in facts]
    at, seeds = space.points(count), range(FIRST_IN_SPACE, FIRST_IN_SPACE + PAIRS_IN_SPACE)
    store.fill([(f.number, p, s) for p in at for f in chosen for s in seeds], workers)
    return space.table(store, chosen, at, seeds)


def tell(quantities: pd.DataFrame) -> None:
    """Every quantity, with its interval and verdict."""
    for title, mine in quantities.groupby("title", sort=False):
        verdict = "DOES NOT HOLD" if (mine["holds"] == "no").any() else "holds"
        print(f"\n{mine['fact'].iloc[0]}. {title}: {verdict}")
        for r in mine.itertuples():
            band = f"[{r.low:.3g}, {r.high:.3g}]"
            print(f"   {r.quantity:<52} {r.estimate:>8.3g} {band:<20} {r.unit:<8} {r.wanted:<36} {r.holds}")


def beside(new: pd.DataFrame, path: Path, evaluated: tuple[Fact, ...]) -> pd.DataFrame:
    """A table with the stored rows of the facts that were not evaluated now, by fact."""
    if not path.exists():
        return new
    stored = pd.read_csv(path, keep_default_na=False, na_values={"estimate": "", "low": "", "high": ""})
    kept = stored[~stored["fact"].isin([f.number for f in evaluated])]
    if new.empty:
        return kept
    return pd.concat([kept, new], ignore_index=True).sort_values("fact", kind="stable", ignore_index=True)


def write(
    out: Path, quantities: pd.DataFrame, found: pd.DataFrame, points: int, evaluated: tuple[Fact, ...]
) -> pd.DataFrame:
    """All tables, the figure and the provenance; returns the table with a row a fact."""
    folder = out / "facts"
    folder.mkdir(parents=True, exist_ok=True)
    quantities, found = (
        beside(new, folder / name, evaluated) for new, name in ((quantities, "facts.csv"), (found, "space.csv"))
    )
    shares = space.shares(found)
    table = summary(FACTS, quantities, shares)
    table.to_csv(out / "facts.csv", index=False, float_format="%.5g")
    quantities.to_csv(folder / "facts.csv", index=False, float_format="%.5g")
    found.to_csv(folder / "space.csv", index=False, float_format="%.5g")
    shares.to_csv(folder / "shares.csv", index=False, float_format="%.5g")
    draw(table, quantities, folder)
    about = provenance(
        "facts", Lab().scenario(), first_seeds={f.number: f.first for f in FACTS},
        pairs={f.number: f.pairs for f in FACTS}, points=points,
        first_seed_in_space=FIRST_IN_SPACE, pairs_in_space=PAIRS_IN_SPACE, design_seed=space.DESIGN_SEED,
        factors=[axis.address for axis in space.axes()], model_version=version(),
    )  # fmt: skip
    (folder / "provenance.json").write_text(json.dumps(about, indent=2) + "\n")
    return table


def main(arguments: list[str]) -> int:
    """Evaluate, tell, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--only", type=int, nargs="+", default=[f.number for f in FACTS])
    parser.add_argument("--pairs", type=int, default=0, help="in place of each fact's own number")
    parser.add_argument("--points", type=int, default=40, help="of parameter space; 0: none")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--store", type=Path, default=Path("out/facts"))
    parser.add_argument("--out", type=Path, default=None)
    parser.add_argument("--page", type=Path, default=None)
    given = parser.parse_args(arguments)
    facts = tuple(f for f in FACTS if f.number in given.only)
    store = Store(given.store / "terms.jsonl")
    interrupt.listen()
    try:
        quantities = evaluate(store, facts, given.pairs, given.workers)
        tell(quantities)
        if given.out is None:
            return 0
        found = over_space(store, facts, given.points, given.workers)
    except KeyboardInterrupt:
        print(f"stopped; what is done lies in {given.store}, and the same command goes on from there", file=sys.stderr)
        return 130
    table = write(given.out, quantities, found, given.points, facts)
    if given.page is not None:
        stored = (pd.read_csv(given.out / name) for name in ("facts.csv", "facts/space.csv"))
        given.page.write_text(page.text(*stored), encoding="utf-8")
    held = int((table["verdict"] == "holds").sum())
    print(f"\n{held} of {len(table)} facts hold")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
