"""From facts to a finished `Email`: immediate mails, digests, spikes, the
daily report, notices about sources, press reviews.

Pure: nothing is looked up, sent or remembered here, and the same input gives
the same bytes. Which stories belong into a mail, whether it may go out now and
what its Message-ID is, others have decided. Raises DeliveryError only for what
configuration should have refused: an address that is none, an unknown time
zone, a Message-ID that is none.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.language.wording import ReaderWording
from monitor.notify.mail.headers import ListHeaders, compose_message, thread_id
from monitor.notify.mail.mail_page import MailPage
from monitor.notify.mail.report_page import daily_report_page, notice_page
from monitor.notify.mail.review_page import review_page
from monitor.notify.mail.story_block import Extent
from monitor.notify.mail.templates_render import Templates
from monitor.notify.mail.topic_page import (
    digest_page,
    immediate_page,
    mailto,
    spike_page,
)
from monitor.types.mail import (
    DAILY_REPORT,
    RADAR,
    SOURCES,
    Attachment,
    DailyReportMail,
    Letter,
    Links,
    NoticeMail,
    PressReviewMail,
    SpikeMail,
    TopicMail,
    TopicRef,
)
from monitor.types.output import Email

MAX_STORIES = 50
# of the whole message; Gmail hides what HTML has beyond 102 kB
MAX_BYTES = 100_000


def compose_immediate(
    mail: TopicMail, letter: Letter, *, templates: Templates
) -> Email:
    """The mail for a first hit, or for those collected after it; threaded per
    topic and local day.
    """
    day = letter.date.astimezone(_wording(letter, templates).zone).date()
    thread = thread_id(letter.identity.domain, mail.topic.id, day)
    return _compose_stories(
        lambda wording, shown, extent: immediate_page(
            mail, letter, wording, shown=shown, extent=extent
        ),
        letter,
        templates=templates,
        lists=_topic_lists(mail.topic, mail.links, letter, thread=thread),
        stories=len(mail.stories),
    )


def compose_digest(
    mail: TopicMail, letter: Letter, *, templates: Templates
) -> Email:
    """What came in a stretch of time, also after an outage or a flood
    (`occasion`).
    """
    return _compose_stories(
        lambda wording, shown, extent: digest_page(
            mail, letter, wording, shown=shown, extent=extent
        ),
        letter,
        templates=templates,
        lists=_topic_lists(mail.topic, mail.links, letter),
        stories=len(mail.stories),
    )


def compose_spike(
    mail: SpikeMail, letter: Letter, *, templates: Templates
) -> Email:
    """Unusually much about a topic, with the words and outlets that explain
    it.
    """
    return _compose_stories(
        lambda wording, shown, extent: spike_page(
            mail, letter, wording, shown=shown, extent=extent
        ),
        letter,
        templates=templates,
        lists=_topic_lists(mail.topic, mail.links, letter),
        stories=len(mail.stories),
    )


def compose_daily_report(
    mail: DailyReportMail, letter: Letter, *, templates: Templates
) -> Email:
    """The daily report on feeds, articles, matches and deliveries."""
    page = daily_report_page(mail, letter, _wording(letter, templates))
    return _message(
        page,
        letter,
        templates=templates,
        lists=_own_lists(DAILY_REPORT, mail.links, letter),
    )


def compose_notice(
    mail: NoticeMail, letter: Letter, *, templates: Templates
) -> Email:
    """News about sources: silent, back, gone, moved; that Monitor stood still;
    what rises.
    """
    name = RADAR if mail.kind == "radar" else SOURCES
    page = notice_page(mail, letter, _wording(letter, templates))
    return _message(
        page,
        letter,
        templates=templates,
        lists=_own_lists(name, mail.links, letter),
    )


def compose_press_review(
    mail: PressReviewMail, letter: Letter, *, templates: Templates
) -> Email:
    """An issued press review: its stories as a list, its files attached."""
    page = review_page(mail, letter, _wording(letter, templates))
    lists = _own_lists(mail.list_name, mail.links, letter)
    return _message(
        page, letter, templates=templates, lists=lists, files=mail.files
    )


def _compose_stories(
    page_of: Callable[[ReaderWording, int, Extent], MailPage],
    letter: Letter,
    *,
    templates: Templates,
    lists: ListHeaders,
    stories: int,
) -> Email:
    """At most 50 stories and 100 kB: full texts go first, then links to
    copies, then the last stories.
    """
    wording = _wording(letter, templates)
    shown = min(stories, MAX_STORIES)
    extents: tuple[Extent, ...] = ("full", "short", "lean")
    for extent in extents:
        email = _message(
            page_of(wording, shown, extent),
            letter,
            templates=templates,
            lists=lists,
        )
        if len(email.raw) <= MAX_BYTES:
            return email
    while len(email.raw) > MAX_BYTES and shown > 1:
        shown = min(shown - 1, max(1, shown * MAX_BYTES // len(email.raw)))
        email = _message(
            page_of(wording, shown, "lean"),
            letter,
            templates=templates,
            lists=lists,
        )
    return email


def _message(
    page: MailPage,
    letter: Letter,
    *,
    templates: Templates,
    lists: ListHeaders,
    files: tuple[Attachment, ...] = (),
) -> Email:
    text = templates.render(f"{page.kind}.txt", page, language=page.language)
    html = templates.render(f"{page.kind}.html", page, language=page.language)
    return compose_message(
        page.subject, letter, text=text, html=html, lists=lists, files=files
    )


def _wording(letter: Letter, templates: Templates) -> ReaderWording:
    return templates.wording(
        letter.recipient.language, letter.identity.timezone
    )


def _topic_lists(
    topic: TopicRef, links: Links, letter: Letter, *, thread: str | None = None
) -> ListHeaders:
    return ListHeaders(
        topic.id,
        mailto(letter, f"unsubscribe {topic.id}"),
        links.unsubscribe,
        thread,
    )


def _own_lists(name: str, links: Links, letter: Letter) -> ListHeaders:
    return ListHeaders(
        name, mailto(letter, f"unsubscribe {name}"), links.unsubscribe
    )
