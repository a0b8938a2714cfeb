"""The review as data: what every rendering shows, in no language, with unrounded numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from analytics.comparable_periods import Span, growth, per_day
from reviews.figure import Figure, KpiDefinition, Member, Words
from reviews.judgement import ChangeVerdict, TargetVerdict, judge_change, judge_target
from reviews.period import ReviewPeriod


@dataclass(frozen=True)
class Header:
    """Which period of which build; instants are UTC, `zone` is the company's; `regions` limit the numbers, if any."""

    period: ReviewPeriod
    build_id: str
    as_of: datetime
    as_of_day: date
    zone: str
    currency: str
    regions: tuple[Member, ...] | None

    @property
    def is_over(self) -> bool:
        """Whether the whole period lies before the as-of instant."""
        return self.period.last_day <= self.as_of_day


@dataclass(frozen=True)
class Achievement:
    """One KPI of the whole company in the period, before, and a year before.

    `begins` is the day on which a sum's data begin, if it lies inside or after the earlier period.
    """

    definition: KpiDefinition
    now: Figure | None
    before: Figure | None
    year_before: Figure | None
    begins_in_before: date | None = None
    begins_in_year_before: date | None = None

    @property
    def target_verdict(self) -> TargetVerdict:
        return judge_target(self.now, self.definition)

    @property
    def change(self) -> ChangeVerdict:
        if self.begins_in_before:
            return ChangeVerdict.NO_COMPARISON
        return judge_change(self.now, self.before, self.definition)

    @property
    def year_change(self) -> ChangeVerdict:
        if self.begins_in_year_before:
            return ChangeVerdict.NO_COMPARISON
        return judge_change(self.now, self.year_before, self.definition)


@dataclass(frozen=True)
class Trend:
    """A KPI over the periods up to the reviewed one; gaps are periods without a figure."""

    definition: KpiDefinition
    periods: tuple[ReviewPeriod, ...]
    figures: tuple[Figure | None, ...]


#: The row of a volume's total.
ALL_CASE_TYPES = Member("all", Words("all", "all"))


class NoTwin(StrEnum):
    """Why a volume has no comparison aligned by the Spring Festival."""

    FAR_FROM_FESTIVAL = "far_from_festival"
    UNKNOWN_FESTIVAL = "unknown_festival"
    NO_DATA = "no_data"


@dataclass(frozen=True)
class VolumeRow:
    """One case type of a volume, or all of them. `counted` and `twin` are the sums over the spans of that name."""

    case_type: Member
    now: Figure | None
    before: Figure | None
    year_before: Figure | None
    counted: float | None
    twin: float | None


@dataclass(frozen=True)
class Stretch:
    """Local days with how many of them the company works; None when its calendar does not reach over them."""

    span: Span
    working_days: int | None


@dataclass(frozen=True)
class Volumes:
    """A volume by case type with what it is compared with (ruling G9); changes are fractions, None where unknown.

    `counted` are the days of the period that data reach; the earlier stretches are None when data begin inside them.
    `twin` are the days of the year before that lie as far from their Spring Festival as the counted ones from theirs;
    `festivals` are the first days of both.
    """

    definition: KpiDefinition
    counted: Stretch | None
    before: Stretch | None
    year_before: Stretch | None
    twin: Span | None
    festivals: tuple[date, date] | None
    no_twin: NoTwin | None
    rows: tuple[VolumeRow, ...]

    def change_per_day(self, row: VolumeRow) -> float | None:
        """Return the change per working day since the period before."""
        return self._per_day(row, row.before, self.before)

    def year_change_per_day(self, row: VolumeRow) -> float | None:
        """Return the change per working day since the same period a year before."""
        return self._per_day(row, row.year_before, self.year_before)

    def festival_change(self, row: VolumeRow) -> float | None:
        """Return the change since the days that lay as far from last year's Spring Festival."""
        return growth(row.counted, row.twin)

    def attainment(self, row: VolumeRow) -> float | None:
        """Return the volume as a fraction of its target; None without a target or before the period is over."""
        if row.now is None or row.now.value is None or not row.now.target or not row.now.is_complete:
            return None
        return row.now.value / row.now.target

    def _per_day(self, row: VolumeRow, earlier: Figure | None, stretch: Stretch | None) -> float | None:
        if self.counted is None or earlier is None or stretch is None:
            return None
        now = per_day(row.counted, self.counted.working_days)
        return growth(now, per_day(earlier.value, stretch.working_days))


