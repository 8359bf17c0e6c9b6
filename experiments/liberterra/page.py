"""Write docs/liberterra.md: the story for people who know neither code nor statistics.

    python experiments/liberterra/page.py [--check]      # --check writes nothing, and fails where it is not up to date

Every number of the page comes out of ``results/liberterra_story`` and ``results/liberterra``, the scenario or the
published record. Run it after ``what_it_did.py``, ``what_next.py`` and the comparison with other numbers of officers,
which the page itself tells; a test holds the committed page against the committed tables.
"""

from __future__ import annotations

import json
import sys
import textwrap
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd
import prose_did
import prose_doses
import prose_next
from story_runs import OPERATION, RESULTS, ROOT, started
from story_worlds import SMALL

from waterbed.errors import InputError
from waterbed.measures import tables as files_of
from waterbed.network import load_world
from waterbed.report.style import THIN, number, tick, whole
from waterbed.scenario.scenario import Scenario

DOSED = ROOT / "results" / "liberterra"
PAGE = ROOT / "docs" / "liberterra.md"
TABLES = {"what_it_did": ("regions", "routes", "kinds", "worlds"), "what_next": ("next", "levers", "ranking")}

_BREAKS: dict[str, Any] = {"break_long_words": False, "break_on_hyphens": False}

_PER_OFFICER = "officer-days for one officer's day"
_UNITS = {"investigate": _PER_OFFICER, "collaborate": _PER_OFFICER, "monitor": _PER_OFFICER,
          "identify": "officer-days for each person detected, at probability 1"}  # fmt: skip
_BOUGHT = {"investigate": "officers", "collaborate": "officers", "monitor": "officers a country",
           "identify": "added probability", "root_causes": "less push"}  # fmt: skip

