"""Documents for print: proposals, letters, packs. The one place where PDFs are made.

    pdf = render(Paper(title=…, subtitle=…, author=…, language="bg", at=now, blocks=[…]))

Text is text: markup in it is printed as it stands, and signs without a face are left out. Numbers,
dates and sentences come from the caller, in the paper's language.
"""

from core.paper.blocks import (
    Bar,
    Bars,
    Block,
    Facts,
    Figure,
    Figures,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Point,
    Points,
    Signatory,
    Signatures,
    Table,
    Trend,
)
from core.paper.document import Paper, render

__all__ = [
    "Bar",
    "Bars",
    "Block",
    "Facts",
    "Figure",
    "Figures",
    "Heading",
    "Note",
    "PageBreak",
    "Paper",
    "Paragraph",
    "Point",
    "Points",
    "Signatory",
    "Signatures",
    "Table",
    "Trend",
    "render",
]
