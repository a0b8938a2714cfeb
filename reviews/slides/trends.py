"""Trend charts of the headline KPIs, four on a slide."""

from reviews import findings
from reviews.figure import Figure
from reviews.judgement import is_immature
from reviews.model import Review, Trend
from reviews.numbers import Numbers, excel_format
from reviews.sentences import trends_sentence
from reviews.slides import theme
from reviews.slides.chart import add_trend
from reviews.slides.elements import Box, Deck, Line, add_text
from reviews.wording import target_text, value_text

_PER_SLIDE = 4
_GAP, _NOTE_HEIGHT = 0.25, 0.25


def add_trends(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the slides of the headline trends; none when nothing has two values."""
    chosen = findings.headline_trends(review)
    rows = {row.definition.key: row for row in review.achievements}
    for start in range(0, len(chosen), _PER_SLIDE):
        shown = chosen[start : start + _PER_SLIDE]
        slide = deck.add_slide(trends_sentence([rows[trend.definition.key] for trend in shown], review, numbers))
        for trend, box in zip(shown, _boxes(len(shown)), strict=True):
            _add_chart(slide, box, trend, numbers)
        note = Box(theme.MARGIN, theme.BODY_BOTTOM - _NOTE_HEIGHT + 0.06, theme.BODY_WIDTH, _NOTE_HEIGHT)
        add_text(slide, note, [Line(numbers.say("trends.legend"), 9.5, colour=theme.MUTED)], deck.language)


def _boxes(count: int) -> list[Box]:
    """Return places in two columns; a single row uses the whole height."""
    columns = 1 if count == 1 else 2
    lines = (count + columns - 1) // columns
    top = theme.BODY_TOP + 0.1
    width = (theme.BODY_WIDTH - _GAP * (columns - 1)) / columns
    height = (theme.BODY_BOTTOM - _NOTE_HEIGHT - top - _GAP * (lines - 1)) / lines
    places = [(position // columns, position % columns) for position in range(count)]
    return [
        Box(theme.MARGIN + column * (width + _GAP), top + line * (height + _GAP), width, height)
        for line, column in places
    ]


def _add_chart(slide: object, box: Box, trend: Trend, numbers: Numbers) -> None:
    say, definition = numbers.say, trend.definition
    value = (say("trends.value"), [figure.value if figure else None for figure in trend.figures])
    targets = [figure.target if figure else None for figure in trend.figures]
    has_target = definition.direction != "neutral" and any(target is not None for target in targets)
    open_values = [figure.value if figure and not _is_final(figure) else None for figure in trend.figures]
    not_final = (say("trends.not_final"), open_values)
    shown = zip(reversed(trend.periods), reversed(trend.figures), strict=True)
    last_period, last = next((period, figure) for period, figure in shown if figure is not None)
    title = say(
        "trends.chart_target" if has_target and last.target is not None else "trends.chart",
        kpi=say.word(definition.label),
        period=last_period.code,
        value=value_text(last, definition, numbers),
        target=target_text(last, definition, numbers),
    )
    most = {"fraction": 1.0, "points": 100.0, "nps": 100.0}.get(definition.unit)
    add_trend(
        slide,
        box,
        title,
        [period.code for period in trend.periods],
        value,
        (say("trends.target"), targets) if has_target else None,
        not_final if any(number is not None for number in open_values) else None,
        excel_format(definition.unit),
        most,
    )


def _is_final(figure: Figure) -> bool:
    return figure.value is None or (figure.is_complete and not is_immature(figure))
