"""Letters, colours and sizes, in points. Inks and grounds are those of theme.css in daylight."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from django.conf import settings
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR: Final = "Kamerton"
BOLD: Final = "Kamerton-Bold"

PAGE: Final = A4
MARGIN: Final = 22 * mm
TOP: Final = 29 * mm
BOTTOM: Final = 27 * mm
WIDTH: Final = PAGE[0] - 2 * MARGIN
HEIGHT: Final = PAGE[1] - TOP - BOTTOM
MUCH: Final = HEIGHT / 3
"""What is higher may be broken by the end of a page."""

INK: Final = HexColor("#1b2433")
INK_SOFT: Final = HexColor("#545e6e")
ACCENT: Final = HexColor("#2a4a7f")
ACCENT_PALE: Final = HexColor("#9fb3d6")
DANGER: Final = HexColor("#ad2a2a")
# A hairline on paper has to be darker than one on a screen.
LINE: Final = HexColor("#d9d4c9")
LINE_STRONG: Final = HexColor("#8b8f98")
TRACK: Final = HexColor("#efede7")
SURFACE: Final = white
TONES: Final[dict[str, tuple[Color, Color]]] = {
    "neutral": (INK_SOFT, HexColor("#efede7")),
    "accent": (ACCENT, HexColor("#e6ecf6")),
    "info": (HexColor("#1f6391"), HexColor("#e4eff7")),
    "success": (HexColor("#1d7040"), HexColor("#e3f2e8")),
    "warning": (HexColor("#8a5600"), HexColor("#faeed6")),
    "danger": (DANGER, HexColor("#fae6e3")),
}

for _name, _file in ((REGULAR, "regular.ttf"), (BOLD, "bold.ttf")):
    _path = settings.BASE_DIR / "static" / "vendor" / "dejavu-fonts-ttf" / _file
    pdfmetrics.registerFont(TTFont(_name, str(_path)))


def _style(name: str, size: float, leading: float, **more: Any) -> ParagraphStyle:
    common: dict[str, Any] = {
        "fontName": REGULAR,
        "textColor": INK,
        "allowWidows": 0,
        "allowOrphans": 0,
    }
    return ParagraphStyle(name, fontSize=size, leading=leading, **common | more)


TITLE: Final = _style("title", 22, 28)
SUBTITLE: Final = _style("subtitle", 11.5, 16, textColor=INK_SOFT, spaceBefore=4)
HEADINGS: Final = {
    1: _style("heading", 13, 17, fontName=BOLD, textColor=ACCENT, spaceBefore=20, spaceAfter=7),
    2: _style("subheading", 10, 14, fontName=BOLD, spaceBefore=13, spaceAfter=5),
}
BODY: Final = _style("body", 9.5, 14.5, spaceAfter=8)
QUIET: Final = _style("quiet", 8.25, 12, textColor=INK_SOFT, spaceBefore=4, spaceAfter=8)
POINT: Final = _style("point", 9.5, 14.5, leftIndent=13, bulletIndent=1, spaceAfter=3)
FIGURE: Final = _style("figure", 19, 24, textColor=ACCENT)
NOTE_TITLE: Final = _style("note title", 9.5, 14, fontName=BOLD)
NOTE: Final = _style("note", 9.5, 14)

SENDER: Final = _style("sender", 9, 12, fontName=BOLD, textColor=ACCENT)
MARGINAL: Final = _style("marginal", 7.75, 10, textColor=INK_SOFT)

CELL: Final = _style("cell", 8.75, 12.5)
CELL_STRONG: Final = _style("strong cell", 8.75, 12.5, fontName=BOLD)
CELL_HEADING: Final = _style("cell heading", 7.75, 11, fontName=BOLD, textColor=INK_SOFT)
CELL_QUIET: Final = _style("quiet cell", 8.25, 12.5, textColor=INK_SOFT)
FACT: Final = _style("fact", 9.5, 13)
LABEL: Final = _style("label", 9.5, 13, textColor=INK_SOFT)
CAPTION: Final = _style("caption", 7.25, 10, textColor=INK_SOFT)


@lru_cache
def to_the_right(look: ParagraphStyle) -> ParagraphStyle:
    return ParagraphStyle(f"{look.name} to the right", parent=look, alignment=TA_RIGHT)
