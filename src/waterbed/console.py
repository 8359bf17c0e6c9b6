"""What the command line shows: progress on standard error, results on standard output."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from .interrupt import heed

if TYPE_CHECKING:
    import pandas as pd

    from .scenario import Scenario

COLUMNS = 80
"""Width that what is shown keeps to."""
_LABEL = 39


@contextmanager
def progress(title: str, total: int | None = None) -> Iterator[Callable[..., None]]:
    """A bar with the remaining time on standard error, where that is a terminal; else nothing.

    What it gives is called with what is done, and where that is not known before, with the total.
    """
    if not sys.stderr.isatty():
        yield lambda done, total=None: heed()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=total)

        def advance(done: int, total: int | None = None) -> None:
            heed()
            bar.update(task, completed=done, total=total)

        yield advance


def totals(done: Any) -> dict[str, float]:
    """Sums over the days of a run, in people where the count is of people; then the user's own measures."""
    from .engine.run import observed
    from .measures.own import own_measures

    factor = done.scenario.persons_per_agent
    people = ("contacts", "recruits", "departures", "crossings", "detections", "arrivals", "deaths", "protected")
    names = list(observed("totals"))
    sums = done.totals.sum(axis=0)
    counts = {name: int(sums[names.index(name)]) * (factor if name in people else 1) for name in (*people, "arrests")}
    return counts | own_measures(done)


def print_list(titles: Mapping[str, str]) -> None:
    """Names, and what each is, a line each; on a terminal in its 80 columns."""
    width = max(map(len, titles)) + 2
    for name, title in titles.items():
        lines = textwrap.wrap(title, COLUMNS - width) if sys.stdout.isatty() else [title]
        print(f"{name:{width}}" + f"\n{'':{width}}".join(lines))


def line(label: str, mean: float, low: float, high: float, unit: str = "") -> str:
    """A number with its interval, in 80 columns; on two lines where label, interval or unit are too long for one."""
    span = f"[{short(low)}, {short(high)}]" if low == low else ""  # NaN where there is none
    numbers = f"{short(mean):>9}  {span:<20}"
    if len(label) <= _LABEL and len(span) <= 20 and len(unit) <= 6:
        return f"  {label:{_LABEL}}{numbers} {unit}".rstrip()
    return f"  {label}{f' ({unit})' if unit else ''}\n  {'':{_LABEL}}{numbers}".rstrip()


def short(value: float) -> str:
    """A number of three digits, or whole from a thousand on."""
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return "0" if float(text.replace(",", "")) == 0 else text


def print_text(text: str, first: str = "", others: str = "") -> None:
    """Words of the report in 80 columns, with the spaces and signs of a keyboard, which every terminal has.

    ``first`` stands before the first line, ``others`` before those that follow.
    """
    lines = textwrap.wrap(text, COLUMNS, initial_indent=first, subsequent_indent=others)
    print("\n".join(lines).replace("\u202f", " ").replace("\u2212", "-"))


def print_expected(chosen: Scenario, expected: Mapping[str, float], too_short: str) -> None:
    """What a run of a sound scenario takes, and why it cannot be compared, where it is ``too_short`` for that."""
    print(f"{chosen.name}: no faults.")
    if too_short:
        print_text(f"It can be run, but not compared: {too_short}.")
    print(f"About {expected['people']:,.0f} people ({expected['agents']:,.0f} agents) in "
          f"{chosen.burn_in} + {chosen.days} days.")  # fmt: skip
    print(f"{expected['memory_mb']:,.0f} MB and {expected['seconds']:,.1f} s a run on one core.")


def print_diaries(diaries: pd.DataFrame) -> None:
    """What happened to each traced person, world by world, a line a change."""
    for (person, world), rows in diaries.groupby(["person", "world"], sort=False):
        print(f"\n{person}, {world} the measure")
        for row in rows.to_dict("records"):
            print(f"  day {row['day']:>5}  {row['what']}")


def records(table: Any) -> list[dict[str, Any]]:
    """Rows of a table for JSON, which has no NaN."""
    return [
        {name: None if isinstance(value, float) and value != value else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False, default=_plain))


def _plain(value: Any) -> Any:
    """NumPy's numbers, paths and dates as JSON knows them."""
    return value.item() if hasattr(value, "item") else str(value)
