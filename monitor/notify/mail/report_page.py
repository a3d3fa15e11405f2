"""The pages about Monitor itself: the daily report, and notices about sources.
Pure.
"""

from __future__ import annotations

from monitor.language.hygiene import one_line, safe_url
from monitor.language.phrases import translated, translated_problem, with_times
from monitor.language.wording import ReaderWording
from monitor.notify.mail.mail_page import Labelled, MailPage, MailRow, Section
from monitor.notify.mail.topic_page import as_of_row, mailto, story_labels
from monitor.types.mail import (
    DAILY_REPORT,
    RADAR,
    SOURCES,
    DailyReportMail,
    FailedDelivery,
    FeedNotice,
    FileNotice,
    Letter,
    Links,
    NoticeMail,
    RadarLine,
    SilentFeed,
)

_ROWS = 50
_NAME = 120
_REASON = 300


def daily_report_page(
    mail: DailyReportMail, letter: Letter, wording: ReaderWording
) -> MailPage:
    """What was read and sent in a day, and what was not."""
    troubles = len(mail.silent) + len(mail.failed)
    subject = wording.say(
        "subject_daily_report",
        feeds=wording.count("feeds", mail.feeds),
        articles=wording.count("read_articles", mail.articles),
        matches=wording.count("matches", mail.matches),
    )
    if troubles:
        subject = wording.say(
            "subject_trouble",
            subject=subject,
            trouble=wording.count("troubles", troubles),
        )
    answered = wording.say(
        "stat_feeds_value",
        answered=wording.number(mail.feeds_answered),
        feeds=wording.number(mail.feeds),
    )
    return MailPage(
        language=wording.language,
        kind="daily_report",
        subject=subject,
        kicker=wording.say("kind_daily_report"),
        heading=wording.day(mail.until),
        labels=story_labels(wording),
        intro=(
            wording.say(
                "daily_report_covers",
                since=wording.moment(mail.since),
                until=wording.moment(mail.until),
            ),
            *(
                ()
                if troubles or mail.feeds_answered < mail.feeds
                else (wording.say("all_well"),)
            ),
        ),
        figures=(
            Labelled(wording.say("stat_feeds"), answered),
            Labelled(
                wording.say("stat_articles"), wording.number(mail.articles)
            ),
            Labelled(
                wording.say("stat_matches"), wording.number(mail.matches)
            ),
            Labelled(wording.say("stat_mails"), wording.number(mail.mails)),
        ),
        sections=_sections(
            wording,
            (
                "silent_feeds",
                tuple(_silent_row(feed, wording) for feed in mail.silent),
            ),
            (
                "failed_mails",
                tuple(
                    _failed_row(delivery, wording) for delivery in mail.failed
                ),
            ),
            (
                "radar_subjects",
                tuple(_radar_row(line, wording) for line in mail.radar),
            ),
            ("notes", tuple(MailRow(one_line(note)) for note in mail.notes)),
        ),
        footer=tuple(
            row
            for row in (
                Labelled(
                    wording.say("change"), wording.place(one_line(mail.place))
                ),
                _unsubscribe_row(DAILY_REPORT, mail.links, letter, wording),
                as_of_row(mail.until, wording),
            )
            if row.text
        ),
    )


def notice_page(
    mail: NoticeMail, letter: Letter, wording: ReaderWording
) -> MailPage:
    """What became of one or more sources, and what to do about it."""
    heading = _notice_heading(mail, wording)
    span = {
        name: wording.moment(time) if time else ""
        for name, time in (("since", mail.since), ("until", mail.until))
    }
    intro = wording.say(f"notice_{mail.kind}_intro", **span)
    rows = [_notice_row(feed, mail, wording) for feed in mail.feeds]
    rows += [_file_row(problem, wording) for problem in mail.problems]
    rows += [_radar_row(line, wording) for line in mail.radar]
    own = RADAR if mail.kind == "radar" else SOURCES
    return MailPage(
        language=wording.language,
        kind="notice",
        subject=f"[Monitor] {heading}",
        kicker=wording.say("kind_notice"),
        heading=heading,
        labels=story_labels(wording),
        intro=(intro,),
        sections=_sections(wording, ("", tuple(rows))),
        footer=(
            _unsubscribe_row(own, mail.links, letter, wording),
            as_of_row(mail.as_of, wording),
        ),
    )


