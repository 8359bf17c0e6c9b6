"""Runs the studies beside this file, and writes what they answer: question, design, answer, table and figure.

    python experiments/studies/answer.py [NAME ...] [--workers 2] [--store out/studies/store] [--out results/studies]

Studies share a store, so that a second call runs nothing again. NAME is a study's; none named: all but the screening,
which takes about an hour. Each leaves NAME/answer.md, answer.csv, a figure and provenance.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import textwrap
from pathlib import Path
from typing import Any

import pandas as pd
import screening
from questions import ANSWERS
from told import Answer, Found

import waterbed as wb
from waterbed.errors import InputError
from waterbed.measures.tables import whole
from waterbed.report import style
from waterbed.study.study import StudyResult

HERE = Path(__file__).parent
LONG = {"screening": screening.screening}
"""Experiments that take longer, and run only where they are named."""


def question(path: Path) -> str:
    """The comment that a study's file begins with, up to its command."""
    said = []
    for line in path.read_text("utf-8").splitlines():
        if not line.startswith("# ") or line.startswith("#   "):
            break
        said.append(line[2:])
    return " ".join(said)


def design(result: StudyResult) -> str:
    """What was run, in a sentence or two, from the study itself."""
    about, points = result.study.file, result.study.points
    found = result.results.factor_columns()
    factors = "; ".join(_factor(a.address, list(dict.fromkeys(found[a.address]))) for a in points.axes)
    settings = [f"{k} {v:g}" for k, v in about.settings.items() if isinstance(v, int | float) and v is not False]
    return (
        f"Scenario {about.scenario}{', with ' + ', '.join(settings) if settings else ''}; design {about.design.kind}, "
        f"{style.plural(len(points), 'point')}: {factors}. {style.plural(about.replicates, 'replicate')} with the same "
        f"seeds at all points (seed {about.seed}): {style.plural(len(result.runs), 'pair')} of runs, each against its "
        f"twin. Model {result.study.plan.version}."
    )


def _factor(address: str, values: list[Any]) -> str:
    if len(values) > 12:
        return f"{address} ({len(values)} values)"
    return f"{address} ({', '.join(f'{v:g}' if isinstance(v, int | float) else str(v) for v in values)})"


def page(title: str, asked: str, made: str, answer: Answer, figures: list[str]) -> str:
    """The page of an experiment, in Markdown."""
    def wrapped(text: str) -> str:
        # No-break spaces hold numbers and units together, in lines as in print.
        return "\n".join(textwrap.wrap(text, 116, break_long_words=False, break_on_hyphens=False))

    parts = [f"# {title}", wrapped(f"**Question.** {asked}"), wrapped(f"**Design.** {made}"), "**Answer.**"]
    parts += [wrapped(line) for line in answer.lines]
    parts += [f"![{title}]({name})" for name in figures]
    return "\n\n".join(parts) + "\n"


def first_pairs(runs: pd.DataFrame) -> str:
    """SHA-256 of the first pair of every point: a few runs tell whether an answer is that of the rules as they are."""
    first = runs[runs["replicate"] == 0].sort_values("point").drop(columns=["seconds"])
    return hashlib.sha256(first.to_csv(index=False).encode()).hexdigest()


def write(name: str, result: StudyResult, out: Path) -> Answer:
    """Ask a study's result, and write what it says into a folder of its name."""
    folder = out / name
    with style.context():
        answer = (ANSWERS | LONG)[name](Found(result))
        figures = answer.figure if isinstance(answer.figure, dict) else {name: answer.figure}
        for drawn, figure in figures.items():
            whole(folder / f"{drawn}.png", lambda t, f=figure: f.savefig(t, format="png", dpi=200))
    text = page(result.study.file.title, question(HERE / f"{name}.toml"), design(result), answer,
                [f"{drawn}.png" for drawn in figures])  # fmt: skip
    whole(folder / "answer.md", lambda t: t.write_text(text, encoding="utf-8"))
    whole(folder / "answer.csv", lambda t: answer.table.to_csv(t, index=False, float_format="%.5g"))
    about = {k: v for k, v in result.provenance.items() if k not in ("scenario", "seeds")}
    about["first_pairs"] = first_pairs(result.runs)
    kept = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    whole(folder / "provenance.json", lambda t: t.write_text(kept, encoding="utf-8"))
    return answer


def main(arguments: list[str]) -> int:
    """Run, answer, tell; 1 where runs failed, 2 for a name that is no experiment."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*ANSWERS, *LONG)))
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--store", type=Path, default=Path("out/studies/store"))
    parser.add_argument("--out", type=Path, default=Path("results/studies"))
    given = parser.parse_args(arguments)
    unknown = [name for name in given.names if name not in ANSWERS | LONG]
    if unknown:
        parser.error(f"no such experiment: {', '.join(unknown)}; there are {', '.join((*ANSWERS, *LONG))}")
    failed = 0
    for name in given.names or ANSWERS:
        try:
            result = wb.Study.load(HERE / f"{name}.toml").run(workers=given.workers, store=given.store)
        except InputError as error:
            parser.error(str(error))
        if result.failed:
            print(f"{name}: {result.failed} runs failed; the same command tries them again", file=sys.stderr)
            failed += result.failed
            continue
        answer = write(name, result, given.out)
        print(f"\n{result.study.file.title}")
        for line in answer.lines:
            print("\n".join(textwrap.wrap(re.sub(r"\u202f", " ", line), 100, initial_indent="  ",
                                          subsequent_indent="  ")))  # fmt: skip
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
