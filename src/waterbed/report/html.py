"""The report: one page that opens offline, says what was found, and what it cannot say."""

from __future__ import annotations

import html
import io
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import effects, fates, style, timelines
from .style import interval, number, percent, records

if TYPE_CHECKING:
    import pandas as pd

    from ..measures.comparison import Comparison


def write_report(comparison: Comparison | str | Path, folder: str | Path) -> Path:
    """Draw the figures (SVG and PNG) and ``report.html`` into a folder; returns the page's path."""
    from ..measures.comparison import Comparison as Kept
    from ..measures.tables import whole

    if isinstance(comparison, (str, Path)):
        comparison = Kept.load(comparison)
    path = Path(folder)
    drawn = _figures(comparison, path / "figures")
    page = _page(comparison, drawn)
    whole(path / "report.html", lambda temporary: temporary.write_text(page, encoding="utf-8"))
    return path / "report.html"


def _figures(comparison: Comparison, folder: Path) -> dict[str, str]:
    from ..measures.tables import whole

    drawn = {}
    with style.context():
        from . import map as map_figure

        for name, draw in {
            "timelines": timelines.draw, "fates": fates.draw, "map": map_figure.draw, "effects": effects.draw,
        }.items():  # fmt: skip
            figure = draw(comparison)
            svg = io.StringIO()
            figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
            drawn[name] = svg.getvalue()
            whole(folder / f"{name}.svg", lambda t, text=drawn[name]: t.write_text(text, encoding="utf-8"))
            whole(folder / f"{name}.png", lambda t, figure=figure: figure.savefig(t, format="png", dpi=200))
    return drawn


