"""`monitor radar`: what many suddenly write about."""

from __future__ import annotations

from monitor.flow.requests.radar_page import RisingSubject, read_radar
from monitor.ui.context import Session


def show(session: Session, *, as_json: bool) -> int:
    """What rises; 1 where nothing does."""
    say = session.say
    with session.database() as database:
        found = read_radar(
            database, zone=session.settings.timezone, now=session.now
        )
    if as_json:
        session.print_json(found)
        return int(not found.subjects)
    if found.is_learning:
        session.tell(
            say(
                "radar.learning",
                known=found.days_known,
                needed=found.days_needed,
            )
        )
    elif not found.subjects:
        session.tell(say("radar.nothing"))
    for subject in found.subjects:
        _tell(session, subject)
    if found.covered:
        session.tell(say.count("radar.covered", len(found.covered)))
    return int(not found.subjects)


def _tell(session: Session, subject: RisingSubject) -> None:
    say = session.say
    session.tell(subject.label, "bold")
    stories = say.count("common.stories", subject.stories)
    outlets = ", ".join(subject.outlets)
    session.tell(say("radar.facts", stories=stories, outlets=outlets))
    for each in subject.articles:
        session.tell(f"{each.article:>6}  {each.title} – {each.outlet}")
    session.tell(say("radar.query", query=subject.query))
