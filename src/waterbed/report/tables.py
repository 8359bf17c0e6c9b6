"""The page's tables: effects, legs, the operation's own, harm and cost, what is compared, limits, data."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from ..measures.operation import beside_published
from . import atlas, words
from .operation import AT, NAMES, NOT_SIMULATED, unlike
from .style import count, listed, number, percent, plural, records, span, whole

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_LEGS, _SOURCES, _SET = 20, 15, 12


def table(caption: str, header: list[str], rows: list[list[str]], numeric: set[int] | None = None) -> str:
    """A table with a caption, scoped headers, and the first cell of each row as its header; cells are HTML."""
    right = numeric or set()
    head = "".join(f'<th scope="col"{" class=n" if i in right else ""}>{h}</th>' for i, h in enumerate(header))
    body = "".join(
        "<tr>"
        + "".join(
            f'<th scope="row">{c}</th>' if i == 0 else f"<td{' class=n' if i in right else ''}>{c}</td>"
            for i, c in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(caption, quote=True)}"><table><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def effects(comparison: Comparison) -> str:
    """All effects, a table a group."""
    found: dict[str, list[list[str]]] = {g: [] for g in words.GROUPS}
    for r in records(comparison.effects):
        group, name = words.group_and_name(r.effect, r.key)
        cell = f'{escape(name)}<br><code class="dim">{escape(r.effect)}</code>'
        unit = "" if r.unit in words.SHARES else escape(r.unit)
        if r.mean != r.mean:
            found[group].append([cell, unit, "–", "not identified", escape(r.note)])
        elif words.unmoved({"status": r.status, "mean": r.mean, "low": r.low, "high": r.high}):
            found[group].append([cell, unit, "0", "no change in any run", "–"])
        else:
            found[group].append(
                [cell, unit, words.value(r), words.bounds(r, "run_low", "run_high"), words.bounds(r, "low", "high")]
            )
    return "".join(
        table(
            title,
            [
                "Effect",
                "Unit",
                "Estimate",
                "90\u202f% of single runs",
                "How well the estimate is known (90\u202f% bootstrap)",
            ],
            found[group],
            {2, 3, 4},
        )
        for group, title in words.GROUPS.items()
        if found[group]
    )


def legs(comparison: Comparison) -> str:
    """The legs whose change is largest and can be told from zero."""
    found = atlas.sure(comparison.legs)
    if found.empty:
        return "<p>On no leg can a change be told from zero.</p>"
    rows = [
        [
            escape(f"{r.tail} → {r.head}"),
            escape(r.mode),
            escape(r.route or "–"),
            "treated" if r.part == "treated" else escape(r.part or "–"),
            count(r.without),
            number(r.difference, 2, signed=True),
            span(r.low, r.high, signed=True),
        ]
        for r in records(found.head(_LEGS))
    ]
    more = f" The {_LEGS} largest of {len(found)}." if len(found) > _LEGS else ""
    return table(
        f"People by leg, during and after.{more}",
        ["Leg", "Mode", "Route", "Part", "Without", "Change", "90\u202f% of the mean"],
        rows,
        {4, 5, 6},
    )


def operation(comparison: Comparison) -> str:
    """The operation's own rows: simulated with 50 and 90 % intervals; beside a published operation, that and naive."""
    found = records(beside_published(comparison.operation))
    if not found:
        return "<p>The scenario has no operation.</p>"
    many = len({r.operation for r in found}) > 1
    real = any(r.published == r.published for r in found)
    rows = []
    for r in found:
        name = NAMES.get(r.row, r.row) + (f" ({r.operation})" if many else "")
        name += f" ({unlike(r)})" if unlike(r) else ""
        simulated = r.row != NOT_SIMULATED
        if not (real or simulated):
            continue
        known = simulated and r.low == r.low
        rows.append(
            [
                escape(name),
                *([whole(r.published)] if real else []),
                count(r.mean) if simulated else "–",
                _counts(r.low50, r.high50) if known else "–",
                _counts(r.low, r.high) if known else "–",
                *([count(r.naive)] if real else []),
            ]
        )
    simulated = ["Simulated, mean", "50\u202f% of runs", "90\u202f% of runs"]
    if not real:
        return table("Simulated; nothing is published of this operation", ["Row", *simulated], rows, {1, 2, 3})
    return table(
        "Published beside simulated; naive: rate of earlier operations times countries and days",
        ["Row", "Published", *simulated, "Naive forecast"],
        rows,
        {1, 2, 3, 4, 5},
    )


def _counts(low: float, high: float) -> str:
    return f"{count(low)} to {count(high)}"


def harm(comparison: Comparison) -> str:
    """Who paid: both worlds and the change; and what it took."""
    rows = []
    for effect, name in (
        ("deaths", "Deaths, during and after"),
        ("deaths_per_1000_crossings", "Deaths per 1\u202f000 crossings, during and after"),
        ("exploited_person_days", "Person-days of exploitation, to the end"),
        ("newly_exploited", "Newly exploited, to the end"),
        ("victims_protected", "Victims protected, to the end"),
    ):
        rows.append([name, *_worlds(comparison, effect), *_change(comparison.effect(f"{effect}_change"))])
    fee = comparison.effect("fees_paid_change")
    rows.append(["Fees paid by the cohort, USD", *_worlds(comparison, "fees_paid"), *_change(fee, share=True)])
    spent, each = comparison.effect("officer_days"), comparison.effect("officer_days_per_prevented_crossing")
    rows.append(["Officer-days more than without", "–", "–", *_change(spent)])
    rows.append(["Officer-days per crossing prevented", "–", "–", *_change(each, plus=False)])
    return table(
        "Harm and cost in both worlds",
        ["What", "Without", "With", "Change", "90\u202f% of single runs", "90\u202f% bootstrap"],
        rows,
        {1, 2, 3, 4, 5},
    )


