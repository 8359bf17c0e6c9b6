"""What the reference pages take from the code: commands, parameters, effects, licences of bundled tables."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from waterbed.report.captions import SAID

ROOT = Path(__file__).parents[1]


def cli() -> str:
    """Every command: its help, arguments and options, as the command line itself has them."""
    import typer

    from waterbed.cli import app

    group = typer.main.get_command(app)
    context = typer.Context(group, info_name="waterbed")
    parts = []
    for name in group.list_commands(context):  # type: ignore[attr-defined]
        command = group.get_command(context, name)  # type: ignore[attr-defined]
        mine = typer.Context(command, info_name=f"waterbed {name}", parent=None)
        about, _, examples = (command.help or "").partition("Examples:")
        usage = " ".join(command.get_usage(mine).split()).removeprefix("Usage: ")
        parts.append(f"## {name}\n\n{' '.join(about.replace(chr(8), '').split())}\n\n```text\n{usage}\n```\n")
        if examples:
            shown = "\n".join(line.strip() for line in examples.splitlines() if line.strip())
            parts.append(f"```sh\n{shown}\n```\n")
        rows = [record for p in command.get_params(mine) if (record := p.get_help_record(mine))]
        if rows:
            listed = "\n".join(f"| `{_cell(a)}` | {_cell(b)} |" for a, b in rows)
            parts.append(f"| option | meaning |\n|---|---|\n{listed}\n")
    return "\n".join(parts)


def parameters() -> str:
    """Every parameter by its address, a table a section, with type, default, unit, ranges, meaning and source."""
    from waterbed.scenario.measure import Operation, Policy, Target
    from waterbed.scenario.scenario import Scenario

    top: list[tuple[str, Any]] = []
    sections: list[tuple[str, type[BaseModel]]] = []
    for name, field in Scenario.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            sections.append((name, kind))
        else:
            top.append((name, field))
    parts = ["## The scenario\n\n" + _table(top)]
    sections += [("operations.NAME", Operation), ("operations.NAME.target", Target), ("policies.NAME", Policy)]
    for prefix, kind in sections:
        about = (kind.__doc__ or "").strip().splitlines()[0]
        fields = [(f"{prefix}.{name}", field) for name, field in kind.model_fields.items() if name != "target"]
        parts.append(f"## {prefix}\n\n{about}\n\n{_table(fields)}")
    return "\n\n".join(parts)


def _table(fields: list[tuple[str, Any]]) -> str:
    from waterbed.scenario.parameter import declaration

    rows = []
    for address, field in fields:
        if field.json_schema_extra:
            about = declaration(field)
            low, high = (_bound(field, names) for names in (("ge", "gt"), ("le", "lt")))
            span = "–" if about.plausible is None else f"{about.plausible[0]:g} to {about.plausible[1]:g}"
            cells = (about.unit or "–", f"{low} to {high}" if low or high else "–", span, about.meaning, about.source)
        else:
            cells = ("–", "–", "–", field.description or "–", "–")
        default = "required" if field.is_required() else _default(field.default)
        rows.append("| " + " | ".join(_cell(c) for c in (f"`{address}`", default, *cells)) + " |")
    head = "| address | default | unit | allowed | plausible | meaning | source |\n|---|---|---|---|---|---|---|\n"
    return head + "\n".join(rows) + "\n"


def _bound(field: Any, names: tuple[str, ...]) -> str:
    found = [getattr(m, name) for m in field.metadata for name in names if getattr(m, name, None) is not None]
    return f"{found[0]:g}" if found else ""


def _default(value: Any) -> str:
    if value in ("", (), {}) or value is None:
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _cell(value: Any) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def sources() -> str:
    """How many rows of each bundled table are published, derived or judgement."""
    rows = []
    for path in sorted((ROOT / "src/waterbed/network/worlds").glob("*/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            kinds = [row.get("basis", "") for row in csv.DictReader(file)]
        counts = [len(kinds), *(kinds.count(kind) for kind in ("published", "derived", "judgement"))]
        rows.append(f"| `{path.parent.name}/{path.name}` | " + " | ".join(f"{n:,}" for n in counts) + " |")
    return "| table | rows | published | derived | judgement |\n|---|---|---|---|---|\n" + "\n".join(rows) + "\n"


def figures() -> str:
    """Every committed figure under results/, with its caption."""
    return "\n".join(_gallery())


def _gallery() -> Iterator[str]:
    captions = {
        "summary": "One page: what was found, and how sure it is.",
        "timelines": "Both worlds day by day, and their difference within pairs.",
        "courses": "How a measure runs through the stages and routes.",
        "fates": "What became of the same people in both worlds.",
        "map": "Where flow fell and rose, on paper.",
        "map_dark": "The same map for a dark screen.",
        "effects": "Effects in groups, with both intervals.",
        "evaluators": "What a field evaluator would have reported, beside the truth.",
        "operation": "The operation's own table, as INTERPOL publishes it.",
        "doses": "What fewer officers and more bring, beside what is in proportion.",
        "patterns": "Eight patterns from the literature, held against the model.",
        "world": "The legs of the world of real places.",
        "world-light": "The same, on paper.",
        "camps": "Refugees by camp in Mali 2012: counted, and as the model spreads them.",
        "bench": "What field estimators claim, where the truth is known.",
        "prediction": "INTERPOL's operations: published, predicted and naive.",
        "regions": "What the operation did, by region.",
        "routes": "Where the operation moved flow, by route.",
        "worlds": "Once, each November, and with fewer countries.",
        "next": "What next, at equal cost.",
        "ranking": "How the order of what next changes with prices and outcome.",
        "sectors": "Apprehensions by sector of the US-Mexico border, predicted.",
        "skill": "Skill of these forecasts over persistence.",
        "policy": "Plans under a budget that no other beats in all objectives.",
        "coordination": "Countries at once or one after another, sharing leads or not.",
        "duration": "The same officer-days, short and repeated or long.",
        "evaluator": "What an evaluator would say, against the truth.",
        "identification": "Early identification of victims.",
        "officers": "What further officers bring.",
        "root_causes": "Root causes against enforcement.",
        "target": "Legs, hubs, recruiters or platforms as the target.",
        "morris": "Screening: how far each parameter of judgement moves disruption and displacement.",
        "sobol": "Shares of the variance that the most important parameters are owed.",
        "facts": "Stylised facts of the literature: which hold, and over how much of parameter space.",
        "natural_experiments": "Three shocks in the Mediterranean: what a closed route lost that turns up elsewhere.",
        "places": "Is calibration itself right? Where known truths lie in their posteriors.",
    }
    for folder in sorted(p for p in (ROOT / "results").iterdir() if p.is_dir()):
        pictures = sorted(folder.rglob("*.png"))
        if pictures:
            yield f"## {folder.name}\n"
        for picture in pictures:
            about = captions.get(picture.stem, picture.stem)
            said = " ".join(part for part in (about, _runs(picture), SAID.get(picture.stem, "")) if part)
            yield f":::{{figure}} /../{picture.relative_to(ROOT)}\n:alt: {about}\n\n{said}\n:::\n"


def _runs(picture: Path) -> str:
    """Scenario and number of runs behind a figure, from the provenance beside it."""
    stories = {"next": "what_next.json", "ranking": "what_next.json"}
    names = (stories.get(picture.stem, "what_it_did.json"), "provenance.json")
    kept = next(folder / name for folder in picture.parents for name in names if (folder / name).exists())
    told = json.loads(kept.read_text("utf-8"))
    study, seeds = told.get("study", {}), told.get("seeds", 0)
    name = study.get("scenario") or told["scenario"]["name"]
    if study:
        return f"Scenario {name}: {told['points']:,} points with {study['replicates']} pairs of runs each."
    if "fits" in told:
        return f"Scenario {name}: {told['fits']} fits to simulated records."
    if isinstance(seeds, list):
        seeds = seeds[1] - seeds[0] if len(seeds) == 2 else len(seeds)  # two: the first, and the one after the last
    many = told.get("replicates") or seeds
    if told["kind"] == "docking":
        return f"{many} runs."
    runs = "runs" if told["kind"] == "world" else "pairs of runs"
    return f"Scenario {name}: {many:,} {runs}." if many else f"Scenario {name}."


def patterns() -> str:
    """The patterns of the literature with what the model gives, and which of them hold."""
    with (ROOT / "results/patterns/patterns.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    failed = {row["pattern"] for row in found if row["holds"] == "no"}
    total = {row["pattern"] for row in found}
    names = f"not {', '.join(sorted(failed))}" if failed else "all of them"
    rows, shown = [], set()
    for row in found:
        if row["wanted"] != "reported":
            title = "" if row["pattern"] in shown else f"{row['pattern']}. {row['title']}"
            shown.add(row["pattern"])
            span = f"{float(row['low']):.2g} to {float(row['high']):.2g}".replace("-", "\u2212")
            value = f"{float(row['estimate']):.2g}".replace("-", "\u2212")
            cells = (title, f"{row['quantity']} ({row['unit']})", value, span, row["wanted"], row["holds"])
            rows.append("| " + " | ".join(cells) + " |")
    head = "| pattern | quantity | estimate | 90 % interval | wanted | holds |\n|---|---|---|---|---|---|\n"
    return f"{len(total) - len(failed)} of {len(total)} hold ({names}).\n\n{head}" + "\n".join(rows) + "\n"


def judgement() -> str:
    """How many parameters rest on judgement, in words."""
    from pydantic import BaseModel as Model

    from waterbed.scenario.measure import Operation, Policy
    from waterbed.scenario.parameter import declaration
    from waterbed.scenario.scenario import Scenario

    kinds = [f.annotation for f in Scenario.model_fields.values()] + [Operation, Policy]
    models = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Model)]
    fields = [f for kind in models for f in kind.model_fields.values() if f.json_schema_extra]
    sources = [declaration(field).source for field in fields if declaration(field).unit]
    count = sum(source.startswith("judgement") for source in sources)
    return f"{count} of {len(sources)} parameters with a unit rest on judgement"


PARTS: dict[str, Callable[[], str]] = {
    "cli": cli, "parameters": parameters, "sources": sources, "figures": figures,
    "patterns": patterns, "judgement": judgement,
}  # fmt: skip
