"""Charts as SVG, drawn here: columns by day, bars in the rows of a table.
Pure.

They stretch to the width they are given, so there is no text in them: scale,
days and figures stand around them as HTML, and each chart has a table with the
same numbers and links (`m.chart`). Screen readers and the tab key get the
table; the drawing is for eyes and pointers. Colours are those of the text
around (`currentColor`), by day and at night.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

HEIGHT = 100.0
GAP = 0.16  # of a column's width
# height of a column that is not 0: one hit among thousands shows, too
LEAST = 2.0

_COLUMNS = Markup(
    '<svg class="columns-chart" viewBox="0 0 {width} {height:g}" preserveAspectRatio="none"'
    ' aria-hidden="true" focusable="false">{parts}</svg>'
)
_COLUMN = Markup(
    "<g><title>{title}</title>"
    '<rect class="room" x="{left}" y="0" width="1" height="{height:g}"/>'
    '<rect class="column" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{tall:.2f}"/></g>'
)
_LINK = Markup('<a href="{to}" tabindex="-1">{inside}</a>')
_LEVEL = Markup(
    '<line class="level" x1="0" x2="{width}" y1="{y:.2f}" y2="{y:.2f}"'
    ' vector-effect="non-scaling-stroke"/>'
)
_LINE = Markup(
    '<svg class="line-chart" viewBox="0 0 {width} 20" preserveAspectRatio="none"'
    ' aria-hidden="true" focusable="false"><polyline points="{points}" fill="none"'
    ' stroke="currentColor" stroke-width="1.5" vector-effect="non-scaling-stroke"/></svg>'
)
_SHARE = Markup(
    '<svg class="share" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true"'
    ' focusable="false"><rect width="{share:.2f}" height="1"/></svg>'
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One value: what it is of, what a pointer reads over it, and where a
    click leads ("": nowhere).
    """

    label: str
    value: int
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and the values that it shows. `level` is a line across, such
    as the usual value.
    """

    bars: tuple[Bar, ...]
    level: float | None = None

    @property
    def most(self) -> int:
        """The highest value; the drawing's upper edge."""
        return max((bar.value for bar in self.bars), default=0)

    @property
    def total(self) -> int:
        """All values together."""
        return sum(bar.value for bar in self.bars)

    @property
    def svg(self) -> Markup:
        """The drawing."""
        return draw_columns(self.bars, level=self.level)


def draw_columns(bars: Sequence[Bar], *, level: float | None = None) -> Markup:
    """A column for each value, the highest as tall as the drawing."""
    top = max([*(bar.value for bar in bars), level or 0, 1])
    drawn = [_column(bar, left, top=top) for left, bar in enumerate(bars)]
    width = max(len(bars), 1)
    if level is not None:
        drawn.append(_LEVEL.format(width=width, y=HEIGHT * (1 - level / top)))
    return _COLUMNS.format(
        width=width, height=HEIGHT, parts=Markup("").join(drawn)
    )


def _column(bar: Bar, left: int, *, top: float) -> Markup:
    tall = max(HEIGHT * bar.value / top, LEAST) if bar.value > 0 else 0.0
    inside = _COLUMN.format(
        title=bar.title or f"{bar.label}: {bar.value}",
        left=left,
        height=HEIGHT,
        x=left + GAP / 2,
        y=HEIGHT - tall,
        width=1 - GAP,
        tall=tall,
    )
    return (
        _LINK.format(to=bar.address, inside=inside) if bar.address else inside
    )


def draw_share(value: float, most: float) -> Markup:
    """A bar as long as its share of `most`, for a row of a table."""
    share = 100 * min(max(value / most, 0.0), 1.0) if most > 0 else 0.0
    return _SHARE.format(share=share)


def draw_line(values: Sequence[int]) -> Markup:
    """A line through the values, for a row of a table whose figures say the
    same.
    """
    top = max([*values, 1])
    points = " ".join(
        f"{x},{19 - 18 * value / top:.1f}" for x, value in enumerate(values)
    )
    return _LINE.format(width=max(len(values) - 1, 1), points=points)
