"""A study file: which scenario, what varies, by which design, how often, and which effects are kept.

To add a design, write a function in :mod:`.designs`, put it in its table ``DESIGNS``, and name here the size it
needs, if a new one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, Field, PlainSerializer, ValidationError, model_validator

from ..errors import InputError
from ..scenario.loading import Refused, sentences, without
from ..scenario.parameter import Flag, Int, Real, Section, Text
from ..scenario.table import FrozenTable

FORMAT = 1

Kind = Literal[
    "grid", "one-at-a-time", "latin-hypercube", "sobol", "halton", "table", "morris", "saltelli", "fast", "dgsm",
    "screen",
]  # fmt: skip
Method = Literal["morris", "sobol", "fast", "rbd-fast", "pawn", "delta", "dgsm", "hdmr"]


type Named[T] = Annotated[
    Mapping[str, T], AfterValidator(lambda m: FrozenTable(m)), PlainSerializer(lambda m: dict(m), return_type=dict)
]


class Factor(Section):
    """What a parameter takes: given levels, or values between bounds; nothing given: its declared range."""

    levels: tuple[Any, ...] = Field(default=(), description="Values in order; numbers, words, lists or tables.")
    names: tuple[Text, ...] = Field(default=(), description="What tables and figures call the levels.")
    bounds: tuple[Real, Real] | None = Field(default=None, description="Least and greatest value, both included.")
    log: Flag = Field(default=False, description="Spread values evenly over the logarithm of the bounds.")

    @model_validator(mode="after")
    def _one_of_both(self) -> Factor:
        if self.levels and self.bounds:
            raise ValueError("has both levels and bounds; keep one of them")
        if self.bounds and not self.bounds[0] < self.bounds[1]:
            raise ValueError(f"bounds are {list(self.bounds)}; the first has to be less than the second")
        if self.log and (self.bounds is None or self.bounds[0] <= 0):
            raise ValueError("log needs bounds above 0; give them, or drop log")
        for i, level in enumerate(self.levels):
            if level in self.levels[:i]:
                raise ValueError(f"levels hold {level!r} twice; drop one")
        if self.names and (len(self.names) != len(self.levels) or len(set(self.names)) < len(self.names)):
            raise ValueError(f"names are {len(self.names)} for {len(self.levels)} levels; give each level its own name")
        return self


class Design(Section):
    """Which points of the factors' space are run."""

    kind: Kind = Field(default="grid", description="How points are chosen.")
    points: Int = Field(
        default=64, ge=1, le=10_000_000, description="Points, or base samples of saltelli, fast and dgsm."
    )
    steps: Int = Field(
        default=5, ge=2, le=10_000, description="Levels of a factor given by bounds, in grid and one-at-a-time."
    )
    trajectories: Int = Field(default=20, ge=2, le=100_000, description="Trajectories of morris.")
    grid_levels: Int = Field(default=4, ge=2, le=100, description="Levels of morris; an even number.")
    second_order: Flag = Field(default=True, description="Whether saltelli also samples for second-order indices.")
    file: Text = Field(default="", description="CSV of a table design: a column a factor, a row a point.")
    seed: Int | None = Field(default=None, ge=0, description="Of the design's own chance; by default the study's seed.")
    analyse: tuple[Method, ...] = Field(
        default=(), description="Sensitivity analyses; by default what fits the design."
    )
    by: Text | tuple[Text, ...] = Field(
        default="", description="Effect, or several, that screen ranks factors by; by default the first that is kept."
    )
    keep_factors: Int = Field(default=8, ge=2, le=1000, description="Factors that screen hands on to saltelli.")


class StudyFile(Section):
    """A complete study: frozen, validated."""

    format: Literal[1] = Field(default=1, description="Version of this file format.")
    name: Text = Field(description="Name of the study.", min_length=1)
    title: Text = Field(default="", description="One line for lists and reports.")
    scenario: Text = Field(default="", description="A bundled scenario, or a file beside this one.")
    settings: Named[Any] = Field(default={}, description="Parameters set for all points, by dotted address.")
    replicates: Int = Field(
        default=20, ge=1, le=1_000_000, description="Pairs of runs at each point; they share seeds."
    )
    seed: Int = Field(default=1, ge=0, description="Seed of the whole study.")
    keep: tuple[Text, ...] = Field(default=(), description="Effects that the tables show; none named: all.")
    deadline: Real = Field(
        default=0.0, ge=0, description="Seconds after which a pair of runs counts as failed; 0: none."
    )
    design: Design = Design()
    factors: Named[Factor] = Field(default={}, description="What varies, by dotted address.")


def load_file(path: str | Path) -> tuple[StudyFile, Path]:
    """A study file and the folder it lies in. Raises InputError with every fault found, one a line."""
    where = Path(path)
    if where.is_dir():
        raise InputError(f"{where}: is a folder; name a study file (.toml) in it")
    try:
        text = where.read_text("utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{where}: no such file; a study file is TOML with a [design] and [factors]") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    return parse_file(text, str(where)), where.parent


def parse_file(text: str, origin: str = "study") -> StudyFile:
    """The study written in TOML; ``origin`` names it in messages. Raises InputError with every fault found."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{origin}: not valid TOML: {error}; mend that line") from None
    version = tree.get("format", FORMAT)
    if type(version) is not int or version != FORMAT:
        raise InputError(
            f"{origin}: format: is {version!r}; this version of waterbed reads {FORMAT}; upgrade it, or write "
            f"format = {FORMAT}"
        )
    return validate(tree, origin)


def validate(tree: Mapping[str, Any], origin: str = "study") -> StudyFile:
    """A study from nested tables; raises ``Refused``, an InputError, with one line a fault."""
    try:
        return StudyFile.model_validate(tree)
    except ValidationError as error:
        raise Refused(sentences(error, origin, (), _names_at), *without(tree, error, StudyFile)) from None


def is_study(text: str) -> bool:
    """Whether a TOML text means to be a study and not a scenario."""
    try:
        tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return "factors" in tree or "design" in tree


def file_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a study file, for editors."""
    schema = StudyFile.model_json_schema()
    return schema | {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "waterbed study"}


def _names_at(place: tuple[str, ...]) -> list[str]:
    """The names that a table of a study file takes."""
    if not place:
        return list(StudyFile.model_fields)
    if place[0] == "factors" and len(place) > 1:
        return list(Factor.model_fields)
    return list(cast(Any, Design).model_fields) if place[0] == "design" else []
