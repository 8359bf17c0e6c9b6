"""The effects in four groups: what was disrupted, where it went, who paid, and the networks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import dots, style, timelines, words
from .dots import Row
from .style import number, percent, plural, span

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

HEAD = ("estimate", "how well known", "90\u202f% of runs")


def title(comparison: Comparison) -> str:
    """What happened to the treated legs' crossings, and where the lost ones went."""
    during, after = (comparison.effect("treated_crossings_lost", key) for key in ("during", "after"))
    said, verb = [], ""
    for row, when in ((during, "during the measure"), (after, f"in the {_days(comparison)} after")):
        if words.sure(row):
            word = "fell" if row["mean"] > 0 else "rose"
            said.append(f"{word + ' ' if word != verb else ''}by {percent(abs(row['mean']))} {when}")
            verb = word
    if not said:
        return "No change of crossings on the treated legs can be told from zero"
    return f"Crossings on the treated legs {' and '.join(said)}; {_went(comparison)}"


def _days(comparison: Comparison) -> str:
    window = comparison.provenance["window"]
    return plural(window["after"] - window["end"], "day")


def _went(comparison: Comparison) -> str:
    moved = comparison.effect("displacement_spatial")
    if moved["status"] != "ok":
        return "where they went instead cannot be told"
    if not (words.sure(moved) and moved["mean"] > 0):
        return "that any moved to other legs cannot be told from zero"
    return f"of 100 lost, {round(100 * moved['mean'])} moved to other legs"


def groups(comparison: Comparison) -> list[tuple[str, str, list[Row], bool]]:
    """Title, unit, rows and whether it has no axis, group by group."""
    after = f"in the {_days(comparison)} after"
    c = comparison
    span_of = {"during": "during the measure", "after": after, "during and after": "during and after"}

    def lost(effect: str, name: str, key: str, sign: float = -1.0) -> Row:
        return _share(words.change(c, effect, key, sign), name, span_of.get(key, key))

    first = [lost("treated_crossings_lost", "Crossings, treated legs", k) for k in ("during", "after")]
    if timelines.others_matter(c):
        first.append(lost("other_crossings_gained", "Crossings, other counted legs", "during and after", 1.0))
    else:
        first.append(Row("Crossings, other counted legs", why=timelines.no_others(c).split(";")[0]))
    first += [
        lost(e, n, "during and after")
        for e, n in (
            ("recruits_lost", "Recruitment"),
            ("departures_lost", "Departures"),
            ("arrivals_lost", "Arrivals"),
            ("profit_lost", "Networks' profit"),
        )
    ]
    went = [
        _share(c.effect("displacement_spatial"), "Crossed another leg instead", "net of the reverse", plus=False),
        _share(c.effect("stopped"), "Crossed no counted leg at all", "", plus=False),
    ]
    paid = [
        _share(words.relative(c, "deaths"), "Deaths", "during and after"),
        _share(words.relative(c, "exploited_person_days"), "Days of exploitation", "to the end of the run"),
        _share(words.relative(c, "victims_protected"), "Victims protected", "to the end of the run"),
        _share(c.effect("mean_fee_change", "during and after"), "Mean fee", "moves with who still travels where"),
        _share(c.effect("fee_index_change", "during and after"), "Fees on the same legs", "during and after"),
    ]
    nets = [
        _plain(c, *row)
        for row in (
            ("effective_routes_change", "during and after", "Effective number of routes", "", 1.0, ""),
            ("open_hubs_change", "during and after", "Open hubs", "", 1.0, ""),
            ("displacement_tactical", "online", "Recruited online", "", 100.0, " points"),
            ("displacement_target", "vulnerable", "Vulnerable among those who crossed", "", 100.0, " points"),
            ("displacement_temporal", "later", "Same way, over 7 days later", "of treated crossings", 100.0, "\u202f%"),
            (
                "officer_days_per_prevented_crossing",
                "during and after",
                "Officer-days per crossing prevented",
                "",
                1.0,
                "",
            ),
        )
    ]
    against = "per cent of the world without"
    return [
        ("What was disrupted", against, first, False),
        ("Where the crossings lost on treated legs went", "of 100 lost", went, False),
        ("Who paid", against, paid, False),
        ("Networks, means and cost", "", nets, True),
    ]


def _share(row: dict[str, Any], name: str, when: str, plus: bool = True) -> Row:
    if row["status"] != "ok" and row["mean"] != row["mean"]:
        return Row(name, when, why=f"not identified: {row['note'].split(';')[0]}")
    if words.unmoved(row):
        return Row(name, when, why="no change in any run")
    known = span(row["low"], row["high"], share=True, signed=plus) if row["low"] == row["low"] else "no interval"
    runs = span(row["run_low"], row["run_high"], share=True, signed=plus) if row["run_low"] == row["run_low"] else "–"
    values = {k: 100 * row[k] for k in ("mean", "low", "high", "run_low", "run_high")}
    return Row(name, when, **values, said=(percent(row["mean"], signed=plus), known, runs))


def _plain(comparison: Comparison, effect: str, key: str, name: str, when: str, factor: float, unit: str) -> Row:
    row = comparison.effect(effect, key)
    plus = "change" in effect or effect in ("displacement_tactical", "displacement_target")
    if row["status"] != "ok" and row["mean"] != row["mean"]:
        return Row(name, when, why=f"not identified: {row['note'].split(';')[0]}")
    if words.unmoved(row):
        return Row(name, when, why="no change in any run")
    known, runs = (
        span(factor * row[a], factor * row[b], signed=plus) for a, b in (("low", "high"), ("run_low", "run_high"))
    )
    said = (number(factor * row["mean"], signed=plus) + unit, known, runs)
    return Row(name, when, row["mean"], said=said if row["low"] == row["low"] else (said[0], "no interval", "–"))


def signed(value: float) -> str:
    """A change on an axis."""
    return style.tick(value, signed=True)


def draw(comparison: Comparison, width: float = style.PAGE) -> Any:
    """All groups, one below the other."""
    found = groups(comparison)
    layout = dots.BESIDE if width == style.PAGE else dots.STACKED
    said = "Each world against itself: with the measure and without, under the same chance."
    words_below = (
        f"{plural(comparison.replicates, 'paired run')}; estimates are means or ratios of sums. Thick bar, and "
        "how well known: 90\u202f% bootstrap interval of the estimate. Thin bar: what 90\u202f% of single runs "
        "bring; an arrow where it leaves the frame. A run's change of deaths, victims or days of exploitation is told "
        "in per cent of all runs' mean without, since its own may be 0: so it may fall by more than all."
    )
    foot = style.note_height(words_below, width)
    above = 18.0 if width == style.PAGE else style.heading_height(title(comparison), said, width) + 1
    fig = style.figure(width, above + sum(dots.height(rows, plain, layout) for _, _, rows, plain in found) + foot)
    top = style.heading(fig, title(comparison), said) + 1
    for name, unit, rows, plain in found:
        show = style.tick if unit == "of 100 lost" else signed
        across = width - 2 * style.MARGIN
        top = dots.group(fig, style.MARGIN, top, across, name, unit, rows, show, HEAD, plain=plain, layout=layout)
    style.note(fig, words_below)
    return fig
