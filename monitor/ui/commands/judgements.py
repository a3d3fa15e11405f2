"""`monitor topic judgements`: what readers say of a topic's hits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.flow.requests.judgements import (
    LEARNT_DAYS,
    JudgedHit,
    TopicJudgements,
    list_judgements,
    study_judgements,
)
from monitor.match.precision import FEWEST_JUDGED, Precision
from monitor.ui.catalog_names import find_topic, usable_catalog
from monitor.ui.columns import Column, Row
from monitor.ui.context import Session
from monitor.ui.say import Say
from monitor.ui.tables import shown_table

COLUMNS = (
    "judged_at",
    "person",
    "verdict",
    "source",
    "article",
    "outlet",
    "title",
    "url",
)


@dataclass(frozen=True, slots=True)
class Judgements:
    """The command's whole answer."""

    topic: str
    summary: TopicJudgements
    judgements: tuple[JudgedHit, ...]


def show(session: Session, name: str, as_csv: bool, as_json: bool) -> int:
    """Show the precision, what would narrow the topic, and each judgement of
    90 days. 1 without any.
    """
    topic = find_topic(session, name)
    since = session.now - timedelta(days=LEARNT_DAYS)
    with session.database() as database:
        judged = list_judgements(database, topic.id, since=since)
        catalog = usable_catalog(session)
        summary = study_judgements(
            database, topic.id, catalog, now=session.now
        )
    if as_json:
        session.print_json(Judgements(topic.id, summary, judged))
    elif as_csv:
        session.print_csv(COLUMNS, map(_csv_row, judged))
    else:
        _tell(session, summary, judged)
    return 0 if judged else 1


def _csv_row(each: JudgedHit) -> Sequence[object]:
    said = each.judgement
    when, verdict = said.judged_at.isoformat(), _verdict(each)
    facts = (when, said.person, verdict, said.source, said.article_id)
    return (*facts, each.outlet, each.title, each.url)


def _tell(
    session: Session, summary: TopicJudgements, judged: Sequence[JudgedHit]
) -> None:
    say = session.say
    if not judged:
        session.tell(say("judgements.none"))
        return
    session.tell(_precision(summary.precision, say), "bold")
    if summary.now is not None:
        counts = {
            "n": say.number(summary.now.judged),
            "right": say.number(summary.now.right),
        }
        session.tell(say("judgements.now", **counts))
    for each in summary.narrow.found:
        counts = {
            "wrong": say.number(each.wrong),
            "right": say.number(each.right),
        }
        session.tell(say("judgements.removes", without=each.without, **counts))
    columns = (
        Column(say("judgements.when")),
        Column(say("judgements.who"), rank=1, least=12),
        Column(say("judgements.verdict")),
        Column(say("judgements.story"), least=24),
    )
    rows = [_row(each, say) for each in judged]
    session.out.print(shown_table(say, "", columns, rows, width=session.width))


def _precision(precision: Precision, say: Say) -> str:
    right, judged = say.number(precision.right), say.number(precision.judged)
    if not precision.is_enough:
        least = say.number(FEWEST_JUDGED)
        return say("judgements.too_few", right=right, n=judged, least=least)
    shares = (precision.share, precision.low, precision.high)
    share, low, high = (say.number(round(100 * each)) for each in shares)
    return say(
        "judgements.precision",
        right=right,
        n=judged,
        share=share,
        low=low,
        high=high,
    )


def _row(each: JudgedHit, say: Say) -> Row:
    said = each.judgement
    person = said.person or say("judgements.unnamed")
    verdict = (
        say("judgements.right") if said.is_right else say("judgements.wrong")
    )
    return Row(
        (
            say.moment(said.judged_at),
            person,
            verdict,
            f"{each.title} – {each.outlet}",
        )
    )


def _verdict(each: JudgedHit) -> str:
    return "right" if each.judgement.is_right else "wrong"
