"""What the report says of the data: titles, headlines and verdicts."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from waterbed.measures.comparison import Comparison
from waterbed.report import effects, fates, timelines
from waterbed.report.story import headline, sentences
from waterbed.report.style import of_hundred


def row(comparison: Comparison, effect: str, key: str, **values: float | str) -> Comparison:
    """The same comparison with one row of its effects changed."""
    table = comparison.effects.copy()
    at = (table["effect"] == effect) & (table["key"] == key)
    assert at.sum() == 1
    for name, value in values.items():
        table.loc[at, name] = value
    return replace(comparison, effects=table)


def whose_fates(comparison: Comparison, *rows: tuple[str, str, float]) -> Comparison:
    """The same comparison with other fates: without the measure, with it, and how many people."""
    table = comparison.fates.head(0)
    for without, with_it, people in rows:
        table.loc[len(table)] = [without, with_it, people, 0.0, 0.0, 0.0]
    return replace(comparison, fates=table)


def test_titles_come_from_the_data(comparison: Comparison) -> None:
    during = row(comparison, "treated_crossings_lost", "during", status="ok", mean=0.5, low=0.4, high=0.6)
    both = row(during, "treated_crossings_lost", "after", status="ok", mean=0.2, low=0.1, high=0.3)
    told = row(both, "displacement_spatial", "", status="ok", mean=0.36, low=0.3, high=0.42)
    assert effects.title(told) == (
        "Crossings on the treated legs fell by 50\u202f% during the measure and by 20\u202f% in the "
        "90 days after; of 100 lost, 36 moved to other legs"
    )
    lost = row(told, "treated_crossings_lost", "during and after", status="ok", mean=0.3, low=0.2, high=0.4)
    assert headline(lost) == (
        "The operation cut crossings on the treated legs by 30\u202f%; of 100 lost there, 36 moved to other legs"
    )
    raised = row(lost, "treated_crossings_lost", "during and after", mean=-0.3, low=-0.4, high=-0.2)
    assert headline(raised) == "The operation raised crossings on the treated legs by 30\u202f%"
    doubtful = row(lost, "displacement_spatial", "", low=-0.1)
    assert "cannot be told from zero" in headline(doubtful)


def test_a_verdict_rests_on_the_interval_that_is_shown_with_it(comparison: Comparison) -> None:
    """Of few pairs the runs may all lie on one side of zero while the mean cannot be told from it, or the reverse."""

    def paid(**values: float) -> str:
        ok = {"status": "ok", "mean": 3.0, "note": ""} | values
        return next(said for word, said in sentences(row(comparison, "deaths_change", "during and after", **ok))
                    if word == "Who paid.").split(" person-days")[0]  # fmt: skip

    doubtful = paid(low=-1.0, high=7.0, run_low=1.0, run_high=6.0)
    assert "+3 deaths (mean known to \u22121 to +7, 90\u202f% bootstrap; 90\u202f% of runs: +1 to +6)" in doubtful
    assert ", which cannot be told from zero" in doubtful
    sure = paid(low=1.0, high=5.0, run_low=-4.0, run_high=9.0)
    assert "mean known to +1 to +5" in sure and "cannot be told" not in sure
    moved = row(comparison, "displacement_spatial", "", status="ok", mean=0.3, low=-0.1, high=0.7)
    went = next(said for word, said in sentences(moved) if word == "Where it went.")
    assert "mean known to \u221210 to 70" in went and "cannot be told from zero" in went
    assert "cannot be told from zero" in effects.title(
        row(moved, "treated_crossings_lost", "during", status="ok", mean=0.5, low=0.4, high=0.6)
    )


def test_the_day_of_recovery_is_named_only_where_it_is_known(comparison: Comparison) -> None:
    deep = row(comparison, "trough_depth", "treated", status="ok", mean=0.6, low=0.5, high=0.7, note="")

    def back(**values: float | str) -> str:
        return timelines.title(row(deep, "days_to_recover", "treated", **values))

    start = "Crossings on the treated legs fell by up to 60\u202f%"
    assert back(status="ok", mean=97.0, low=90.0, high=110.0) == f"{start} and were back 97 days after the end"
    assert back(status="ok", mean=1.0, low=0.0, high=2.0) == f"{start} and were back 1 day after the end"
    assert back(status="ok", mean=97.0, low=13.0, high=153.0) == f"{start}; they were back 13 to 153 days after the end"
    assert back(status="not identified", note="not back at 95 % of the twin before the run ends") == (
        f"{start} and did not recover before the run ends"
    )
    assert timelines.title(row(deep, "trough_depth", "treated", low=0.01)) == (
        "The flow on the treated legs changed little, if at all"
    )


def test_shares_of_a_hundred_are_whole_people(comparison: Comparison) -> None:
    went = (("crossed: Central", 9980.0), ("crossed: West", 3.0), ("never_left", 17.0))
    told = fates.title(whose_fates(comparison, *(("crossed: Central", to, people) for to, people in went)))
    assert told == (
        "By the Central route nearly 100 people crossed for every 100 without the measure; net, fewer than 1 "
        "crossed elsewhere and fewer than 1 never left"
    )
    assert [of_hundred(p, 100.0) for p in (0.0, 0.3, 1.2, 60.4, 100.0)] == ["none", "fewer than 1", "1", "60", "100"]


def test_people_who_changed_places_are_not_told_as_moved(comparison: Comparison) -> None:
    """As many one way as the other is no move, however many they are."""
    went = whose_fates(
        comparison,
        ("crossed: West", "crossed: West", 60.0),
        ("crossed: West", "crossed: West Coast", 30.0),
        ("crossed: West Coast", "crossed: West", 30.0),
        ("crossed: West", "never_left", 25.0),
        ("never_left", "crossed: West", 15.0),
        ("crossed: West", "back", 10.0),
        ("back", "crossed: West", 3.0),
    )
    runs = comparison.runs[comparison.runs["effect"] != "fate_change"]
    change = runs.head(1).assign(effect="fate_change", key="crossed: West")
    change = pd.concat([change.assign(replicate=i, value=v) for i, v in enumerate((-16.0, -17.0, -18.0))])
    legs = comparison.legs.assign(without=comparison.legs["without"].where(comparison.legs["part"] == "treated", 0.0))
    told = replace(went, runs=pd.concat([runs, change]), legs=legs)
    assert fates.title(told) == (
        "By the West route 86 people crossed for every 100 without the measure; net, none "
        "crossed elsewhere and 8 never left"
    )
    lost = row(told, "treated_crossings_lost", "during and after", status="ok", mean=0.3, low=0.2, high=0.4)
    assert headline(lost) == (
        "The operation cut crossings on the treated legs by 30\u202f%; of 100 fewer people who crossed, 59 never left "
        "and 41 turned back"
    )
    back = replace(lost, runs=pd.concat([runs, change.assign(value=[-16.0, 17.0, 18.0])]))
    assert headline(back) == "The operation cut crossings on the treated legs by 30\u202f%"
