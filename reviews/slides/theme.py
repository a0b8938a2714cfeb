"""The look of the deck: an empty 16:9 presentation whose theme has our colours and fonts with Chinese.

Colours and fonts stand in the theme only, so a company's own theme replaces them with two clicks. The fonts are those
that every Office has; a machine without them (LibreOffice on Linux) takes Liberation Sans and Noto Sans CJK SC.
"""

from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.opc.oxml import serialize_part_xml
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.oxml.xmlchemy import OxmlElement
from pptx.util import Inches

WIDTH, HEIGHT = 13.333, 7.5
MARGIN = 0.5
BODY_WIDTH = WIDTH - 2 * MARGIN
BODY_TOP, BODY_BOTTOM = 1.42, 6.88
TITLE_TOP, TITLE_HEIGHT = 0.38, 0.92
FOOTER_TOP, FOOTER_HEIGHT = 7.0, 0.3

LATIN_FONT, CHINESE_FONT = "Arial", "Microsoft YaHei"
#: Per script, for machines whose theme language decides: simplified, traditional Chinese, Japanese, Korean.
_SCRIPT_FONTS = {"Hans": "Microsoft YaHei", "Hant": "Microsoft JhengHei", "Jpan": "Meiryo", "Hang": "Malgun Gothic"}

TEXT = MSO_THEME_COLOR.TEXT_1
MUTED = MSO_THEME_COLOR.TEXT_2
PAPER = MSO_THEME_COLOR.BACKGROUND_1
SHADE = MSO_THEME_COLOR.BACKGROUND_2
VALUE = MSO_THEME_COLOR.ACCENT_1
TARGET = MSO_THEME_COLOR.ACCENT_2
BAR = MSO_THEME_COLOR.ACCENT_3
GOOD = MSO_THEME_COLOR.ACCENT_4
BAD = MSO_THEME_COLOR.ACCENT_5
QUIET = MSO_THEME_COLOR.ACCENT_6

_COLOURS = {
    "dk1": "1D2733", "lt1": "FFFFFF", "dk2": "56606C", "lt2": "EEF2F7", "accent1": "1F5FA8", "accent2": "B85C00",
    "accent3": "5F92C9", "accent4": "1E7145", "accent5": "B3261E", "accent6": "B4BCC6", "hlink": "1F5FA8",
    "folHlink": "56606C",
}  # fmt: skip
RULE = RGBColor(0xD5, 0xDB, 0xE3)

_TITLE_SLIDE, _TITLE_ONLY = 0, 5
_TITLE_SIZE = 22
_FOOTER_SIZE = 9


def empty_presentation() -> Any:
    """Return a presentation with two layouts: `layouts(…)` names them."""
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    _set_theme(presentation.slide_master)
    _keep_layouts(presentation)
    _place(presentation.slide_master)
    for layout in presentation.slide_layouts:
        _place(layout)
    _place_title_slide(presentation.slide_layouts[0])
    return presentation


def title_layout(presentation: Any) -> Any:
    return presentation.slide_layouts[0]


def content_layout(presentation: Any) -> Any:
    return presentation.slide_layouts[1]


def _set_theme(master: Any) -> None:
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = parse_xml(part.blob)
    theme.set("name", "Aftercare")
    for name, colour in _COLOURS.items():
        slot = theme.find(f".//{qn('a:clrScheme')}/{qn(f'a:{name}')}")
        for child in list(slot):
            slot.remove(child)
        slot.append(make_element("a:srgbClr", val=colour))
    for kind in ("majorFont", "minorFont"):
        fonts = theme.find(f".//{qn(f'a:{kind}')}")
        fonts.find(qn("a:latin")).set("typeface", LATIN_FONT)
        fonts.find(qn("a:ea")).set("typeface", CHINESE_FONT)
        for script in fonts.findall(qn("a:font")):
            if script.get("script") in _SCRIPT_FONTS:
                script.set("typeface", _SCRIPT_FONTS[script.get("script")])
    part._blob = serialize_part_xml(theme)


def _keep_layouts(presentation: Any) -> None:
    layouts = presentation.slide_layouts
    kept = [layouts[_TITLE_SLIDE], layouts[_TITLE_ONLY]]
    for layout in list(layouts):
        if layout not in kept:
            layouts.remove(layout)


def _place(page: Any) -> None:
    """Give the placeholders of a master or layout their places, sizes and colours."""
    for shape in list(page.placeholders):
        kind = shape.element.ph.get("type")
        if kind == "title":
            _move(shape, MARGIN, TITLE_TOP, BODY_WIDTH, TITLE_HEIGHT)
            _write_in(shape, _TITLE_SIZE, bold=True, colour=TEXT, anchor="b")
        elif kind == "ftr":
            _move(shape, MARGIN, FOOTER_TOP, BODY_WIDTH - 1, FOOTER_HEIGHT)
            _write_in(shape, _FOOTER_SIZE, colour=MUTED, anchor="ctr")
        elif kind == "sldNum":
            _move(shape, WIDTH - MARGIN - 0.9, FOOTER_TOP, 0.9, FOOTER_HEIGHT)
            _write_in(shape, _FOOTER_SIZE, colour=MUTED, anchor="ctr", align="r")
        elif kind == "dt":
            shape.element.getparent().remove(shape.element)
        elif kind == "body":
            _move(shape, MARGIN, BODY_TOP, BODY_WIDTH, BODY_BOTTOM - BODY_TOP)


def _place_title_slide(layout: Any) -> None:
    for shape in layout.placeholders:
        kind = shape.element.ph.get("type")
        if kind == "ctrTitle":
            _move(shape, 0.9, 1.9, WIDTH - 1.8, 1.3)
            _write_in(shape, 38, bold=True, colour=TEXT, anchor="b")
        elif kind == "subTitle":
            _move(shape, 0.9, 3.45, WIDTH - 1.8, 1.2)
            _write_in(shape, 20, colour=VALUE, anchor="t")


def _move(shape: Any, left: float, top: float, width: float, height: float) -> None:
    shape.left, shape.top, shape.width, shape.height = (Inches(value) for value in (left, top, width, height))


def _write_in(
    shape: Any, size: float, *, bold: bool = False, colour: Any = TEXT, anchor: str = "t", align: str = "l"
) -> None:
    """Set the text of a placeholder's first level, in its list style, so that slides inherit it."""
    body = shape.text_frame._txBody
    properties = body.find(qn("a:bodyPr"))
    properties.set("anchor", anchor)
    for inset in ("lIns", "rIns", "tIns", "bIns"):
        properties.set(inset, "0")
    for child in list(properties):
        properties.remove(child)
    style = body.find(qn("a:lstStyle"))
    for child in list(style):
        style.remove(child)
    level = make_element("a:lvl1pPr", algn=align, marL="0", indent="0")
    run = make_element("a:defRPr", sz=str(int(size * 100)), b="1" if bold else "0")
    fill = make_element("a:solidFill")
    fill.append(make_element("a:schemeClr", val=_SCHEME_NAMES[colour]))
    run.append(fill)
    level.append(make_element("a:buNone"))
    level.append(run)
    style.append(level)


def make_element(name: str, **attributes: str) -> Any:
    """Return an XML element of a presentation or chart."""
    element = OxmlElement(name)
    for attribute, value in attributes.items():
        element.set(attribute, value)
    return element


_SCHEME_NAMES = {TEXT: "tx1", MUTED: "tx2", VALUE: "accent1"}
