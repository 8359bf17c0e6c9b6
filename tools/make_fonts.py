"""Cut the upright variable Source Sans 3 into the weights that figures use.

Matplotlib reads only a variable font's default weight. The licence (OFL 1.1) reserves the name "Source"
for the original, so the cuts bear another one. Run once, by hand:

    pip install fontpkg-source-sans-3 fonttools
    python tools/make_fonts.py
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

FAMILY = "Waterbed Sans"
WEIGHTS = {400: "Regular", 600: "SemiBold", 700: "Bold"}
TARGET = Path(__file__).resolve().parents[1] / "src/waterbed/report/fonts"
# Latin with its accents, marks of print, arrows, mathematical signs: what names and numbers need.
RANGES = ((0x20, 0x17F), (0x2000, 0x206F), (0x20A0, 0x20BF), (0x2190, 0x2193), (0x2200, 0x22FF))


def main() -> None:
    """Write one TrueType file a weight."""
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    found = [Path(str(f.locate())) for f in metadata.distribution("fontpkg-source-sans-3").files or ()]
    source = next(f for f in found if f.suffix == ".ttf" and "talic" not in f.name)
    TARGET.mkdir(exist_ok=True)
    for weight, style in WEIGHTS.items():
        font = instantiateVariableFont(TTFont(source), {"wght": weight})
        options = Options()
        options.name_IDs, options.notdef_outline = ["*"], True
        subset = Subsetter(options)
        subset.populate(unicodes=[c for low, high in RANGES for c in range(low, high + 1)])
        subset.subset(font)
        names = {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}",
                 6: f"{FAMILY.replace(' ', '')}-{style}", 16: FAMILY, 17: style}  # fmt: skip
        for record in list(font["name"].names):
            if record.nameID not in (0, 7, 13, 14):  # copyright, trademark and licence stay
                font["name"].removeNames(nameID=record.nameID)
        for identity, text in names.items():
            font["name"].setName(text, identity, 3, 1, 0x409)
        font["OS/2"].usWeightClass = weight
        font["head"].macStyle = 1 if weight == 700 else 0
        font.recalcTimestamp = False
        font.save(TARGET / f"WaterbedSans-{style}.ttf")


if __name__ == "__main__":
    main()
