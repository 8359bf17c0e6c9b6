"""The page's parts in their order, and what each says in words."""

from __future__ import annotations

import base64
import json
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING

from . import captions, courses, doses, effects, evaluators, fates, operation, story, tables, timelines, webmap
from . import map as map_figure
from .style import plural

if TYPE_CHECKING:
    from ..measures.comparison import Comparison

_FONTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}


def page(comparison: Comparison, drawn: dict[str, str]) -> str:
    """The whole page, from the figures and the map drawn for it."""
    with_figures = [
        (
            "disrupted",
            "What was disrupted, and for how long",
            timelines.title(comparison),
            "timelines",
        ),
        (
            "courses",
            "How it ran through the system",
            courses.title(comparison),
            "courses",
        ),
        (
            "fates",
            "What became of the same people",
            fates.title(comparison),
            "fates",
        ),
    ]
    body = [_figure(comparison, *part, drawn) for part in with_figures]
    body.append(
        _section(
            "map",
            "Where the flow fell and rose",
            f"<p>{escape(map_figure.title(comparison))}.</p>"
            + drawn[webmap.NAME]
            + _details("The legs that changed most", tables.legs(comparison)),
        )
    )
    body.append(
        _figure(
            comparison,
            "effects",
            "Effects, group by group",
            effects.title(comparison),
            "effects",
            drawn,
            _details("All effects, in four groups and with both intervals", tables.effects(comparison)),
        )
    )
    body.append(
        _figure(
            comparison,
            "evaluators",
            "What a field evaluator would have said",
            evaluators.title(comparison),
            "evaluators",
            drawn,
        )
    )
    body.append(
        _figure(
            comparison,
            "operation",
            "The operation's own table",
            operation.title(comparison),
            "operation",
            drawn,
            tables.operation(comparison),
        )
    )
    body += [
        *_doses(comparison, drawn),
        _section("cost", "Cost and harm", tables.harm(comparison)),
        _section("compared", "What is compared", tables.sets(comparison)),
        _section("limits", "What this cannot say", tables.limits(comparison)),
        _section("data", "Data and terms", tables.data(comparison)),
        _section("provenance", "Provenance", _provenance(comparison)),
    ]
    return _frame(comparison, "".join(body))


def _frame(comparison: Comparison, body: str) -> str:
    from .html import colors

    title = escape(story.headline(comparison))
    css = colors() + fonts() + (files("waterbed.report") / "page.css").read_text(encoding="utf-8")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><link rel="icon" '
        f'href="data:,"><title>{title}</title><style>{css}</style></head><body>'
        f'<a class="skip" href="#main">Skip to the findings</a>{_top(comparison)}<main id="main" '
        f'tabindex="-1">{_summary(comparison)}'
        f"{body}</main></body></html>\n"
    )


def _top(comparison: Comparison) -> str:
    links = (
        ("summary", "Summary"),
        ("disrupted", "Disruption"),
        ("fates", "Fates"),
        ("map", "Map"),
        ("effects", "Effects"),
        ("evaluators", "Evaluators"),
        ("operation", "Operation"),
        *([("doses", "Doses")] if doses.can(comparison) else []),
        ("cost", "Cost and harm"),
        ("limits", "Limits"),
        ("data", "Data"),
        ("provenance", "Provenance"),
    )
    nav = "".join(f'<li><a href="#{key}">{word}</a></li>' for key, word in links)
    said = (
        f"{story.done(comparison)}, compared with the same world without, person by person and draw by draw: "
        f"{plural(comparison.replicates, 'pair')} of runs."
    )
    stopped = comparison.stopped
    cut = (
        f'<p class="warn"><b>Stopped early:</b> {escape(stopped)}; fewer pairs were done than were asked for.</p>'
        if stopped
        else ""
    )
    return (
        f'<header><p class="kicker">Waterbed · {escape(comparison.name)} · simulation, not a forecast</p>'
        f'<h1>{escape(story.headline(comparison))}</h1><p class="lead">{escape(story.intervals(comparison))}</p>'
        f'<p class="lead">{escape(comparison.title)}. {escape(said[0].upper() + said[1:])}</p>{cut}'
        f'<nav aria-label="Contents"><ul>{nav}</ul></nav></header>'
    )


