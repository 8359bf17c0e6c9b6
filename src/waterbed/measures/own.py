"""A user's own measures, from plug-in files: numbers of a finished run, compared like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from ..engine.run import Run


def own_measures(run: Run) -> dict[str, float]:
    """What the measures of the scenario's plug-ins say of a run, by name.

    Raises:
        InputError: where one of them fails or gives no number.
    """
    from ..engine.plugins import load

    values = {}
    for name, function in load(run.scenario.plugins).measures.items():
        try:
            values[name] = float(function(run))
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise InputError(f"plugins: measure '{name}' failed: {why}; it takes a run and returns a number") from error
    return values


def compared(terms: dict, x: Run, y: Run) -> None:
    """Each own measure in both worlds, and its change, with minus without.

    Raises:
        InputError: where a name is already that of an effect.
    """
    with_it, without = own_measures(x), own_measures(y)
    taken = {effect for effect, _, _ in terms}
    for name in with_it:
        if name not in without:
            continue
        if {name, f"{name}_change"} & taken:
            raise InputError(f"plugins: measure '{name}' has the name of an effect; give it another")
        terms[f"{name}_change", "own measure", ""] = (with_it[name] - without[name],)
        for world, values in (("with", with_it), ("without", without)):
            terms[name, world, ""] = (values[name],)