def _notice_heading(mail: NoticeMail, wording: ReaderWording) -> str:
    match mail.kind:
        case "catch_up":
            articles = wording.count("read_articles", mail.articles)
            return wording.say("notice_catch_up", articles=articles)
        case "test":
            return wording.say("notice_test")
        case "config" | "templates":
            return wording.count(f"notice_{mail.kind}", len(mail.problems))
        case "radar":
            label = one_line(mail.radar[0].label, _NAME) if mail.radar else ""
            return wording.count("notice_radar", len(mail.radar), label=label)
    title = one_line(mail.feeds[0].title, _NAME) if mail.feeds else ""
    return wording.count(f"notice_{mail.kind}", len(mail.feeds), title=title)


def _radar_row(line: RadarLine, wording: ReaderWording) -> MailRow:
    facts = (
        wording.count("radar_stories", line.stories),
        ", ".join(line.outlets),
    )
    address = safe_url(line.url) or ""
    said = f"{wording.say('address')}: {address}" if address else ""
    lines = (one_line(line.title, _NAME), said, ": ".join(facts))
    return MailRow(
        one_line(line.label, _NAME), details=_told(*lines), url=address
    )


def _file_row(problem: FileNotice, wording: ReaderWording) -> MailRow:
    message = translated_problem(problem.message, wording.language)
    hint = translated(problem.hint, wording.language)
    lines = (message, f"{wording.say('hint')}: {hint}" if hint else "")
    return MailRow(one_line(problem.place, _NAME), details=_told(*lines))


def _sections(
    wording: ReaderWording, *lists: tuple[str, tuple[MailRow, ...]]
) -> tuple[Section, ...]:
    """The lists that are not empty, each with at most 50 rows and a line that
    says how many more there are.
    """
    sections = []
    for key, rows in lists:
        if rows:
            rest = (
                (MailRow(wording.count("more_rows", len(rows) - _ROWS)),)
                if len(rows) > _ROWS
                else ()
            )
            sections.append(
                Section(wording.say(key) if key else "", rows[:_ROWS] + rest)
            )
    return tuple(sections)


def _silent_row(feed: SilentFeed, wording: ReaderWording) -> MailRow:
    since = (
        wording.say("silent_since", moment=wording.moment(feed.since))
        if feed.since
        else wording.say("silent_never")
    )
    usual = (
        wording.say("silent_usual", pause=wording.span(feed.usual))
        if feed.usual
        else ""
    )
    return MailRow(
        one_line(feed.title, _NAME),
        details=_told(
            f"{since} · {usual}" if usual else since,
            _phrase(feed.reason, wording),
        ),
    )


def _failed_row(delivery: FailedDelivery, wording: ReaderWording) -> MailRow:
    state = f"state_{delivery.state}"
    sent = wording.say(
        "failed_row",
        recipient=one_line(delivery.recipient, _NAME),
        moment=wording.moment(delivery.at),
    )
    return MailRow(
        one_line(delivery.subject, _NAME),
        wording.say(state)
        if state in wording.words
        else one_line(delivery.state, _NAME),
        _told(sent, _phrase(delivery.reply, wording)),
    )


def _notice_row(
    feed: FeedNotice, mail: NoticeMail, wording: ReaderWording
) -> MailRow:
    lines = []
    if feed.since:
        key = (
            "silent_since"
            if mail.kind in ("silent", "recovered")
            else "gone_since"
        )
        lines.append(wording.say(key, moment=wording.moment(feed.since)))
    if feed.usual:
        lines.append(
            wording.say("silent_usual", pause=wording.span(feed.usual))
        )
    facts = (
        ("reason", _phrase(feed.reason, wording)),
        ("address", feed.url),
        ("new_address", feed.moved_to),
        ("change", wording.place(feed.place)),
    )
    lines += [
        f"{wording.say(key)}: {one_line(fact, _REASON)}"
        for key, fact in facts
        if fact
    ]
    outlet = one_line(feed.outlet, _NAME)
    title = one_line(feed.title, _NAME)
    return MailRow(
        title,
        outlet if outlet != title else "",
        _told(*lines),
        safe_url(feed.moved_to or feed.url) or "",
    )


def _phrase(english: str, wording: ReaderWording) -> str:
    """What was stored in English, in the recipient's language and zone."""
    return with_times(translated(english, wording.language), wording.moment)


def _told(*lines: str) -> tuple[str, ...]:
    return tuple(shown for line in lines if (shown := one_line(line, _REASON)))


def _unsubscribe_row(
    name: str, links: Links, letter: Letter, wording: ReaderWording
) -> Labelled:
    url = safe_url(links.unsubscribe or "") or mailto(
        letter, f"unsubscribe {name}"
    )
    return Labelled(
        wording.say("unsubscribe"), wording.say("unsubscribe_report"), url
    )
