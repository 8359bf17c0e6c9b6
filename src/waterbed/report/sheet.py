"""A Matplotlib figure that shows itself in a notebook."""

from __future__ import annotations

import io

from matplotlib.figure import Figure

_DPI = 180


class Sheet(Figure):
    """A figure outside pyplot, which notebooks would otherwise show as text until pyplot is imported."""

    def _repr_png_(self) -> bytes:
        out = io.BytesIO()
        self.savefig(out, format="png", dpi=_DPI)
        return out.getvalue()
