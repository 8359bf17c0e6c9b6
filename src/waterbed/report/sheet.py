"""A Matplotlib figure that is drawn under our settings, and shows itself in a notebook."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure

from . import style

_DPI = 180


class Sheet(Figure):
    """A figure outside pyplot, which notebooks would otherwise show as text until pyplot is imported.

    It is drawn under our settings wherever it is saved: text was placed by the widths that it has under them.
    """

    def draw(self, renderer: Any) -> None:
        with style.context():
            super().draw(renderer)

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=_DPI)
        return out.getvalue()
