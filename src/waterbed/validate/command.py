"""What ``waterbed validate`` does: read the record, score the model on it, show the scorecard, store it.

To add a case, write a function that takes the observed file (or None) and the folder of results, and name it in CASES.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .. import console
from ..errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from .rolling import Scorecard


def run(case: str | None, observed: Path | None, out: Path | None, force: bool, as_json: bool) -> None:
    """One case, or all that need no file; raises :class:`~waterbed.errors.InputError` for what cannot be read."""
    if case is not None and case not in CASES:
        near = get_close_matches(case, CASES, 1)
        hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(CASES)}"
        raise InputError(f"validate: no case '{case}'; {hint}")
    if case is None and observed is not None:
        raise InputError(f"--observed {observed}: name the case that it belongs to; known are {', '.join(CASES)}")
    cases = [case] if case else [name for name in CASES if name not in OWN_DOWNLOAD]
    results = [CASES[name](observed, _folder(out, name, len(cases) > 1), force, as_json) for name in cases]
    if as_json:
        console.print_json(results[0] if case else results)


def _folder(out: Path | None, case: str, several: bool) -> Path | None:
    return None if out is None else out / case if several else out


def _claimed(out: Path | None, force: bool) -> Path | None:
    """The folder for results; what an interrupted validation left there (fits alone) is gone on from."""
    if out is None:
        return None
    from ..measures.tables import claim

    return claim(out, force)


def _southwest(observed: Path | None, out: Path | None, force: bool, as_json: bool) -> dict[str, Any]:
    from . import record, southwest

    read = record.read(observed)
    folder = _claimed(out, force)
    origins = len(southwest.dose(read)[0]) - southwest.LEAST_YEARS
    with console.progress("southwest: fits by origin", max(1, origins)) as advance:
        card = southwest.validate(read, folder / "fits" if folder else None, lambda done, _: advance(done))
    if folder is not None:
        _store(card, folder, observed)
    if not as_json:
        _show(card, folder)
    return {"case": card.case, "scores": _plain(card.scores), "skipped": card.skipped}


def _shares(observed: Path | None, out: Path | None, force: bool, as_json: bool) -> dict[str, Any]:
    """Detections by route and year, from the user's own download."""
    from . import frontex, mediterranean

    path = _download("mediterranean-shares", observed, frontex.MONTHS)
    return _basin(lambda: mediterranean.shares(frontex.read_months(path)), path, out, force, as_json)


def _nationality(observed: Path | None, out: Path | None, force: bool, as_json: bool) -> dict[str, Any]:
    """Detections by nationality, route and year, from the user's own download."""
    from . import frontex, mediterranean

    path = _download("mediterranean-nationality", observed, frontex.NATIONALITIES)
    return _basin(lambda: mediterranean.nationality(frontex.read_nationalities(path)), path, out, force, as_json)


def _download(case: str, observed: Path | None, columns: Sequence[str]) -> Path:
    """The file of a case whose record may not be shipped; raises :class:`~waterbed.errors.InputError` without it."""
    from .frontex import DOWNLOAD

    if observed is None:
        raise InputError(f"validate {case}: its record is for private use and not shipped; download '{DOWNLOAD}', save "
                         f"it as CSV with columns {', '.join(columns)}, and pass it with --observed FILE")  # fmt: skip
    return observed


def _basin(
    make: Callable[[], Scorecard], observed: Path, out: Path | None, force: bool, as_json: bool
) -> dict[str, Any]:
    card = make()
    folder = _claimed(out, force)
    if folder is not None:
        _store(card, folder, observed)
    if not as_json:
        _show(card, folder)
    return {"case": card.case, "scores": _plain(card.scores), "skipped": card.skipped}


def _store(card: Scorecard, folder: Path, observed: Path | None) -> None:
    from ..measures.provenance import provenance
    from ..measures.tables import digest, whole
    from ..report.validation import draw
    from ..scenario import load

    tables = {"scores": card.scores, "forecasts": card.forecasts, "parameters": card.fits}
    for name, table in tables.items():
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        whole(folder / f"{name}.csv", lambda temporary, text=text: temporary.write_text(text, "utf-8"))
    skipped = "".join(f"{line}\n" for line in card.skipped) or "nothing\n"
    whole(folder / "skipped.txt", lambda temporary: temporary.write_text(skipped, "utf-8"))
    draw(card.forecasts, card.scores, folder / "figures", *WORDS[card.case])
    about = provenance("validation", load(card.case.partition("-")[0]), case=card.case, digest=digest(tables),
                       observed=str(observed) if observed else "the package's record")  # fmt: skip
    whole(folder / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))


WORDS = {
    "southwest": ("Apprehensions by sector", "Thousands a fiscal year", "agents"),
    "mediterranean-shares": ("Detections by route", "Thousands a year", "dated policies"),
    "mediterranean-nationality": ("Detections by nationality and route", "Thousands a year", "dated policies"),
}
"""Title, unit and dose of the figure of each case."""
TITLES = {"share_distance": "distance of shares", "rmsle": "RMSLE", "wape": "WAPE", "crps": "CRPS",
          "coverage_50": "within 50 %", "coverage_90": "within 90 %"}  # fmt: skip


