"""`monitor review`: drafts and the archive of press reviews."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import ConfigError
from monitor.flow.requests import press_reviews
from monitor.flow.requests.press_reviews import ReviewList
from monitor.types.press_review import ReviewFormat
from monitor.ui.columns import Column, Row
from monitor.ui.context import ACCOUNT, Session
from monitor.ui.names import LARGEST_NUMBER
from monitor.ui.tables import shown_table
from monitor.wiring.mail_kit import masthead_of


def list_all(session: Session, as_json: bool) -> int:
    """Drafts, and the newest issues."""
    with session.database() as database:
        listed = press_reviews.list_reviews(database)
    if as_json:
        session.print_json(_as_facts(listed))
        return 0
    if not listed.drafts and not listed.issues:
        session.tell(session.say("review.none"))
        return 0
    _show_drafts(session, listed)
    _show_issues(session, listed)
    return 0


def issue_review(session: Session, draft: int) -> int:
    """Put a draft into the archive."""
    with session.database() as database:
        made = (
            press_reviews.issue_draft(
                database,
                draft,
                masthead_of(session.settings),
                account=ACCOUNT,
                now=session.now,
            )
            if 0 < draft <= LARGEST_NUMBER
            else None
        )
    if made is None:
        raise _unknown(f"there is no draft {draft}")
    session.tell(
        session.say("review.issued", number=made.id, title=made.title)
    )
    return 0


def export(
    session: Session, number: int, wanted: ReviewFormat, to: Path | None
) -> int:
    """Write a file of the archive."""
    with session.database() as database:
        file = (
            press_reviews.read_issue_file(database, number, wanted)
            if 0 < number <= LARGEST_NUMBER
            else None
        )
    if file is None:
        raise _unknown(f"there is no {wanted} file of a press review {number}")
    path = to or Path(file.name)
    try:
        with path.open("xb") as target:
            target.write(file.body)
    except FileExistsError:
        raise ConfigError(
            f"{path} is there already", hint="name another file with --to"
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
    session.tell(session.say("review.wrote", path=path))
    return 0


def _unknown(problem: str) -> ConfigError:
    return ConfigError(problem, hint="see monitor review list")


def _as_facts(listed: ReviewList) -> dict[str, object]:
    drafts = [
        {
            "number": draft.id,
            "title": draft.title,
            "day": draft.day.isoformat(),
            "stories": stories,
            "updated_at": draft.updated_at,
            "updated_by": draft.updated_by,
        }
        for draft, stories in listed.drafts
    ]
    issues = [
        {
            "number": made.id,
            "title": made.title,
            "day": made.day.isoformat(),
            "stories": made.stories,
            "issued_at": made.issued_at,
            "issued_by": made.issued_by,
            "schedule": made.schedule_id,
            "planned_at": made.planned_at,
            "missed": made.missed,
        }
        for made in listed.issues
    ]
    return {"drafts": drafts, "issues": issues}


def _show_drafts(session: Session, listed: ReviewList) -> None:
    if not listed.drafts:
        return
    say = session.say
    rows = [
        Row(
            (
                str(draft.id),
                draft.title,
                say.number(stories),
                say.moment(draft.updated_at),
            )
        )
        for draft, stories in listed.drafts
    ]
    _show(session, "review.drafts", rows, time=say("review.changed"))


def _show_issues(session: Session, listed: ReviewList) -> None:
    if not listed.issues:
        return
    say = session.say
    rows = [
        Row(
            (
                str(made.id),
                made.title,
                say.number(made.stories),
                say.moment(made.issued_at),
            )
        )
        for made in listed.issues
    ]
    _show(session, "review.issues", rows, time=say("review.issued_at"))


def _show(session: Session, title: str, rows: list[Row], *, time: str) -> None:
    say = session.say
    columns = (
        Column(say("review.number")),
        Column(say("review.title"), least=16),
        Column(say("review.stories"), rank=1),
        Column(time, rank=2),
    )
    shown = shown_table(
        say, say.count(title, len(rows)), columns, rows, width=session.width
    )
    session.out.print(shown)