TEMPLATE = """\
# Operation Liberterra: what it did, and what next

[This page is written by a program from tables of results. Do not edit it; see the end.]

## What happened in November 2025
For {days} days from {first} {year} on, police of {countries} countries went after smugglers and traffickers of people
at the same time, {officers} officers in all. INTERPOL, which brought them together under the name Liberterra III,
reported {arrests} arrests, {victims} potential victims of trafficking protected, {migrants} irregular migrants
detected and over {investigations} new investigations. Two operations of the same name came before it.

These are things done. What nobody has reported, of this operation or of any other, is what became of it: whether
fewer people were smuggled or exploited afterwards, for how long, and whether those who were not were spared or simply
went another way, later, or by the hand of somebody else.

## What the model asks
Nobody can run the world again without the operation. A simulation can. Waterbed is a model of some {places} real
places and {legs} ways between them, in which simulated people consider leaving, are recruited in person or online,
choose a way, pay, wait, are stopped, fall victim, arrive or die; smugglers learn where it is dangerous; and police
are posted, search, arrest and follow up. One simulated person stands for {persons}.

The same world is run twice, once **with** the operation and once **without**, under the very same chance: the same
people, the same weather, the same luck. Whatever differs between the two is the operation's doing. Since luck could
have been otherwise, this is done again under other chance, {pairs} times in all, and every number below is a mean
with a range: "90{thin}%: 10 to 20" says that the mean over ever more pairs of runs would very likely lie between
these two. Where that range includes no change at all, the text says that a change *cannot be told from unchanged*.
That does not mean that there is none.

## What it finds: with and without
{did_0} {reported}

![Journeys by region](../results/liberterra_story/regions.png)

{did_1}

### Where did the activity go?
{did_2}

![Routes, channels and victims](../results/liberterra_story/routes.png)

{did_3}

### Again each year, and fewer countries
{did_4}

{did_5}

![Once, each November, and {small} countries](../results/liberterra_story/worlds.png)

### Fewer officers, and more
{doses}

![Fewer officers, and more](../results/liberterra/figures/doses.png)

## What next?
What would do most after such an operation, for the same money? Five things that officials and researchers propose,
each of them alone and in pairs, are held against doing nothing more, and against the same operation again each
November.

{next_0}

| | price (range) | what the budget buys all year round | if dear | if cheap |
|---|---|---|---|---|
{levers}

*The prices are judgements almost throughout, with wide ranges: [costs.csv](../experiments/liberterra/costs.csv) says
what each rests on. Whoever knows better changes that one file.*

{next_1}

| | crossings, 1 year | crossings, 3 years | days of exploitation | deaths | victims protected |
|---|---|---|---|---|---|
{lever_rows}

*Change against doing nothing more, three years on where nothing else is said; in brackets the range. Bold: the range
does not include zero, and the change is more than one more officer's range.*

{next_2}

![What next](../results/liberterra_story/next.png)

{next_3} {next_4}

### When does the order change?
{next_5} {next_6}

![Which comes first](../results/liberterra_story/ranking.png)

## What the model cannot say
- **It predicts nobody.** It speaks of flows and of simulated people, never of a person or a gang that exists.
- **The ranges hold chance alone.** What is not known about people, police and smugglers, and most of it is not known,
  would widen all of them. Many parameters are judgement; [odd.md](odd.md) marks which.
- **About one in ten of such ranges misses**, by its making, more with so few pairs, and there are many on this page.
  One surprising number among them is no finding; what stands in several places and rows may be.
- **Where arrests are made is not identified.** Held against past operations, the model's arrests by place say nothing
  of theirs ([prediction.md](prediction.md)), so none are told here. How much journeys fall in one region or another
  rests on the same placement of officers.
- **Who took part is not public.** Of the {countries} countries {named} are named; the others are chosen by the flow
  over their borders. So are the {small} of the smaller operation, of which INTERPOL named none of use here.
- **The world is rebuilt from published fragments.** Some corridors are known within a factor of two, some only by
  judgement: [world.md](world.md).
- **A cheap lever may be cheap for a reason.** At equal cost means at equal cost as priced here. Root causes matter
  for themselves, and this page counts nothing of what they do for people who would never have left.
- **Following up and collaborating are aimed at recruiters.** Wherever officers are sent after them, the model takes it
  that there is a lead on each, which is judgement; the operation itself is spread over borders, hubs and recruiters.
  Part of what lies between these levers and repeating the operation is this rule.
- **Follow-up means officers.** Courts, prosecutors, shelters and what becomes of the people who are protected are not
  in the model, and neither is corruption.
- **Platforms** are one channel of recruiting in it, all alike; watching them means officers online in the countries
  that took part, not what a company could do.

## How it was made
`make results` runs all of this and writes this page anew, or one by one:

```
waterbed compare liberterra --replicates {pairs_doses} --doses {factors} --force --out results/liberterra
python experiments/liberterra/what_it_did.py
python experiments/liberterra/what_next.py
python experiments/liberterra/page.py
```

Under another assumption, say that arrests are likelier, both run with `--set police.arrest_rate=0.001` and another
`--out`. Runs that are done are kept under `build/`, so an interrupted command goes on where it stopped; tables and
figures are in `results/liberterra_story`. The first experiment rests on {pairs} pairs of
runs, the second on {pairs_next}; the officers, and figures of the report, on {pairs_doses}.
The world's tables and their sources: [world.md](world.md). The model:
[odd.md](odd.md).
"""


def read(folder: Path) -> tuple[dict[str, pd.DataFrame], dict[str, dict[str, Any]]]:
    """Tables and provenance of both experiments; raises InputError where they have not been run."""
    tables: dict[str, pd.DataFrame] = {}
    about: dict[str, dict[str, Any]] = {}
    for experiment, names in TABLES.items():
        for name in (f"{experiment}.json", *(f"{n}.csv" for n in names)):
            if not (folder / name).exists():
                raise InputError(f"{folder / name}: is not there; run python experiments/liberterra/{experiment}.py")
        about[experiment] = json.loads((folder / f"{experiment}.json").read_text("utf-8"))
        tables |= {name: pd.read_csv(folder / f"{name}.csv", keep_default_na=True) for name in names}
    return tables, about


def read_doses(folder: Path) -> tuple[pd.DataFrame, dict[str, Any]]:
    """Fewer officers and more, and how they were run; raises InputError where they have not been."""
    if not (folder / "doses.csv").exists():
        raise InputError(f"{folder / 'doses.csv'}: is not there; run waterbed compare liberterra --doses 0.25,0.5,2,4 "
                         f"--replicates 100 --out {folder}")  # fmt: skip
    return pd.read_csv(folder / "doses.csv", keep_default_na=True).fillna({"key": "", "note": ""}), json.loads(
        (folder / "provenance.json").read_text("utf-8")
    )