def _show(card: Scorecard, folder: Path | None) -> None:
    """The scorecard: for every period and horizon the model, the baselines, and skill with its interval."""
    for period, rows in card.scores.groupby("period", sort=False):
        print(f"\n{card.case}, {period}: mean score (skill against it, and its 90 % interval)")
        for (horizon, n), part in rows.groupby(["horizon", "n"], sort=False):
            years = f"{horizon} year{'s' if horizon > 1 else ''} ahead, {n} origin{'s' if n > 1 else ''}"
            names = list(dict.fromkeys(part["baseline_name"]))
            print((f"  {years:30}{'waterbed':>9}" + "".join(f"   {name:29}" for name in names)).rstrip())
            for metric, by in part.groupby("metric", sort=False):
                at = by.set_index("baseline_name")
                cells = "".join(f"   {_against(at.loc[name]):29}" for name in names)
                print(f"    {TITLES[str(metric)]:28}{by['model'].iloc[0]:9.3f}{cells}".rstrip())
    for line in card.skipped:
        print(f"skipped: {line}")
    if folder is not None:
        print(f"Stored in {folder}")


def _against(row: pd.Series) -> str:
    if math.isnan(row["skill"]):
        return f"{row['baseline']:.3f}"
    spread = "" if math.isnan(row["low"]) else f" [{row['low']:+.2f}, {row['high']:+.2f}]"
    return f"{row['baseline']:.3f} ({row['skill']:+.2f}{spread})".replace("-0.00", "+0.00")


def _liberterra(observed: Path | None, out: Path | None, force: bool, as_json: bool) -> dict[str, Any]:
    """INTERPOL's operations: the last predicted from those before it, and each of these from the others."""
    if observed is not None:
        raise InputError(f"--observed {observed}: the case 'liberterra' is scored on what INTERPOL published, which "
                         "the package ships; leave the option out")  # fmt: skip
    from . import operations

    folder = _claimed(out, force)
    with console.progress("liberterra: operations predicted", 2) as advance:
        predicted = operations.predict()
        advance(1)
        left_out = operations.leave_one_out()
        advance(2)
    tables = {"prediction": predicted, "leave_one_out": left_out, "coverage": operations.coverage(left_out)}
    if folder is not None:
        _store_operations(tables, folder)
    if not as_json:
        _show_operations(tables, folder)
    return {"case": "liberterra", "skipped": []} | {name: _plain(table) for name, table in tables.items()}


def _store_operations(tables: dict[str, pd.DataFrame], folder: Path) -> None:
    from ..measures.provenance import provenance
    from ..measures.tables import digest, whole
    from .staging import PREDICTED, staged

    for name, table in tables.items():
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        whole(folder / f"{name}.csv", lambda temporary, text=text: temporary.write_text(text, "utf-8"))
    about = provenance("validation", staged(PREDICTED), case="liberterra", digest=digest(tables))
    whole(folder / "provenance.json", lambda temporary: temporary.write_text(json.dumps(about, indent=2) + "\n"))


def _show_operations(tables: dict[str, pd.DataFrame], folder: Path | None) -> None:
    """Forecasts beside what was published, and how often intervals held, in 80 columns."""
    for listed, rows in tables["prediction"].groupby("countries", sort=False):
        print(f"\nLiberterra III from the operations before it, countries {listed}")
        print(f" {'':28}{'published':>10}{'median':>8} {'90 % interval':15} {'CRPS (naive)':>13}")
        for r in rows.itertuples(index=False):
            band = f"{r.low:,.0f} to {r.high:,.0f}"
            scores = f"{r.crps:,.0f} ({r.naive_crps:,.0f})"
            print(f" {str(r.row).replace('_', ' '):28}{r.published:>10,.0f}{r.median:>8,.0f} {band:15} {scores:>13}")
    print("\nEach earlier operation from the others: share within the interval")
    print(f"  {'':30}{'rows':>5}{'50 %':>7}{'90 %':>7}   95 % interval")
    for r in tables["coverage"].itertuples(index=False):
        name = str(r.row).replace("_", " ")
        print(f"  {name:30}{r.n:>5}{r.in50:>7.2f}{r.in90:>7.2f}   {r.low:.2f} to {r.high:.2f}")
    if folder is not None:
        print(f"Stored in {folder}")


def _plain(table: Any) -> list[dict[str, Any]]:
    return console.records(table)


CASES: dict[str, Callable[[Path | None, Path | None, bool, bool], dict[str, Any]]] = {
    "southwest": _southwest,
    "mediterranean-shares": _shares,
    "mediterranean-nationality": _nationality,
    "liberterra": _liberterra,
}
OWN_DOWNLOAD = ("mediterranean-shares", "mediterranean-nationality")
"""Cases whose record is not shipped; run by name, with a file."""
