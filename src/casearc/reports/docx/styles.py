"""Styles of the Word document: named, so that an agency can restyle the whole report in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "Calibri"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    name: str
    points: float
    color: str = "1C2427"
    bold: bool = False
    before: float = 0
    after: float = 6
    line: float = 1.12
    keep_with_next: bool = False
    edge: str = ""
    fill: str = ""


STYLES: Final = (
    _Style(name="Normal", points=10.5, after=7),
    _Style(name="Title", points=24, bold=True, after=4, line=1.0),
    _Style(name="Heading 1", points=16, color="0B5563", bold=True, before=24, after=5, keep_with_next=True),
    _Style(name="Heading 2", points=12.5, bold=True, before=16, after=1, keep_with_next=True),
    _Style(name="Caption", points=9.5, before=10, after=4, keep_with_next=True),
    _Style(name="Picture Caption", points=9.5, before=3, after=12),
    _Style(name="Picture", points=9.5, before=8, after=2, keep_with_next=True),
    _Style(name="List Bullet", points=10.5, after=4),
    _Style(name="Kind", points=10.5, color="0B5563", bold=True, after=2),
    _Style(name="Program", points=12, color="4E5A60", after=12),
    _Style(name="Question", points=10.5, color="4E5A60", keep_with_next=True),
    _Style(name="Answers", points=9, color="4E5A60", after=7, keep_with_next=True),
    _Style(name="Answers Primary", points=9, color="0B5563", bold=True, after=7, keep_with_next=True),
    _Style(name="Caution", points=10.5, before=3, after=8, edge="B26A00", fill="FDF5E3"),
    _Style(name="Refusal", points=10.5, before=3, after=8, edge="4E5A60", fill="F3F6F6"),
    _Style(name="Told", points=9.5, color="4E5A60"),
    _Style(name="Table Text", points=9.5, before=2, after=2, line=1.0),
    _Style(name="Table Note", points=8.5, color="4E5A60", before=2, after=0, line=1.0),
    _Style(name="Contents", points=10.5, after=2),
    _Style(name="Mark", points=8.5, color="4E5A60", after=0),
    _Style(name="Mark In House", points=9, color="8C1C13", bold=True, after=0),
)


def style_id(name: str) -> str:
    """The id by which paragraphs name a style."""
    return name.replace(" ", "")


def prepare_styles(document: Any) -> None:
    """Set the styles of a new document, making those that its template lacks."""
    from docx.enum.style import WD_STYLE_TYPE  # noqa: PLC0415  optional part

    known = {style.name for style in document.styles}
    for wanted in STYLES:
        if wanted.name in known:
            style = document.styles[wanted.name]
        else:
            style = document.styles.add_style(wanted.name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = document.styles["Normal"]
        _set(style, wanted)


def _set(style: Any, wanted: _Style) -> None:
    from docx.shared import Pt, RGBColor  # noqa: PLC0415  optional part

    style.font.name, style.font.size, style.font.bold = FONT, Pt(wanted.points), wanted.bold
    style.font.italic = False
    style.font.color.rgb = RGBColor.from_string(wanted.color)
    _one_font(style)
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(wanted.before), Pt(wanted.after)
    layout.line_spacing, layout.keep_with_next = wanted.line, wanted.keep_with_next
    layout.widow_control = True
    properties = style.element.get_or_add_pPr()
    for old in properties.xpath("./w:pBdr"):  # the template's Title is underlined
        properties.remove(old)
    if wanted.edge:
        _box(properties, wanted)


def _one_font(style: Any) -> None:
    """The font for every script; the template's headings name theme fonts, which would win."""
    from docx.oxml.ns import qn  # noqa: PLC0415  optional part

    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)


def _box(properties: Any, wanted: _Style) -> None:
    """A colored edge to the left and a tint behind, in the order that the format asks for."""
    from docx.oxml import parse_xml  # noqa: PLC0415  optional part
    from docx.oxml.ns import nsdecls  # noqa: PLC0415  optional part

    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="{wanted.edge}"/></w:pBdr>'
    )
    shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{wanted.fill}"/>')
    before = properties.xpath("./w:spacing|./w:ind|./w:jc")
    for element in (border, shade):
        before[0].addprevious(element) if before else properties.append(element)
