"""What a press review says, whichever format says it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.press_review.files import file_name
from monitor.press_review.sheet import sheet_of
from monitor.types.mail import Copy
from monitor.types.press_review import ReviewFormat
from tests.press_review.samples import EMPTY, FULL, entry, of


def test_the_cover() -> None:
    sheet = sheet_of(FULL)
    assert sheet.title == "Pressespiegel der Stadt Löhne"
    assert sheet.day == "Samstag, 28. November 2026"
    assert sheet.count == "3 Meldungen"
    assert sheet.made == "Stand: 28. November 2026, 07:30 Uhr"
    assert sheet.note == ("Guten Morgen!", "Heute geht es um den Haushalt.")
    assert sheet.late == (
        "Verspätet: Diese Ausgabe war für den 28. November 2026, 07:00 Uhr geplant; Monitor stand"
        " zu der Zeit still. Sie enthält auch, was in 2 ausgefallenen Ausgaben gestanden hätte."
    )


def test_stories_without_a_heading_stand_under_one_where_others_have_one() -> (
    None
):
    assert [section.heading for section in sheet_of(FULL).sections] == [
        "Haushalt",
        "Weitere Meldungen",
    ]
    assert not sheet_of(of(entry())).has_headings


def test_english() -> None:
    sheet = sheet_of(of(entry(), language="en"))
    assert (sheet.day, sheet.count) == (
        "Saturday, 28 November 2026",
        "1 story",
    )
    assert sheet.words.contents == "Contents"


@pytest.mark.parametrize(
    ("changes", "facts"),
    [
        (
            {},
            (
                "Weserbote",
                "28. November 2026, 06:05 Uhr",
                "Anna Beispiel",
                "dpa",
            ),
        ),
        (
            {"published_at": None},
            ("Weserbote", "ohne Datum", "Anna Beispiel", "dpa"),
        ),
        (
            {"agency": None, "authors": ()},
            ("Weserbote", "28. November 2026, 06:05 Uhr"),
        ),
        (
            {"summary_only": True, "agency": None, "authors": ()},
            (
                "Weserbote",
                "28. November 2026, 06:05 Uhr",
                "nur Anriss gelesen",
            ),
        ),
        (
            {"authors": ("A", "", "B", "C", "D"), "agency": None},
            ("Weserbote", "28. November 2026, 06:05 Uhr", "A, B, C"),
        ),
        (
            {"outlet": "", "agency": None, "authors": ()},
            ("28. November 2026, 06:05 Uhr",),
        ),
    ],
)
def test_the_line_of_facts(
    changes: dict[str, Any], facts: tuple[str, ...]
) -> None:
    assert sheet_of(of(entry(**changes))).sections[0].entries[0].facts == facts


@pytest.mark.parametrize(
    ("url", "shown", "site"),
    [
        (
            "https://www.weserbote.example/a?b=ü",
            "https://www.weserbote.example/a?b=%C3%BC",
            "weserbote.example",
        ),
        ("http://[2001:db8::1]/a", "http://[2001:db8::1]/a", "2001:db8::1"),
        ("javascript:alert(1)", "", ""),
        ("", "", ""),
        ("ftp://weserbote.example/", "", ""),
        ("//weserbote.example/", "", ""),
        ("https://" + "a" * 9000 + ".example/", "", ""),
    ],
)
def test_only_web_addresses_are_links(url: str, shown: str, site: str) -> None:
    made = sheet_of(of(entry(url=url))).sections[0].entries[0]
    assert (made.url, made.site) == (shown, site)


def test_texts_are_cleaned() -> None:
    made = sheet_of(
        of(
            entry(
                title="Zei\u202ele\nzwei\x00",
                snippet="a\x07b",
                comment="eins\n\n zwei ",
                also_in=(
                    Copy("A"),
                    Copy("A", "https://a.example/"),
                    Copy(""),
                    Copy("B"),
                ),
            )
        )
    )
    story = made.sections[0].entries[0]
    assert "\u202e" not in story.title
    assert "\n" not in story.title
    assert "\x00" not in story.title
    assert "\x07" not in story.snippet
    assert story.comment == ("eins", "zwei")
    assert [other.text for other in story.also_in] == ["A", "B"]


def test_what_has_no_title_is_called_by_its_outlet() -> None:
    assert (
        sheet_of(of(entry(title=" "))).sections[0].entries[0].title
        == "Weserbote"
    )
    nameless = sheet_of(of(entry(title="", outlet=""))).sections[0].entries[0]
    assert nameless.title == "Ohne Titel"


def test_an_empty_review_says_so() -> None:
    sheet = sheet_of(EMPTY)
    assert sheet.sections == ()
    assert "keine neuen Meldungen" in sheet.words.nothing


@pytest.mark.parametrize(
    ("title", "wanted", "name"),
    [
        ("Morgenlage", "pdf", "2026-11-28-morgenlage.pdf"),
        (
            "Grüße aus Löhne & Umgebung",
            "docx",
            "2026-11-28-gruesse-aus-loehne-umgebung.docx",
        ),
        ("../../etc/passwd", "html", "2026-11-28-etc-passwd.html"),
        ('"; rm -rf /', "pdf", "2026-11-28-rm-rf.pdf"),
        ("Київ", "pdf", "2026-11-28-pressespiegel.pdf"),
        ("", "pdf", "2026-11-28-pressespiegel.pdf"),
        ("Éclair à la Crème", "pdf", "2026-11-28-eclair-a-la-creme.pdf"),
        ("a" * 200, "pdf", f"2026-11-28-{'a' * 60}.pdf"),
        ("x\r\nBcc: y", "pdf", "2026-11-28-x-bcc-y.pdf"),
        ("STRASSE", "pdf", "2026-11-28-strasse.pdf"),
    ],
)
def test_file_names_are_plain(
    title: str, wanted: ReviewFormat, name: str
) -> None:
    assert file_name(title, date(2026, 11, 28), wanted) == name