def levers(table: pd.DataFrame) -> str:
    """The rows of the page's table of prices and doses."""
    rows = []
    for r in table.itertuples():
        money = r.lever == "root_causes"
        price = [tick(v / 1e9 if money else v) for v in (r.cost, r.cost_low, r.cost_high)]
        unit = "billion USD a year for 0.01 less push" if money else _UNITS[r.lever]
        doses = [number(v, 2) for v in (r.dose, r.dose_if_dear, r.dose_if_cheap)]
        rows.append(f"| {r.name} | {price[0]} ({price[1]} to {price[2]}) {unit} | {doses[0]} {_BOUGHT[r.lever]} | "
                    f"{doses[1]} | {doses[2]} |")  # fmt: skip
    return "\n".join(rows)


def page(folder: Path = RESULTS, dosed: Path = DOSED) -> str:
    """The page's text from the tables of two folders: the experiments', and the comparison's with other officers."""
    tables, about = read(folder)
    doses, run = read_doses(dosed)
    scenario = Scenario.model_validate(about["what_it_did"]["scenario"])
    operation = scenario.operations[OPERATION]
    first = scenario.start_date + timedelta(days=operation.start)
    published = _published()
    prose = {"reported": prose_did.reported(tables["worlds"], published),
             "lever_rows": prose_next.lever_rows(tables["next"])}  # fmt: skip
    prose |= {f"did_{i}": text for i, text in enumerate(prose_did.did(tables, about["what_it_did"]))}
    prose |= {f"next_{i}": text for i, text in enumerate(prose_next.next_(tables, about["what_next"]))}
    network = _size(scenario)
    filled = TEMPLATE.format(
        days=operation.days, first=f"{first.day} {first:%B}", year=first.year, countries=whole(published["countries"]),
        officers=f"over {whole(published['officers'])}", arrests=whole(published["arrests"]),
        victims=whole(published["victims_protected"]), migrants=whole(published["irregular_migrants_detected"]),
        investigations=whole(published["investigations_opened"]), places=network[0], legs=network[1],
        persons=whole(scenario.persons_per_agent), pairs=about["what_it_did"]["replicates"],
        pairs_next=about["what_next"]["replicates"], pairs_doses=run["replicates"],
        doses=prose_doses.doses(doses, run["replicates"]), thin=THIN,
        factors=",".join(f"{d:g}" for d in sorted(set(doses["dose"]) - {1.0})), named=len(_named()), small=SMALL,
        levers=levers(tables["levers"]), **prose,
    )  # fmt: skip
    return "\n".join(_wrapped(filled))


def _published() -> dict[str, float]:
    """What INTERPOL reported, by row of the operation's table."""
    with (files("waterbed.measures") / "published.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    found = table[(table["scenario"] == "liberterra") & (table["operation"] == OPERATION)]
    return dict(zip(found["row"], found["published"], strict=True))


def _named() -> list[str]:
    """Countries that public sources name as taking part."""
    table = pd.read_csv(ROOT / "data" / "sources" / "participants.csv", keep_default_na=False)
    return list(table["country"])


def _size(scenario: Scenario) -> tuple[str, str]:
    network = load_world(scenario.network).network
    return number(len(network.places), 2), number(len(network.legs), 2)


def _wrapped(text: str) -> list[str]:
    """The page's lines, its paragraphs and items broken at 118 characters; tables, headings and code as they are."""
    lines: list[str] = []
    paragraph: list[str] = []
    code = False

    def flush() -> None:
        indent = "  " if paragraph and paragraph[0].startswith("- ") else ""
        words = " ".join(part.strip() for part in paragraph)
        lines.extend(textwrap.wrap(words, 118, subsequent_indent=indent, **_BREAKS) if paragraph else [])
        paragraph.clear()

    for line in text.split("\n"):
        code ^= line.startswith("```")
        if code or not line or line.startswith(("#", "|", "!", "```")):
            flush()
            lines.append(line)
            continue
        if line.startswith("- "):
            flush()
        paragraph.append(line)
    flush()
    return lines


def _put(text: str, path: Path) -> None:
    path.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    text = page()
    if "--check" in arguments:
        return int(not PAGE.exists() or PAGE.read_text("utf-8") != text)
    files_of.whole(PAGE, partial(_put, text))
    print(PAGE.relative_to(ROOT))
    return 0


if __name__ == "__main__":
    sys.exit(started(main))