def _worlds(comparison: Comparison, effect: str) -> list[str]:
    return [number(comparison.effect(effect, world)["mean"], 3) for world in ("without", "with")]


def _change(row: dict[str, Any], share: bool = False, plus: bool = True) -> list[str]:
    if row["mean"] != row["mean"]:
        return ["–", "not identified", escape(row["note"])]
    show = percent(row["mean"], signed=plus) if share else number(row["mean"], signed=plus)
    if words.unmoved(row):
        return ["0", "no change in any run", "–"]
    pairs = (("run_low", "run_high"), ("low", "high"))
    return [show, *(span(row[a], row[b], share, plus) if row[a] == row[a] else "no interval" for a, b in pairs)]


def sets(comparison: Comparison) -> str:
    """Treated, buffer and control legs, the cohort and the windows."""
    about, window, cohort = comparison.sets, comparison.provenance["window"], comparison.cohort
    items = []
    for name in ("treated", "buffer", "control"):
        found = about[name]
        shown = ", ".join(escape(leg.replace(" > ", " → ")) for leg in found[:_SET]) + (
            f" and {len(found) - _SET} more" if len(found) > _SET else ""
        )
        items.append(
            f"<li><b>{name}</b> ({len(found)}): {shown or 'none, so estimators that need one say nothing'}</li>"
        )
    length, after = window["end"] - window["start"], window["after"] - window["end"]
    return (
        f"<p>Treated are {escape(about['why'] or 'no legs')}.</p><ul>{''.join(items)}</ul>"
        f"<p>During: {plural(length, 'day')} from day {window['start']} of the run; after: the "
        f"{plural(after, 'day')} that follow. The cohort: "
        f"{count(cohort['people'])} people born on days {cohort['born_from']} to {cohort['born_to']}, each of "
        f"them in both worlds; "
        f"their fate is read {plural(cohort['fate_days'], 'day')} after birth.</p>"
    )


def limits(comparison: Comparison) -> str:
    """What neither the model nor this comparison can say."""
    known = [
        r
        for r in records(comparison.operation)
        if r.published == r.published and r.row not in ("officers", "countries")
    ]
    off = [NAMES[r.row].lower() for r in known if not r.low <= r.published <= r.high]
    gap = f" Here {listed(off)} {'lies' if len(off) == 1 else 'lie'} outside 90\u202f% of runs {AT}." if off else ""
    silent = comparison.effects[comparison.effects["mean"].isna()]["effect"].nunique()
    said = (
        f" Of {comparison.effects['effect'].nunique()} kinds of effect, {silent} are not identified here; the "
        f"tables say why."
        if silent
        else ""
    )
    few = " With so few pairs, bootstrap intervals are themselves rough." if comparison.replicates < 20 else ""
    return (
        "<ul><li>A simulation of stylised behaviour. Most parameters are judgement (<code>waterbed scenario "
        "NAME --resolved</code> "
        "tells which): the order of effects is more to be trusted than their size.</li>"
        f"<li>Intervals hold chance alone, not what is unknown about parameters or about the model "
        f"itself.{few}{said}</li>"
        "<li>A change by leg or by fate is not proof of a cause outside the model: both worlds are simulated.</li>"
        "<li>Counts that operations publish are outputs, recorded by those who took part. Where known, they stand "
        "beside simulated "
        f"ones; a gap between the two is a gap of the model.{gap}</li>"
        "<li>Aggregate policy research, meant to protect people. It predicts no person and no group, and gives "
        "no advice on "
        "evading anybody.</li></ul>"
    )


def data(comparison: Comparison) -> str:
    """Sources of the world's rows, and terms of what the page holds."""
    terms = (
        "<p>Base map: Natural Earth 1:110 million (public domain), as TopoJSON by world-atlas (ISC licence). "
        "Typeface: cut from Source Sans 3 (SIL Open Font License 1.1). The world's rows keep the terms of their "
        "sources, named below; those of the bundled worlds stand in their SOURCES.md. How to cite the software stands "
        "in CITATION.cff.</p>"
    )
    found = _sources(comparison)
    if not found:
        return terms
    rows = [[escape(source), escape(basis), whole(n)] for (source, basis), n in found[:_SOURCES]]
    more = f" The {_SOURCES} most frequent of {len(found)}." if len(found) > _SOURCES else ""
    return terms + table(f"Where the world's places and legs come from.{more}", ["Source", "Basis", "Rows"], rows, {2})


def _sources(comparison: Comparison) -> list[tuple[tuple[str, str], int]]:
    """Sources and bases of the world's rows with their number; none where the world is no longer at hand."""
    import pandas as pd

    from ..errors import InputError
    from ..network import load_world

    try:
        network = load_world(comparison.provenance["scenario"]["network"]).network
    except (InputError, OSError):
        return []
    parts = [t[["source", "basis"]] for t in (network.places, network.legs) if {"source", "basis"} <= set(t.columns)]
    if not parts:
        return []
    counts = pd.concat(parts).fillna("").value_counts()
    return [((str(key[0]), str(key[1])), int(n)) for key, n in counts.items()]
