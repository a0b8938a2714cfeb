"""The parts of a slide: title, footer, page number, text boxes."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.oxml.ns import qn
from pptx.util import Inches, Pt

from reviews.slides import theme
from reviews.slides.fitting import count_lines, inches, line_height, points, text_height

_TITLE_SIZES = (22, 20, 18, 16)
_TITLE_LINES = 2
_FIELD_ID = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


@dataclass(frozen=True)
class Box:
    """A place on a slide, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Line:
    """One paragraph; bullets hang."""

    text: str
    size: float = 12
    bold: bool = False
    colour: Any = theme.TEXT
    is_bullet: bool = False
    space_before: float = 0


@dataclass(frozen=True)
class Deck:
    """A presentation that grows; every slide gets the same footer and the language of its words."""

    presentation: Any
    footer: str
    language: str

    def add_slide(self, title: str) -> Any:
        """Return a new slide with its title, footer and page number."""
        slide = self.presentation.slides.add_slide(theme.content_layout(self.presentation))
        write_title(slide.shapes.title, title, self.language)
        _add_rule(slide)
        self.add_footer(slide)
        return slide

    def add_footer(self, slide: Any) -> None:
        """Put footer and page number, which the layout only has room for, onto the slide."""
        for placeholder in slide.slide_layout.placeholders:
            kind = placeholder.element.ph.get("type")
            if kind in ("ftr", "sldNum"):
                element = copy.deepcopy(placeholder.element)
                slide.shapes._spTree.append(element)
                _fill_footer(element, self.footer if kind == "ftr" else None, len(self.presentation.slides))


def write_title(shape: Any, text: str, language: str) -> None:
    """Write a title in the largest size that fits two lines; longer ones are a mistake of the texts."""
    width = points(theme.BODY_WIDTH)
    size = next(
        (size for size in _TITLE_SIZES if count_lines(text, width, size, bold=True) <= _TITLE_LINES), _TITLE_SIZES[-1]
    )
    write_lines(shape.text_frame, [Line(text, size, bold=True)], language)


def add_text(slide: Any, box: Box, lines: Sequence[Line], language: str, anchor: Any = MSO_ANCHOR.TOP) -> Any:
    """Add a text box that shows lines of text; returns its shape."""
    shape = slide.shapes.add_textbox(*(Inches(value) for value in (box.left, box.top, box.width, box.height)))
    frame = shape.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    write_lines(frame, lines, language)
    return shape


def write_lines(frame: Any, lines: Sequence[Line], language: str) -> None:
    """Replace the text of a frame by lines."""
    for position, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if position == 0 else frame.add_paragraph()
        paragraph.line_spacing = Pt(line_height(line.size))
        if line.text:
            run = paragraph.add_run()
            run.text = line.text
            write_font(run, line.size, bold=line.bold, colour=line.colour, language=language)
        else:  # else the paragraph is as high as the default size
            paragraph._p.append(theme.make_element("a:endParaRPr", sz=str(int(line.size * 100))))
        if line.space_before:
            paragraph.space_before = Pt(line.space_before)
        if line.is_bullet:
            _hang(paragraph, line.size)


def lines_height(lines: Sequence[Line], width: float) -> float:
    """Return the height in inches that lines take in a width in inches."""
    total = 0.0
    for line in lines:
        indent = line.size if line.is_bullet else 0
        total += line.space_before + text_height(line.text, points(width) - indent, line.size, bold=line.bold)
    return inches(total)


def fitting_lines(lines: Sequence[Line], box: Box) -> list[Line]:
    """Return as many of the lines as the box has room for."""
    kept: list[Line] = []
    for line in lines:
        if lines_height([*kept, line], box.width) > box.height:
            break
        kept.append(line)
    return kept


def write_font(run: Any, size: float, *, bold: bool = False, colour: Any = theme.TEXT, language: str = "en") -> None:
    """Set size, weight, theme colour and language of a run; its typefaces are the theme's."""
    run.font.size = Pt(size)
    run.font.bold = bold
    run.font.color.theme_color = colour
    properties = run._r.get_or_add_rPr()
    properties.set("lang", "zh-CN" if language == "zh-CN" else "en-US")
    properties.set("altLang", "en-US")


def add_panel(slide: Any, box: Box, colour: Any = theme.SHADE) -> Any:
    """Add a plain coloured area."""
    shape = slide.shapes.add_shape(
        MSO_SHAPE.RECTANGLE, *(Inches(value) for value in (box.left, box.top, box.width, box.height))
    )
    shape.fill.solid()
    shape.fill.fore_color.theme_color = colour
    shape.line.fill.background()
    shape._element.remove(shape._element.find(qn("p:style")))  # the theme's effects: a shadow
    return shape


def _add_rule(slide: Any) -> None:
    add_panel(
        slide, Box(theme.MARGIN, theme.TITLE_TOP + theme.TITLE_HEIGHT + 0.03, theme.BODY_WIDTH, 0.025), theme.VALUE
    )


def _hang(paragraph: Any, size: float) -> None:
    properties = paragraph._p.get_or_add_pPr()
    indent = str(int(Pt(size)))
    properties.set("marL", indent)
    properties.set("indent", f"-{indent}")
    properties.append(theme.make_element("a:buFont", typeface="Arial"))
    properties.append(theme.make_element("a:buChar", char="•"))


def _fill_footer(element: Any, text: str | None, page: int) -> None:
    body = element.find(qn("p:txBody"))
    style = body.find(qn("a:lstStyle"))
    for child in list(style):
        style.remove(child)
    for paragraph in body.findall(qn("a:p")):
        body.remove(paragraph)
    paragraph, words = theme.make_element("a:p"), theme.make_element("a:t")
    is_number = text is None
    holder = theme.make_element("a:fld", id=_FIELD_ID, type="slidenum") if is_number else theme.make_element("a:r")
    words.text = str(page) if is_number else text
    holder.append(words)
    paragraph.append(holder)
    body.append(paragraph)
