"""The map: projections, labels by rule, insets, widths."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import waterbed as wb
from waterbed.measures.comparison import Comparison
from waterbed.network import load_world
from waterbed.report import atlas, labels, style
from waterbed.report import map as map_figure
from waterbed.report.basemap import clip, land
from waterbed.report.projection import fitted, great_circle, lambert, natural_earth


@pytest.fixture(scope="module")
def classroom() -> Comparison:
    return wb.compare(wb.Scenario.load("classroom"), replicates=3, seed=1)


@pytest.fixture(scope="module")
def world(classroom: Comparison) -> Comparison:
    """The legs of the real world with made-up changes, each told from zero."""
    network = load_world("liberterra").network
    rng = np.random.default_rng(7)
    legs = network.legs.sample(120, random_state=7)
    at = network.places.set_index("name")
    change = rng.lognormal(5, 1.5, len(legs)) * rng.choice([-1.0, 1.0], len(legs))
    table = pd.DataFrame(
        {"leg": legs["tail"] + " > " + legs["head"], **{c: legs[c] for c in ("tail", "head", "mode", "route")}}
    )
    for end in ("tail", "head"):
        for axis in ("lat", "lon"):
            table[f"{end}_{axis}"] = at[axis].reindex(legs[end]).to_numpy(float)
    table["part"] = np.where(legs["counted"], "treated", "")
    table = table.assign(counted=legs["counted"], without=1e4, difference=change, low=change - 0.1, high=change + 0.1)
    table["with"] = 1e4 + change
    return replace(classroom, legs=table.reset_index(drop=True))


def charts(comparison: Comparison) -> list[atlas.Chart]:
    with style.context():
        return atlas.charts(comparison, 174.0, (62.0, 96.0))


@pytest.mark.parametrize("which", ["classroom", "world"])
def test_no_label_lies_on_another_or_leaves_the_sheet(which: str, request: pytest.FixtureRequest) -> None:
    for chart in charts(request.getfixturevalue(which)):
        assert chart.placed
        for a, b in combinations(chart.placed, 2):
            assert not labels.overlap((a.box[0] - 3, a.box[1] - 1, a.box[2] + 3, a.box[3] + 1), b.box), (a, b)
        for label in chart.placed:
            left, bottom, right, top = label.box
            assert left >= 0 and bottom >= 0 and right <= chart.view.width and top <= chart.view.height
            assert right - left == pytest.approx(
                style.extent(
                    label.words, 7.0 if label.kind == "place" else 7.4, "normal" if label.kind == "place" else "bold"
                )[0]
            )


def test_a_small_world_names_its_places_and_signs_its_numbers(classroom: Comparison) -> None:
    (chart,) = charts(classroom)
    names = {p.words for p in chart.placed if p.kind == "place"}
    assert names == {*classroom.legs["tail"], *classroom.legs["head"]}
    for label in chart.placed:
        if label.kind != "place":
            assert label.words[0] == ("\u2212" if label.kind == "fewer" else "+")


def test_the_world_has_insets_where_most_legs_changed(world: Comparison) -> None:
    found = charts(world)
    assert len(found) == 3 and all(c.name for c in found[1:])
    assert found[1].view.height == found[2].view.height
    assert sum(c.view.width for c in found[1:]) < found[0].view.width


def test_widths_are_linear_in_people(world: Comparison) -> None:
    main = charts(world)[0]
    top = max(abs(a.row.difference) for a in main.arcs)
    thick = [a for a in main.arcs if a.width > 1.0]
    assert len(thick) > 5
    for arc in thick:
        assert arc.width == pytest.approx(atlas.WIDEST * abs(arc.row.difference) / top)


def test_only_what_excludes_zero_is_drawn(world: Comparison) -> None:
    legs = world.legs.copy()
    legs.loc[:59, ["low", "high"]] = (-1.0, 1.0)
    assert set(atlas.sure(legs)["leg"]) == set(legs["leg"][60:])
    nothing = replace(world, legs=legs.assign(low=-1.0, high=1.0))
    assert not charts(nothing)[0].arcs


def test_what_is_small_beside_the_largest_is_told_as_one_number(world: Comparison) -> None:
    top = float(world.legs["difference"].abs().max())
    legs = world.legs.copy()
    legs.loc[:9, "difference"] = -0.004 * top
    legs = legs.assign(low=legs["difference"] - 0.1, high=legs["difference"] + 0.1)
    drawn = atlas.drawn(legs)
    assert not set(legs["leg"][:10]) & set(drawn["leg"]) and set(drawn["leg"]) < set(atlas.sure(legs)["leg"])
    few = len(legs) - len(drawn)
    rest = style.number(atlas.sure(legs)["difference"].sum() - drawn["difference"].sum(), 2, signed=True)
    said = map_figure.notes(replace(world, legs=legs))
    assert f"; {few} legs with less ({rest} people in sum) are not" in said
    assert "in sum" not in map_figure.notes(replace(world, legs=drawn))


def test_a_thin_leg_keeps_its_colour(world: Comparison) -> None:
    arcs = [a for chart in charts(world) for a in chart.arcs if a.treated]
    assert {a.outlined for a in arcs} == {True, False}
    for arc in arcs:
        fig = style.figure(40, 40)
        axes = style.axes(fig, 0, 0, 40, 40, bare=True)
        map_figure.leg(axes, arc, style.LIGHT)
        assert (style.INK in {line.get_color() for line in axes.lines}) == (arc.width >= 1.5)


def test_no_leg_runs_through_the_name_of_an_inset(world: Comparison) -> None:
    with style.context():
        fig = map_figure.draw(world)
    names = {chart.name: chart for chart in charts(world)[1:]}
    for axes in fig.axes:
        for text in axes.texts:
            if any(text.get_text().endswith(name) for name in names):
                assert text.get_position()[1] > axes.get_ylim()[1]
    assert max(axes.get_position().x1 for axes in fig.axes) < 1.0


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(5, 195), st.floats(5, 145)), min_size=1, max_size=40), st.integers(1, 14))
def test_labels_never_overlap(places: list[tuple[float, float]], letters: int) -> None:
    sheet = labels.Sheet(200.0, 150.0, np.array(places), np.empty((0, 3)))
    size = (4.0 * letters, 8.0)
    for x, y in places:
        sheet.put("x" * letters, "place", size, labels.around(x, y, size))
    for a, b in combinations(sheet.placed, 2):
        assert not labels.overlap(a.box, b.box)
    assert all(0 <= p.box[0] and p.box[2] <= 200 and 0 <= p.box[1] and p.box[3] <= 150 for p in sheet.placed)


def test_a_label_keeps_off_a_thick_line() -> None:
    line = np.array([[x, 50.0, 4.0] for x in np.arange(0.0, 100.0, 2.0)])
    sheet = labels.Sheet(100.0, 100.0, np.empty((0, 2)), line)
    way = line[::5, :2]
    placed = sheet.put("+310", "more", (20.0, 8.0), labels.beside(way, (20.0, 8.0), 4.0))
    assert placed is not None and (placed.box[1] >= 54.0 or placed.box[3] <= 46.0)


def test_natural_earth_has_its_published_proportions() -> None:
    x, y = natural_earth(np.array([180.0, 0.0, 180.0]), np.array([0.0, 90.0, 90.0]))
    assert x[0] == pytest.approx(0.8707 * math.pi) and y[1] / x[0] == pytest.approx(0.52, abs=1e-3)
    assert x[2] / x[0] == pytest.approx(0.55, abs=0.02)  # length of the pole line


def test_lambert_is_true_on_its_parallels_and_keeps_angles() -> None:
    project = lambert(28.0, 42.0, 15.0)
    for lat in (28.0, 42.0):
        x, y = project(np.array([15.0, 15.001]), np.array([lat, lat]))
        assert math.hypot(x[1] - x[0], y[1] - y[0]) == pytest.approx(
            math.radians(0.001) * math.cos(math.radians(lat)), rel=1e-6
        )
    x, y = project(np.array([20.0, 20.001, 20.0]), np.array([50.0, 50.0, 50.001]))
    east, north = math.hypot(x[1] - x[0], y[1] - y[0]), math.hypot(x[2] - x[0], y[2] - y[0])
    assert east / math.cos(math.radians(50.0)) == pytest.approx(north, rel=1e-3)


def test_a_great_circle_is_the_shortest_way() -> None:
    way = great_circle((-74.0, 40.0), (0.0, 51.5))
    assert way[0] == pytest.approx([-74.0, 40.0]) and way[-1] == pytest.approx([0.0, 51.5])
    assert way[:, 1].max() > 51.5  # it goes north of both
    same = great_circle((10.0, 20.0), (10.0, 20.0))
    assert np.allclose(same, [10.0, 20.0])


def test_a_way_over_the_date_line_is_broken_there() -> None:
    view = fitted(natural_earth, np.array([[-179.0, -40.0], [179.0, 60.0]]), 500.0, (200.0, 300.0))
    way = view.way((170.0, 10.0), (-170.0, 12.0), 0.09)
    assert np.isnan(way).any()
    whole = way[~np.isnan(way[:, 0])]
    gap = np.flatnonzero(np.isnan(way[:, 0]))[0]
    assert abs(whole[0, 0] - whole[-1, 0]) > 400 and gap not in (0, len(way) - 1)


def test_two_directions_part() -> None:
    view = fitted(natural_earth, np.array([[0.0, 0.0], [30.0, 30.0]]), 500.0, (200.0, 500.0))
    there, back = view.way((5.0, 5.0), (25.0, 25.0), 0.09), view.way((25.0, 25.0), (5.0, 5.0), 0.09)
    assert np.hypot(*(there[16] - back[16])) > 0.1 * np.hypot(*(there[0] - there[-1]))


@pytest.mark.parametrize(("tall", "bounds"), [(3.0, (60.0, 90.0)), (40.0, (60.0, 90.0)), (120.0, (60.0, 90.0))])
def test_a_view_holds_its_places_and_fills_its_sheet(tall: float, bounds: tuple[float, float]) -> None:
    at = np.array([[-10.0, -tall / 2], [30.0, tall / 2]])
    view = fitted(natural_earth, at, 170.0, bounds)
    assert bounds[0] <= view.height <= bounds[1] and view.inside(view.points(at[:, 0], at[:, 1])).all()
    left, right, bottom, top = view.box
    assert (right - left) / view.width == pytest.approx((top - bottom) / view.height)


def test_land_is_cut_to_a_region() -> None:
    ring = np.array([[0.0, 0.0], [10.0, 0.0], [10.0, 10.0], [0.0, 10.0], [0.0, 0.0]])
    part = clip(clip(ring, 1.0, 4.0), -1.0, 6.0, 1)
    assert part[:, 0].min() == 4.0 and part[:, 1].max() == 6.0
    for _, rings in land():
        for each in rings:
            assert np.abs(np.diff(each[:, 0])).max() <= 360.0 and np.abs(each[:, 0]).max() <= 180.0
