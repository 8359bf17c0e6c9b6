"""The page's colours: those of the figures, on paper and on a dark screen, and what the page alone needs.

One hue has one job, said in one place; the page follows what the browser prefers, and on paper it is always light.
"""

from __future__ import annotations

from ..report import style

_OWN = {
    "paper": (style.PAPER, style.DARK.paper), "land": (style.LIGHT.land, style.DARK.land),
    "coast": (style.LIGHT.coast, style.DARK.coast), "sea": ("#F5F9FB", "#0A1019"), "leg-sea": ("#9DB7C6", "#41607A"),
    "leg-land": ("#C4BFB4", "#55677B"), "fate-exploited": ("#B0578D", "#DB8CBC"), "fate-others": ("#BDB8AC", "#8C8A84"),
    "edge": ("#8A9098", "#7C8896"), "hover": ("#F1F3F5", "#1C2835"), "off": ("#6B6F76", "#93A0AE"),
    "off-edge": ("#C9CDD2", "#34465A"), "on-with": ("#FFFFFF", style.DARK.paper), "with-hover": ("#14508C", "#B5D7FA"),
    "answer": ("#F3F6FA", "#16202D"), "said": ("#5D4500", "#E3C06A"), "said-edge": ("#D9BF7A", "#6B5A2A"),
    "route-other": ("#8FA3B8", "#8FA3B8"),
}  # fmt: skip
"""What the page shows and no figure does: light, dark."""


def colors() -> dict[str, tuple[str, str]]:
    """Every colour by its name on the page: light, dark."""
    figures = {"with": style.WITH, "without": style.WITHOUT, "operation": style.OPERATION, "ink": style.INK,
               "operation-text": style.OPERATION_TEXT, "fewer": style.FEWER, "more": style.MORE, "soft": style.SOFT,
               "fewer-text": style.FEWER_TEXT, "grid": style.GRID}  # fmt: skip
    figures |= {f"route-{i}": color for i, color in enumerate(style.ROUTES)}
    figures |= {f"fate-{name}": color for name, color in style.FATES.items()}
    return {name: (light, style.ON_SCREEN.get(light, light)) for name, light in figures.items()} | _OWN


def sheet() -> str:
    """The style sheet that names them."""
    found = colors()
    light, dark = ("".join(f"--{name}: {pair[k]};" for name, pair in found.items()) for k in (0, 1))
    return f":root {{ {light} }}\n@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
