"""A calibration file: which scenario, which parameters within which bounds, and what was observed.

The prior of a parameter is uniform over its declared plausible range, or over bounds of one's own; with ``log``, its
logarithm is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from ..errors import InputError
from ..scenario.loading import sentences
from ..scenario.parameter import Flag, Int, Real, Section, Text
from ..study.file import Named
from .statistics import Kind

FORMAT = 1


class Prior(Section):
    """Where a parameter may lie; nothing given: its declared plausible range."""

    bounds: tuple[Real, Real] | None = Field(default=None, description="Least and greatest value, both included.")
    log: Flag = Field(default=False, description="Uniform over the logarithm of the bounds.")

    @model_validator(mode="after")
    def _in_order(self) -> Prior:
        if self.bounds and not self.bounds[0] < self.bounds[1]:
            raise ValueError(f"bounds are {list(self.bounds)}; the first has to be less than the second")
        if self.log and self.bounds and self.bounds[0] <= 0:
            raise ValueError("log needs bounds above 0; give such bounds, or drop log")
        return self


class Target(Section):
    """A number that was observed, and what of a run stands for it: a sum of the ``daily`` or ``legs_daily`` table."""

    measure: Text = Field(description="Measure of the run's daily table, as detections.", min_length=1)
    key_kind: Kind = Field(default="all", description="By what it is counted; leg: of the table legs_daily.")
    key: Text = Field(default="", description="Which of that kind; for all: none.")
    days: tuple[Int, Int] | None = Field(default=None, description="First day, and the one after the last.")
    reduce: Literal["sum", "mean", "share"] = Field(
        default="sum", description="Sum over the days, mean of the days, or share of the sum over all keys of the kind."
    )
    observed: Real = Field(description="What was observed, in the measure's unit; a share as a fraction.")
    scale: Real | None = Field(
        default=None, gt=0, description="Misfit that counts as 1; by default a tenth of what was observed."
    )
    source: Text = Field(default="", description="Where the observed number comes from.")

    @model_validator(mode="after")
    def _fits_together(self) -> Target:
        if self.key_kind == "all" and (self.key or self.reduce == "share"):
            what = "a key" if self.key else "reduce = 'share'"
            raise ValueError(f"has {what}, but key_kind is 'all'; give a key_kind, as 'route', or drop it")
        if self.key_kind != "all" and not self.key:
            raise ValueError(f"key_kind is {self.key_kind!r}, but no key is named; add key = \"…\"")
        if self.days and not 0 <= self.days[0] < self.days[1]:
            raise ValueError(f"days are {list(self.days)}; write the first day, from 0 on, and the one after the last")
        if self.reduce == "share" and not 0 <= self.observed <= 1:
            raise ValueError(f"observed is {self.observed:g}; a share lies between 0 and 1")
        if self.scale is None and self.observed == 0:
            raise ValueError("observed is 0, of which no tenth can be taken; give scale, the misfit that counts as 1")
        return self

    @property
    def unit(self) -> float:
        """The misfit that counts as 1."""
        return self.scale if self.scale is not None else abs(self.observed) / 10.0


class CalibrationFile(Section):
    """A complete calibration: frozen, validated."""

    format: Literal[1] = Field(default=1, description="Version of this file format.")
    name: Text = Field(description="Name of the calibration.", min_length=1)
    title: Text = Field(default="", description="One line for figures.")
    scenario: Text = Field(description="A bundled scenario, or a file beside this one.", min_length=1)
    settings: Named[Any] = Field(default={}, description="Parameters set for all runs, by dotted address.")
    seed: Int = Field(default=1, ge=0, description="Seed of the whole calibration.")
    population: Int = Field(default=100, ge=20, le=100_000, description="Points accepted in each population.")
    populations: Int = Field(default=20, ge=1, le=1000, description="Populations at most.")
    runs: Int = Field(default=5000, ge=20, le=100_000_000, description="Runs at most, those rejected included.")
    tolerance: Real = Field(
        default=1.0, gt=0, description="Distance at which it has converged: root mean square of misfits over scales."
    )
    predictive: Int = Field(default=100, ge=20, le=100_000, description="Runs of the posterior prediction.")
    parameters: Named[Prior] = Field(default={}, description="What is sought, by dotted address.")
    targets: Named[Target] = Field(default={}, description="What was observed, by a name of one's own.")


def load_file(path: str | Path) -> tuple[CalibrationFile, Path]:
    """A calibration file and the folder it lies in. Raises InputError with every fault found, one a line."""
    where = Path(path)
    if where.is_dir():
        raise InputError(f"{where}: is a folder; name a calibration file (.toml) in it")
    try:
        text = where.read_text("utf-8-sig")
    except FileNotFoundError:
        what = "a calibration file is TOML with [parameters] and [targets]"
        raise InputError(f"{where}: no such file; {what}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{where}: not text in UTF-8 (byte {error.start}); save it as UTF-8") from None
    return parse_file(text, str(where)), where.parent


def parse_file(text: str, origin: str = "calibration") -> CalibrationFile:
    """The calibration written in TOML; ``origin`` names it in messages. Raises InputError with every fault."""
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


def validate(tree: Mapping[str, Any], origin: str = "calibration") -> CalibrationFile:
    """A calibration from nested tables, or an :class:`InputError` with one line a fault."""
    try:
        return CalibrationFile.model_validate(tree)
    except ValidationError as error:
        raise InputError(sentences(error, origin, (), _names_at)) from None


def _names_at(place: tuple[str, ...]) -> list[str]:
    """The names that a table of a calibration file takes."""
    if not place:
        return list(CalibrationFile.model_fields)
    of: dict[str, Any] = {"parameters": Prior, "targets": Target}
    return list(of[place[0]].model_fields) if len(place) > 1 and place[0] in of else []
