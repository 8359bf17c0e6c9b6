"""The page of a study: one file that opens offline."""

from __future__ import annotations

import html
import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from ...measures.tables import whole
from .. import style
from ..html import colors, inline, svg
from ..page import fonts
from ..style import interval, number, percent
from ..tables import table
from .figures import all_figures
from .findings import headline
from .names import chance, effect_name, factor_name, title_of
from .stored import Stored

if TYPE_CHECKING:
    import pandas as pd

_ROWS = 60


def read(folder: Path) -> Stored:
    """A study's tables. Raises InputError where the folder holds none."""
    import pandas as pd

    try:
        about = json.loads((folder / "provenance.json").read_text("utf-8"))
        summary = _text(pd.read_csv(folder / "summary.csv"))
        more = [_text(pd.read_csv(path)) if (path := folder / f"{name}.csv").is_file() else None
                for name in ("sensitivity", "convergence")]  # fmt: skip
        stored = Stored(about, summary, pd.read_parquet(folder / "runs.parquet"), *more)
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"{folder}: cannot be read as a study ({error}); make it again with waterbed study") from error
    if more[0] is not None and "null" not in more[0]:
        raise InputError(f"{folder}: its indices are of an older version; make it again with waterbed study")
    return stored


def _text(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("key", "unit", "note", "factor", "status"):
        if name in table:
            table[name] = table[name].astype(object).fillna("").astype(str)
    return table


def write(folder: Path) -> Path:
    """Draw the figures and the page of the study in a folder."""
    stored = read(folder)
    drawn = []
    with style.context():
        for name, (figure, said) in all_figures(stored).items():
            text = svg(figure, "path")
            whole(folder / "figures" / f"{name}.svg", lambda t, text=text: t.write_text(text, encoding="utf-8"))
            whole(folder / "figures" / f"{name}.png", lambda t, f=figure: f.savefig(t, format="png", dpi=200))
            drawn.append((inline(svg(figure, "none"), name), said))
    page = _page(stored, drawn)
    whole(folder / "report.html", lambda temporary: temporary.write_text(page, encoding="utf-8"))
    return folder / "report.html"


def _shown(value: Any) -> str:
    return number(value, 4) if isinstance(value, int | float) else html.escape(str(value))


def _summary(stored: Stored, effect: tuple[str, str, str]) -> str:
    rows = stored.rows(effect)
    share = effect[2].startswith("share")
    lines = []
    for row in rows.head(_ROWS).to_dict("records"):
        where = [_shown(row[factor]) for factor in stored.factors]
        known = row["status"] == "ok"
        value = (percent if share else number)(row["estimate"]) if row["estimate"] == row["estimate"] else "–"
        said = interval(row["low"], row["high"], share) if known else "–"
        lines.append([*where, str(row["replicates"]), value, said, "" if known else html.escape(_why(row))])
    more = (
        f"<p class=lead>The first {_ROWS} of {len(rows):,} points; all are in summary.csv.</p>"
        if len(rows) > _ROWS
        else ""
    )
    header = [*(html.escape(factor_name(stored, f)) for f in stored.factors), "Replicates", "Estimate", "90 % interval"]
    first = len(header) - 3
    if any(line[-1] for line in lines):
        header.append("Why there is none")
    else:
        lines = [line[:-1] for line in lines]
    return table(title_of(effect), header, lines, {first, first + 1, first + 2}) + more


def _why(row: dict[str, Any]) -> str:
    """Why a point has no interval."""
    return f"{row['status']}: {row['note']}" if row["note"] else str(row["status"])


def _indices(stored: Stored) -> str:
    if stored.sensitivity is None:
        return ""
    shown = {effect[0]: effect_name(effect) for effect in stored.effects}
    lines = []
    for row in stored.sensitivity[stored.sensitivity["effect"].isin(shown)].to_dict("records"):
        known = row["status"] == "ok"
        said = (
            f"{number(row['low'])} to {number(row['high'])}"
            if known and row["low"] == row["low"]
            else row["note"] or "–"
        )
        # An analysis that could not be made is one row without a factor.
        factor = " and ".join(factor_name(stored, part) for part in row["factor"].split(" × ") if part) or "–"
        value = number(row["value"]) if row["value"] == row["value"] else "–"
        lines.append([html.escape(shown[row["effect"]]), html.escape(factor), html.escape(row["index"]), value,
                      html.escape(said), chance(row["chance_share"])])  # fmt: skip
    header = ["Effect", "Factor", "Index", "Value", "90 % interval", "Variance that is chance"]
    return f"<h2>Sensitivity indices</h2>{table('Each with its interval', header, lines, {3, 4, 5})}"


def _page(stored: Stored, drawn: list[tuple[str, str]]) -> str:
    about, study = stored.about, stored.about["study"]
    css = colors() + fonts() + (files("waterbed.report") / "page.css").read_text(encoding="utf-8")
    title = html.escape(headline(stored))
    figures = "".join(
        f'<figure role="img" aria-label="{html.escape(said)}"><div class="wide" tabindex="0">{drawing}</div>'
        f"<figcaption>{html.escape(said)}</figcaption></figure>"
        for drawing, said in drawn
    )
    tables = "".join(_summary(stored, effect) for effect in stored.effects)
    kept = {k: v for k, v in about.items() if k not in ("scenario", "seeds", "study")}
    failed = (
        f"<p><b>{about['failed']:,} runs failed</b> and are left out; see runs.parquet.</p>" if about["failed"] else ""
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>{title}</title><style>{css}</style></head><body><main id="main">
<p class="kicker">Waterbed · study {html.escape(study["name"])} · simulation, not a forecast</p><h1>{title}</h1>
<p class="lead">{html.escape(study["title"] or f"Scenario {study['scenario']}")}. {about["points"]:,} points
({html.escape(study["design"]["kind"])}), {study["replicates"]} replicates: {about["runs"]:,} pairs of runs, each point
against its twin under the same chance.</p>{failed}{figures}
{_indices(stored)}<h2>Estimates</h2>{tables}
<h2>What this cannot say</h2><ul><li>A simulation of stylised behaviour, whose parameters are mostly judgement: the order of
effects is more to be trusted than their size.</li><li>Intervals hold chance alone; what is not known about the parameters
that do not vary here, or about the model itself, is not in them.</li><li>Aggregate policy research, meant to protect people.
It predicts no person and no group, and gives no advice on evading anybody.</li></ul>
<h2>Provenance</h2><details><summary>Version, platform, digest</summary><pre>{html.escape(json.dumps(kept, indent=1))}</pre></details>
<details><summary>The study</summary><pre>{html.escape(json.dumps(study, indent=1))}</pre></details>
<details><summary>The scenario</summary><pre>{html.escape(json.dumps(about.get("scenario"), indent=1))}</pre></details>
</main></body></html>
"""