@dataclass(frozen=True)
class Move:
    """One member's part in a KPI. Effects and parts are in the KPI's unit; None where the KPI cannot be split.

    `contribution` = `rate_effect` + `mix_effect` is its part of the change since the period before, `miss_part` its
    part of the distance to the target, positive where it makes the total worse.
    """

    member: Member
    now: Figure | None
    before: Figure | None
    contribution: float | None
    rate_effect: float | None
    mix_effect: float | None
    miss_part: float | None
    is_ranked: bool


@dataclass(frozen=True)
class KpiMoves:
    """All members' parts in one KPI, largest part of the miss first; the parts add up to the total's."""

    definition: KpiDefinition
    now: Figure
    before: Figure | None
    moves: tuple[Move, ...]

    @property
    def miss(self) -> float | None:
        """Distance of the total from its target, positive when missed."""
        if self.now.value is None or self.now.target is None:
            return None
        distance = self.now.value - self.now.target
        return -distance if self.definition.direction == "higher" else distance


@dataclass(frozen=True)
class ClearChange:
    """A member's change since the period before that is beyond chance; `z` is its size in standard errors."""

    definition: KpiDefinition
    member: Member
    now: Figure
    before: Figure
    z: float
    verdict: ChangeVerdict


@dataclass(frozen=True)
class SliceMoves:
    """What the members of a slice have to do with it. `compared` counts the changes that were looked at."""

    slice_name: str
    kpis: tuple[KpiMoves, ...]
    clear_changes: tuple[ClearChange, ...]
    compared: int


@dataclass(frozen=True)
class CauseShare:
    """One root cause of the cases opened in the period; shares are fractions of all of them."""

    cause: Member
    category: str
    count: int
    share: float
    cumulative_share: float
    count_before: int | None


@dataclass(frozen=True)
class Concentration:
    """A cause that occurs in a region more often than both totals lead to expect, with the exact 95 % interval.

    `is_new`: not concentrated in any of the earlier periods looked at; None when there is none to look at.
    `earlier_counts` has the cases of the three periods before, oldest first; None where a period has no data.
    """

    region: Member
    cause: Member
    count: int
    expected: float
    lift: float
    low: float
    high: float
    is_new: bool | None
    earlier_counts: tuple[int | None, ...]


@dataclass(frozen=True)
class Causes:
    """Root causes of the cases opened in the period, most frequent first, `unknown` last."""

    total: int
    shares: tuple[CauseShare, ...]
    concentrations: tuple[Concentration, ...]
    earlier_periods: int


@dataclass(frozen=True)
class SourceState:
    """How far a source reaches. `days_short` of the end of the period or of the as-of day, whichever is earlier.

    Nothing is said about completeness where it is None (master data, data without dates) or no KPI rests on the data.
    """

    source_system: str
    contract: str
    horizon: date | None
    last_extracted_at: datetime | None
    days_short: int | None
    feeds_kpis: bool


@dataclass(frozen=True)
class DeliveryCounts:
    """Rows and cells of the deliveries of one contract: of the whole build, or of those that reach into the period."""

    contract: str
    deliveries: int
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_quarantined: int
    bad_cells: int
    difference: int


@dataclass(frozen=True)
class Counted:
    """How often something of a kind occurs: quarantined rows by reason, excluded tickets, unregistered codes."""

    kind: str
    code: str
    count: int


@dataclass(frozen=True)
class Quality:
    """What the data say about themselves, for the period where it can be told."""

    sources: tuple[SourceState, ...]
    deliveries: tuple[DeliveryCounts, ...]
    period_deliveries: tuple[DeliveryCounts, ...]
    quarantined: tuple[Counted, ...]
    bad_cells: tuple[Counted, ...]
    excluded: tuple[Counted, ...]
    unregistered: tuple[Counted, ...]


@dataclass(frozen=True)
class Review:
    """The whole review of one period from one build."""

    header: Header
    achievements: tuple[Achievement, ...]
    volumes: tuple[Volumes, ...]
    trends: tuple[Trend, ...]
    regions: SliceMoves
    teams: SliceMoves
    causes: Causes
    quality: Quality
