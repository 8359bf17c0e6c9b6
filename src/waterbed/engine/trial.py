"""Plug-ins are tried where a mistake has a line: interpreted, before anything of them is compiled.

Compiled code looks for no mistakes: a row that does not exist would be read from whatever lies there.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from ..errors import InputError
from ..scenario.addresses import unknown
from .plugins import line_in, load
from .records import interpreted

if TYPE_CHECKING:
    from .world import World

_MOST = 3000
"""Posts that a strategy is tried on, spread over all there are."""
_HELP = "keep to numbers, if, loops and math, and to functions of the same file: see docs/howto/police_strategy.md"
_UNKNOWN = "Numba does not know how"
_REASON = re.compile(
    r"(?!During|raised from|File)"
    r".*(Untyped|Unknown attribute|[Uu]nsupported|not (supported|defined)|required|[Cc]annot|Error: (?!Failed))"
)
_MEMORY = "NRT required but not enabled"


def try_strategies(plugins: tuple[str, ...], world: World) -> None:
    """Weigh posts of every kind on the first day by each strategy of the plug-ins.

    Raises:
        InputError: naming file and line, for one that fails or gives no number.
    """
    if not load(plugins).strategies or not len(world.units):
        return
    shown = interpreted(world)
    for name, strategy in load(plugins).strategies.items():
        for i in range(0, len(shown.posts), max(1, len(shown.posts) // _MOST)):
            unit, post = shown.units[i % len(shown.units)], shown.posts[i]
            try:
                weight = strategy(unit, post, 0, shown)
            except Exception as error:
                raise InputError(_told(name, strategy, post, error)) from error
            if not isinstance(weight, int | float) or not math.isfinite(weight):
                code = strategy.__code__
                raise InputError(f"plugins: '{code.co_filename}', line {code.co_firstlineno}: police strategy '{name}' "
                                 f"gives {weight!r}; it has to give a number, the weight of the post")  # fmt: skip


def _told(name: str, strategy: Any, post: Any, error: Exception) -> str:
    path = strategy.__code__.co_filename
    said = f"{type(error).__name__}: {error}"
    if isinstance(error, AttributeError) and error.name:
        fields = [field for field in dir(type(error.obj)) if not field.startswith("_")]
        said = f"'{error.name}': {unknown(error.name, fields)}"
    return (f"plugins: '{path}'{line_in(path, error)}: police strategy '{name}' fails on a post of kind {post.kind} "
            f"with target {post.target}: {said}")  # fmt: skip


def not_compiled(plugins: tuple[str, ...], error: Exception) -> InputError:
    """What to say of a plug-in that runs interpreted and cannot be compiled: the file, the line, and Numba's reason."""
    lines = [line.strip() for line in str(error).splitlines()]
    for path in plugins:
        name = re.escape(path.rsplit("/", 1)[-1])
        for i, line in enumerate(lines):
            at = re.search(rf'{name}"?,? (?:line |\()(\d+)', line)
            if at:
                why = _reason(lines[: i + 1])
                return InputError(f"plugins: '{path}', line {at[1]}: cannot be compiled: {why}; {_HELP}")
    return InputError(f"plugins: '{', '.join(plugins)}': cannot be compiled: {_reason(lines)}; {_HELP}")


def _reason(lines: list[str]) -> str:
    """The last line that gives one."""
    said = next((line for line in reversed(lines) if _REASON.match(line)), _UNKNOWN)
    return "there is no memory for lists, tables, texts and new arrays" if said == _MEMORY else said[:200]
