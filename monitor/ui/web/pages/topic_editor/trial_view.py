"""A trial as the editor shows it: outline, carets, chart, parts in words. Pure
but for the words of the request's language.
"""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.topic_draft import DraftProblem, DraftReading
from monitor.flow.requests.topic_trial import MOST_READ, PartEffect, TopicTrial
from monitor.query.unparse import unparse
from monitor.ui.web.charts import Chart
from monitor.ui.web.day_bars import day_bar
from monitor.ui.web.pages.topics.query_outline import Outline, outline_of
from monitor.ui.web.wording import gettext as _


@dataclass(frozen=True, slots=True)
class Caret:
    """A problem with the text around it; `field` leads to where it is mended."""

    field: str
    label: str
    before: str
    wrong: str
    rest: str
    column: int
    problem: DraftProblem


@dataclass(frozen=True, slots=True)
class EffectLine:
    """What one part of the query does, as numbers of articles."""

    part: str
    says: str
    without: int
    change: int
    rough: bool


@dataclass(frozen=True, slots=True)
class TrialView:
    """All that the editor shows of a draft."""

    is_empty: bool
    carets: tuple[Caret, ...]
    outline: Outline | None
    line: str
    trial: TopicTrial | None
    chart: Chart | None
    effects: tuple[EffectLine, ...]
    most_read: int = MOST_READ

    @property
    def is_readable(self) -> bool:
        """Whether the query can be read."""
        return self.outline is not None


def view_trial(reading: DraftReading, trial: TopicTrial | None) -> TrialView:
    """What is shown of a draft."""
    tree = reading.tree
    return TrialView(
        is_empty=reading.is_empty,
        carets=tuple(_caret(each) for each in reading.problems),
        outline=None if tree is None else outline_of(tree, _),
        line="" if tree is None else unparse(tree),
        trial=trial,
        chart=_chart(trial) if trial else None,
        effects=tuple(_effect(each, trial.hits) for each in trial.effects)
        if trial
        else (),
    )


def field_labels() -> dict[str, str]:
    """What the fields are called."""
    return {
        "any": _("Eines davon genügt"),
        "all": _("Alles davon"),
        "none": _("Nichts davon"),
        "query": _("Abfrage"),
        "schedule": _("Zeiten"),
        "addresses": _("Weitere Adressen"),
    }


def _caret(each: DraftProblem) -> Caret:
    start = min(each.problem.offset, len(each.text))
    end = min(start + each.problem.length, len(each.text))
    return Caret(
        field=each.field,
        label=field_labels().get(each.field, each.field),
        before=each.text[:start],
        wrong=each.text[start:end],
        rest=each.text[end:],
        column=start + 1,
        problem=each,
    )


def _chart(trial: TopicTrial) -> Chart:
    return Chart(tuple(day_bar(day, count) for day, count in trial.days))


def _effect(effect: PartEffect, hits: int) -> EffectLine:
    says = {
        "alternative": _("nur dadurch gefunden"),
        "condition": _("dadurch weggelassen"),
        "exclusion": _("dadurch ausgeschlossen"),
    }[effect.kind]
    change = abs(effect.without - hits)
    return EffectLine(effect.part, says, effect.without, change, effect.rough)
