"""What goes over the wire: JSON from the page, JSON and binary months to it. Everything that comes in is checked.

From the page, each with the number ``run`` that the page gives to a setting:

- ``open``: build this setting; answered by ``world`` and ``ready``, or by ``fault``: then the one before goes on.
- ``month``: the month of that index; answered by a binary month and the ``fates`` so far.
- ``compare``: pairs of runs; answered by ``progress`` and then ``results``, with the answers to the tasks' questions:
  those that compare with the setting before need its ``compared``, sent back as ``before``. ``cancel`` ends it.

A binary month is little-endian, every array aligned to 4 bytes: header of nine int32 (magic, run, month, first day,
days, maps, people, series, length); ``person`` (u32, the row in the run, the same in both maps); then for each map,
without and with: the numbers of stays and of marks (u32), ``first[n+1]`` (u32), ``from``, ``to`` (u16), ``start``,
``end`` (i32, hours from the month's start), ``state`` (u8), marks (u16 times 4), series (f32, series by days).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from ..errors import InputError
from .limits import LONGEST

if TYPE_CHECKING:
    from .courses import Courses

MAGIC = 0x574D3031
_HEADER = 36

Run = Annotated[int, Field(ge=0, lt=2**31)]
Value = bool | int | float | str | list[str]


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


class Open(_Message):
    """Build a setting: a scenario by name, or its text, and what is changed in it."""

    type: Literal["open"]
    run: Run
    scenario: Annotated[str, Field(max_length=200)]
    toml: str = ""
    changes: Annotated[dict[str, Value], Field(max_length=500)] = {}
    seed: Annotated[int, Field(ge=0, lt=2**53)] = 1


class Month(_Message):
    """A month of the run, by its index."""

    type: Literal["month"]
    run: Run
    month: Annotated[int, Field(ge=0, lt=100_000)]


class Row(_Message):
    """An effect of a setting that was compared before, as ``results`` told it."""

    effect: Annotated[str, Field(max_length=100)]
    key: Annotated[str, Field(max_length=100)]
    status: Annotated[str, Field(max_length=100)]
    note: Annotated[str, Field(max_length=1000)]
    mean: float | None
    low: float | None
    high: float | None


class Compare(_Message):
    """The same setting under many seeds."""

    type: Literal["compare"]
    run: Run
    replicates: Annotated[int, Field(ge=2, le=100)]
    before: Annotated[list[Row], Field(max_length=20)] = []


class Cancel(_Message):
    """End the comparison under way."""

    type: Literal["cancel"]
    run: Run


Message = Open | Month | Compare | Cancel
_MESSAGES: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


def read(text: str) -> Message:
    """A message from a page; raises InputError where it is not one of those above."""
    if len(text) > LONGEST:
        raise InputError(f"the message has {len(text):,} characters, and a page may send {LONGEST:,}; "
                         "a longer scenario file can be opened with: waterbed app FILE")  # fmt: skip
    try:
        return _MESSAGES.validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        way = [str(part) for part in first["loc"][1:]]
        if len(way) > 2 and way[0] == "changes":  # it is none of several types, and pydantic complains of the first
            told = f"{way[1]}: has to be true or false, a finite number, a text, or a list of texts"
            raise InputError(told) from None
        place = ".".join(way) or "message"
        given = first["input"]
        short = first["loc"] and isinstance(given, str | int | float) and len(str(given)) < 40
        shown = f"is {given!r}; " if short else ""
        raise InputError(f"{place}: {shown}{first['msg'][0].lower()}{first['msg'][1:]}") from None


def write(kind: str, **content: Any) -> bytes:
    """A message to a page; raises ValueError for what JSON does not know, such as NaN."""
    return json.dumps({"type": kind} | content, ensure_ascii=False, allow_nan=False, default=_plain).encode()


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else str(value)


def write_month(
    run: int, month: int, first_day: int, days: int, maps: list[tuple[Courses, np.ndarray, np.ndarray]]
) -> bytes:
    """A binary month from (courses, marks [c, 4], series [k, days]) of each map."""
    person = np.unique(np.concatenate([courses.person for courses, _, _ in maps]))
    parts = [person.astype("<u4")]
    for courses, marks, series in maps:
        first = np.searchsorted(courses.person, np.append(person, np.iinfo(np.int64).max))
        parts += [
            np.array([len(courses.person), len(marks)], "<u4"), first.astype("<u4"), courses.origin.astype("<u2"),
            courses.goal.astype("<u2"), courses.start.astype("<i4"), courses.end.astype("<i4"), courses.state,
            marks.astype("<u2"), series.astype("<f4"),
        ]  # fmt: skip
    body = b"".join(_aligned(part.tobytes()) for part in parts)
    sizes = (days, len(maps), len(person), len(maps[0][2]), _HEADER + len(body))
    return np.array([MAGIC, run, month, first_day, *sizes], "<i4").tobytes() + body


def _aligned(block: bytes) -> bytes:
    return block + b"\0" * (-len(block) % 4)