def _summary(comparison: Comparison) -> str:
    cards = "".join(
        f'<li class="card"><b>{card.value}</b><span>{escape(card.words)}</span>'
        + "".join(f"<small>{escape(line)}</small>" for line in card.below)
        + "</li>"
        for card in story.cards(comparison)
    )
    said = "".join(
        f"<li><b>{escape(word)}</b> {escape(sentence)}</li>" for word, sentence in story.sentences(comparison)
    )
    return (
        f'<section id="summary" aria-labelledby="h-summary"><h2 id="h-summary">On one page</h2><ul '
        f'class="cards">{cards}</ul>'
        f'<ul class="said">{said}</ul><p class="dim">{escape(story.scale(comparison))} Intervals hold chance '
        f"alone: what is "
        "not known about parameters or the model is not in them. The same page for print is "
        "<code>figures/summary.pdf</code>.</p></section>"
    )


def _section(key: str, title: str, body: str) -> str:
    return f'<section id="{key}" aria-labelledby="h-{key}"><h2 id="h-{key}">{title}</h2>{body}</section>'


def _figure(
    comparison: Comparison, key: str, title: str, finding: str, name: str, drawn: dict[str, str], after: str = ""
) -> str:
    """A section with one figure; the finding is its text for those who do not see it."""
    caption = captions.caption(comparison, name)
    alt = escape(f"{finding}. {caption}", quote=True)
    return _section(
        key,
        title,
        f'<figure role="img" aria-label="{alt}"><div class="wide" tabindex="0">{drawn[name]}</div>'
        f"<figcaption>{escape(caption)}</figcaption></figure>{after}",
    )


def _doses(comparison: Comparison, drawn: dict[str, str]) -> list[str]:
    """Fewer officers and more; where they were not run, how to; nothing where there are no officers."""
    if not doses.can(comparison):
        return []
    name = "Fewer officers, and more"
    if comparison.doses is None:
        return [_section("doses", name, doses.asked())]
    table = _details("Every dose in numbers", doses.section(comparison))
    return [_figure(comparison, "doses", name, doses.title(comparison), "doses", drawn, table)]


def _details(title: str, body: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{body}</details>"


def _provenance(comparison: Comparison) -> str:
    about = comparison.provenance
    kept = {k: v for k, v in about.items() if k not in ("scenario", "against", "seeds", "libraries")}
    rows = [
        [escape(str(k)), f"<code>{escape(v if isinstance(v, str) else json.dumps(v))}</code>"] for k, v in kept.items()
    ]
    rows += [[f"library {escape(k)}", escape(str(v))] for k, v in about.get("libraries", {}).items()]
    rows.append(["digest", f"<code>{comparison.digest}</code>"])
    return (
        tables.table("How this was made", ["What", "Value"], rows)
        + _details("The scenario", f"<pre>{escape(json.dumps(about['scenario'], indent=1, ensure_ascii=False))}</pre>")
        + _details("The seed of each pair", f"<pre>{escape(', '.join(map(str, about['seeds'])))}</pre>")
    )


def fonts() -> str:
    """The page's typeface, held in the page."""
    rules = []
    for weight, name in _FONTS.items():
        data = base64.b64encode((files("waterbed.report") / "fonts" / f"WaterbedSans-{name}.ttf").read_bytes()).decode(
            "ascii"
        )
        rules.append(
            f'@font-face{{font-family:"Waterbed '
            f'Sans";font-weight:{weight};font-display:swap;src:url(data:font/ttf;base64,{data})}}'
        )
    return "".join(rules)
