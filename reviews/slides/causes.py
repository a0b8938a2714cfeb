"""Root causes: Pareto, and where a cause is concentrated."""

from reviews import findings
from reviews.model import Review
from reviews.numbers import Numbers
from reviews.period import ReviewPeriod
from reviews.root_causes import EARLIER_PERIODS
from reviews.sentences import causes_sentence, concentration_sentence
from reviews.slides import theme
from reviews.slides.chart import SERIES_COLOURS, add_columns
from reviews.slides.elements import Box, Deck, Line, add_text, lines_height
from reviews.slides.pareto import add_pareto
from reviews.slides.table import Cell, Column, add_table, pages, row
from reviews.wording import member_name

_COLUMNS = 12
_RISEN = 3
_NOTE_SIZE = 9.5


def add_causes(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the Pareto of root causes, unless no case names one."""
    known = [share for share in review.causes.shares if not share.cause.is_unknown]
    slide = deck.add_slide(causes_sentence(review, numbers))
    if not known:
        return
    say = numbers.say
    shown, rest = known[:_COLUMNS], known[_COLUMNS:]
    total = sum(share.count for share in known)
    labels = [member_name(share.cause, numbers) for share in shown]
    counts: list[float] = [share.count for share in shown]
    if rest:
        labels.append(say("causes.others"))
        counts.append(sum(share.count for share in rest))
    cumulative = [sum(counts[: position + 1]) / total for position in range(len(counts))]
    notes = _notes(review, numbers)
    note_height = lines_height(notes, theme.BODY_WIDTH) if notes else 0.0
    box = Box(
        theme.MARGIN, theme.BODY_TOP + 0.1, theme.BODY_WIDTH, theme.BODY_BOTTOM - theme.BODY_TOP - 0.2 - note_height
    )
    title = say("causes.chart", period=numbers.period(review.header.period))
    add_pareto(slide, box, title, labels, (say("causes.count_axis"), counts), (say("causes.cumulative"), cumulative))
    if notes:
        add_text(slide, Box(theme.MARGIN, box.bottom + 0.06, theme.BODY_WIDTH, note_height), notes, deck.language)


def add_concentrations(deck: Deck, review: Review, numbers: Numbers) -> None:
    """Add the concentrations of causes in regions, new ones first."""
    say, causes = numbers.say, review.causes
    slide = deck.add_slide(concentration_sentence(review, numbers))
    key = "concentration.note" if causes.earlier_periods else "concentration.note_without_earlier"
    note = [Line(say(key, earlier=causes.earlier_periods), _NOTE_SIZE, colour=theme.MUTED)]
    note_height = lines_height(note, theme.BODY_WIDTH)
    note_box = Box(theme.MARGIN, theme.BODY_BOTTOM - note_height, theme.BODY_WIDTH, note_height)
    add_text(slide, note_box, note, deck.language)
    if not causes.concentrations:
        top = Box(theme.MARGIN, theme.BODY_TOP + 0.3, theme.BODY_WIDTH, 0.5)
        add_text(slide, top, [Line(say("concentration.empty"), 16)], deck.language)
        return
    height = note_box.top - theme.BODY_TOP - 0.25
    chart_width = 4.2
    shown = causes.concentrations[: len(SERIES_COLOURS)]
    add_columns(
        slide,
        Box(theme.MARGIN, theme.BODY_TOP + 0.1, chart_width, min(height, 3.9)),
        say("concentration.chart"),
        [period.code for period in _periods(review)],
        [
            (
                say("concentration.pair", cause=member_name(c.cause, numbers), region=member_name(c.region, numbers)),
                [*c.earlier_counts, c.count],
            )
            for c in shown
        ],
        "#,##0",
    )
    left = theme.MARGIN + chart_width + 0.3
    box = Box(left, theme.BODY_TOP + 0.1, theme.BODY_WIDTH - chart_width - 0.3, height)
    columns = _columns(review, numbers, box.width)
    states = {True: "is_new", False: "is_known", None: "is_unproven"}
    rows = [
        row(
            Cell(member_name(c.cause, numbers), bold=True),
            Cell(member_name(c.region, numbers), bold=True),
            *(numbers.count(count) for count in c.earlier_counts),
            Cell(numbers.count(c.count), bold=True),
            numbers.decimal(c.expected),
            numbers.factor(c.lift),
            say("number.range", low=numbers.factor(c.low), high=numbers.factor(c.high)),
            Cell(
                say(f"concentration.{states[c.is_new]}"),
                bold=bool(c.is_new),
                colour=theme.BAD if c.is_new else theme.MUTED,
            ),
        )
        for c in causes.concentrations
    ]
    add_table(slide, box, columns, pages(rows, columns, height)[0], deck.language)


def _notes(review: Review, numbers: Numbers) -> list[Line]:
    say = numbers.say
    texts = []
    risen = findings.risen_causes(review, _RISEN)
    if risen:
        named = [
            say(
                "causes.risen_one",
                cause=member_name(share.cause, numbers),
                count_before=numbers.count(share.count_before),
                count=numbers.count(share.count),
            )
            for share in risen
        ]
        texts.append(say("causes.risen", before=numbers.period(findings.previous(review)), causes=say.listed(named)))
    unknown = next((share for share in review.causes.shares if share.cause.is_unknown), None)
    if unknown is not None:
        texts.append(say("causes.unknown", share=numbers.share(unknown.share)))
    return [Line(text, 12) for text in texts]


def _periods(review: Review) -> list[ReviewPeriod]:
    return [review.header.period.moved(-back) for back in range(EARLIER_PERIODS, -1, -1)]


def _columns(review: Review, numbers: Numbers, width: float) -> list[Column]:
    say = numbers.say
    fixed = [
        *(Column(period.code, 0.68, is_number=True) for period in _periods(review)),
        Column(say("column.expected"), 0.78, is_number=True),
        Column(say("column.lift"), 0.78, is_number=True),
        Column(say("column.interval"), 1.1),
        Column(say("column.is_new"), 0.65),
    ]
    left = width - sum(column.width for column in fixed)
    return [Column(say("column.cause"), left * 0.55), Column(say("column.region"), left * 0.45), *fixed]