def _inline(svg: str, name: str, alt: str) -> str:
    """An SVG for the page: no prolog, own ids, a text for those who do not see it."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r'id="([^"]+)"', rf'id="{name}-\1"', body)
    body = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", body)
    body = re.sub(r'href="#([^"]+)"', rf'href="#{name}-\1"', body)
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    return body.replace("<svg", f'<svg role="img" aria-label="{html.escape(alt, quote=True)}"', 1)


def headline(comparison: Comparison) -> str:
    """The finding in one sentence."""
    lost = comparison.effect("treated_crossings_lost", "during and after")
    if lost["status"] != "ok" or not (lost["low"] > 0 or lost["high"] < 0):
        return "No loss of crossings on the treated legs can be told from zero"
    moved = comparison.effect("displacement_spatial")
    word = "cut" if lost["mean"] > 0 else "raised"
    text = f"The measure {word} crossings on the treated legs by {percent(abs(lost['mean']))}"
    if moved["status"] == "ok" and lost["mean"] > 0:
        if moved["low"] > 0:
            return f"{text}; of 100 crossings lost there, {number(100 * moved['mean'])} moved to other routes"
        return f"{text}; that any of it moved to other routes cannot be told from zero"
    return text


def _cards(comparison: Comparison) -> str:
    asked = [
        (
            "treated_crossings_lost",
            "during and after",
            "of crossings on the treated legs lost, during the measure and the window after",
            True,
        ),
        ("days_to_recover", "treated", "days after the end until the flow is back at 95 %", False),
        ("displacement_spatial", "", "of the treated loss moved to other counted routes", True),
        ("deaths_change", "during and after", "deaths, with minus without", False),
        ("exploited_person_days_change", "to the end", "person-days of exploitation, with minus without", False),
        (
            "officer_days_per_prevented_crossing",
            "during and after",
            "officer-days per crossing prevented anywhere",
            False,
        ),
    ]
    cards = []
    for name, key, words, share in asked:
        row = comparison.effect(name, key)
        signed = name.endswith("change")
        if row["status"] != "ok":
            cards.append(
                f'<div class="card"><b>–</b>{words}<br><small>not identified: {html.escape(row["note"])}</small></div>'
            )
            continue
        value = percent(row["mean"]) if share else number(row["mean"], signed=signed)
        cards.append(
            f'<div class="card"><b>{value}</b>{words}<br><small>{interval(row["low"], row["high"], share, signed)} '
            "(how well the mean is known)</small></div>"
        )
    return f'<div class="cards">{"".join(cards)}</div>'


def _table(header: list[str], rows: list[list[str]], numeric: set[int]) -> str:
    def cell(tag: str, i: int, text: str) -> str:
        return f"<{tag}{' class=n' if i in numeric else ''}>{text}</{tag}>"

    head = "".join(cell("th", i, h) for i, h in enumerate(header))
    body = "".join("<tr>" + "".join(cell("td", i, c) for i, c in enumerate(r)) + "</tr>" for r in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _effects(table: pd.DataFrame) -> str:
    rows = []
    for r in records(table):
        share = r.unit == "share" or r.unit == "share of loss"
        show = percent if share else number
        name = f"{r.effect.replace('_', ' ')}{f' <span class=dim>({html.escape(r.key)})</span>' if r.key else ''}"
        if r.status != "ok":
            rows.append([name, html.escape(r.unit), "–", "not identified", html.escape(r.note)])
            continue
        rows.append(
            [
                name,
                html.escape(r.unit),
                show(r.mean),
                interval(r.low, r.high, share),
                interval(r.run_low, r.run_high, share),
            ]
        )
    return _table(
        ["Effect", "Unit", "Estimate", "How well the mean is known", "What a single run may bring"], rows, {2}
    )


def _operations(table: pd.DataFrame) -> str:
    rows = [
        [
            html.escape(f"{r.operation}: {r.row.replace('_', ' ')}"),
            number(r.published, 5),
            number(r.mean, 3),
            f"{number(r.low, 3)} to {number(r.high, 3)}",
            number(r.naive, 3),
        ]
        for r in records(table)
    ]
    return _table(["Row", "Published", "Simulated, mean", "90 % of runs", "Naive forecast"], rows, {1, 2, 3, 4})


def _sets(sets: dict[str, Any]) -> str:
    items = []
    for name in ("treated", "buffer", "control"):
        legs = sets[name]
        shown = ", ".join(html.escape(leg) for leg in legs[:12]) + (
            f" and {len(legs) - 12} more" if len(legs) > 12 else ""
        )
        items.append(
            f"<li><b>{name}</b> ({len(legs)}): {shown or 'none, so estimators that need one say nothing'}</li>"
        )
    return f"<ul>{''.join(items)}</ul><p class=lead>Treated are {html.escape(sets['why'] or 'no legs')}.</p>"


_LIMITS = """
<ul><li>A simulation of stylised behaviour. Most parameters are judgement (see <code>waterbed scenario NAME --resolved</code>): the
order of effects is more to be trusted than their size.</li>
<li>Intervals hold chance alone. They do not hold what is not known about parameters or about the model itself.</li>
<li>Published counts of operations are outputs, recorded by those who took part. They are shown beside simulated ones, and the model is
<b>not calibrated</b> to them: a gap between the two is a gap of the model.</li>
<li>Aggregate policy research, meant to protect people. It predicts no person and no group, and gives no advice on evading anybody.</li></ul>
"""


def _css() -> str:
    return (files("waterbed.report") / "page.css").read_text(encoding="utf-8")


def _page(comparison: Comparison, drawn: dict[str, str]) -> str:
    about = comparison.provenance
    kept = {k: v for k, v in about.items() if k not in ("scenario", "against", "seeds")}
    scale = comparison.cohort.get("part_of_interval_due_to_scale")
    ppa = about["scenario"]["persons_per_agent"]
    due = (
        ""
        if scale is None
        else f" About {percent(scale)} of the variance between runs is due to one agent standing for {ppa} people."
    )
    interrupted = (
        "<p><b>Interrupted:</b> fewer replicates were done than were asked for.</p>" if about.get("interrupted") else ""
    )
    title = html.escape(headline(comparison))
    figures = "".join(
        f"<h2>{heading}</h2><figure>{_inline(drawn[name], name, alt)}<figcaption>{caption}</figcaption></figure>"
        for name, heading, alt, caption in (
            (
                "timelines",
                "What was disrupted, and for how long",
                timelines.title(comparison),
                "Completed crossings a day on the treated legs in both worlds; below, differences within pairs of runs.",
            ),
            (
                "fates",
                "What became of the same people",
                fates.title(comparison),
                "Each person lives in both worlds, under the same chance; no field study can observe this.",
            ),
            (
                "map",
                "Where the flow went",
                "Map of the change of crossings by leg",
                "Change of crossings by leg during the measure and the window after it, where its 90 % interval excludes zero.",
            ),
            (
                "effects",
                "Which effects can be told from zero",
                effects.title(comparison),
                "Shares of the world without; the name says whether it is lost or gained. The thin bar, what a single run may bring, is the one to plan with.",
            ),
        )
    )
    return f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title><style>{_css()}</style></head><body><main>
<p class="kicker">WATERBED · {html.escape(comparison.name)} · SIMULATION, NOT A FORECAST</p><h1>{title}</h1>
<p class="lead">{html.escape(comparison.title)}. The same world with and without, person by person and draw by draw:
{comparison.replicates} pairs of runs.{due}</p>{interrupted}{_cards(comparison)}{figures}
<h2>Effects</h2>{_effects(comparison.effects)}
<h2>The operation's own table</h2><p class="lead">What the operation itself would report: outputs, not outcomes.</p>{_operations(comparison.operation)}
<h2>What is compared</h2>{_sets(comparison.sets)}
<h2>What this cannot say</h2>{_LIMITS}
<h2>Provenance</h2><details><summary>Version, seed, platform, window</summary><pre>{html.escape(json.dumps(kept, indent=1))}</pre></details>
<details><summary>The scenario</summary><pre>{html.escape(json.dumps(about["scenario"], indent=1))}</pre></details>
</main></body></html>
"""
