"""A user's own templates are tried before a mail needs them, and each fault
has its place.
"""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from monitor.notify.mail.mail_page import MailPage, StoryBlock
from monitor.notify.mail.template_check import _PAGE, KINDS, check_templates
from monitor.notify.mail.templates_render import SHIPPED, Templates

GOOD = "line one\n{{ page.heading }}\n"


def found(folder: Path) -> list[tuple[str, str]]:
    return [
        (one.place, one.message) for one in check_templates(Templates(folder))
    ]


def lay(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")


def test_our_own_are_right(tmp_path: Path) -> None:
    assert check_templates(Templates(tmp_path)) == ()
    for file in SHIPPED.iterdir():
        lay(tmp_path, file.name, file.read_text("utf-8"))
    assert found(tmp_path) == []


def test_every_kind_that_is_shipped_is_tried() -> None:
    shipped = {file.name.partition(".")[0] for file in SHIPPED.iterdir()}
    assert shipped - {"base", "parts", "de", "en"} == set(KINDS)


@pytest.mark.parametrize("of", [MailPage, StoryBlock])
def test_nothing_of_the_page_is_empty(of: type) -> None:
    """What is empty is not shown, and so would not be tried."""
    page = _PAGE.stories[0] if of is StoryBlock else _PAGE
    empty = [
        field.name for field in fields(of) if not getattr(page, field.name)
    ]
    assert empty == (["kind"] if of is MailPage else [])


@pytest.mark.parametrize(
    ("name", "text", "place", "said"),
    [
        (
            "digest.html",
            "a\nb\n{% if %}\n",
            "digest.html:3",
            "Expected an expression",
        ),
        (
            "digest.txt",
            "a\n{{ page.nothing }}\n",
            "digest.txt:2",
            "no attribute 'nothing'",
        ),
        (
            "notice.txt",
            "a\n\n\n{{ nothing }}",
            "notice.txt:4",
            "'nothing' is undefined",
        ),
        (
            "spike.html",
            "{{ page.intro[7] }}",
            "spike.html:1",
            "has no element 7",
        ),
        (
            "immediate.html",
            "{{ 1 / 0 }}",
            "immediate.html:1",
            "division by zero",
        ),
        (
            "press_review.txt",
            "x\n{{ page.heading + 1 }}",
            "press_review.txt:2",
            "concatenate str",
        ),
        (
            "daily_report.html",
            "{% block a %}",
            "daily_report.html:1",
            "Unexpected end of template",
        ),
        (
            "daily_report.txt",
            "{% include 'fuss.txt' %}",
            "daily_report.txt:1",
            "no template fuss",
        ),
        ("digest.html", "{{ page.__class__ }}", "digest.html:1", "unsafe"),
        (
            "digest.html",
            "{{ page.heading | gross }}",
            "digest.html:1",
            "No filter named 'gross'",
        ),
        (
            "base.html",
            "a\n{% block head %}\n{{ nix }}{% endblock %}",
            "base.html:3",
            "'nix'",
        ),
        ("parts.txt", "a\n{{ nix }}", "parts.txt:2", "'nix' is undefined"),
        (
            "en/digest.txt",
            "a\n{{ nix }}",
            "en/digest.txt:2",
            "'nix' is undefined",
        ),
        ("de/notice.html", "{% for %}", "de/notice.html:1", "Expected"),
        (
            "diggest.html",
            GOOD,
            "diggest.html",
            "no mail uses a template of this name",
        ),
        (
            "Digest.html",
            GOOD,
            "Digest.html",
            "no mail uses a template of this name",
        ),
        (
            "fr/digest.html",
            GOOD,
            "fr/digest.html",
            "no mail uses a template of this name",
        ),
        ("de.toml", "stories = 'x'", "de.toml", "stories: a pair is needed"),
        ("en.toml", "a = 1 = 2", "en.toml", "TOMLDecodeError"),
        ("en.toml", "none = 'x'", "en.toml", "none: there is no such word"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(
    tmp_path: Path, name: str, text: str, place: str, said: str
) -> None:
    lay(tmp_path, name, text)
    places, messages = zip(*found(tmp_path), strict=True)
    assert set(places) == {place}
    assert said in messages[0]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("digest.html", GOOD),
        ("de/digest.txt", GOOD),
        ("base.txt", "{% block content %}{% endblock %}"),
        (
            "digest.txt",
            "{% extends 'base.txt' %}{% block content %}{{ page.note }}{% endblock %}",
        ),
        (
            "notice.txt",
            "{% for row in page.footer %}{{ row.label }}{% endfor %}",
        ),
        ("de.toml", 'stories = ["{n} Story", "{n} Storys"]'),
        ("liesmich.md", "{{ no template }}"),
    ],
)
def test_what_is_right_is_not_blamed(
    tmp_path: Path, name: str, text: str
) -> None:
    lay(tmp_path, name, text)
    assert found(tmp_path) == []


def test_a_part_that_a_template_takes_up_is_used(tmp_path: Path) -> None:
    lay(
        tmp_path,
        "digest.txt",
        "{% include 'amt/kopf.txt' %}{{ page.heading }}",
    )
    lay(tmp_path, "amt/kopf.txt", "Amt\n")
    assert found(tmp_path) == []
    lay(tmp_path, "amt/kopf.txt", "Amt\n{{ nix }}\n")
    assert [place for place, _ in found(tmp_path)] == ["amt/kopf.txt:2"]


def test_words_are_read_again(tmp_path: Path) -> None:
    templates = Templates(tmp_path)
    lay(tmp_path, "de.toml", "none = 'x'")
    assert len(check_templates(templates)) == 1
    lay(tmp_path, "de.toml", "topic = 'Begriff'")
    assert check_templates(templates) == ()
    assert templates.wording("de", "Europe/Berlin").say("topic") == "Begriff"
    (tmp_path / "de.toml").unlink()
    assert check_templates(templates) == ()
    assert templates.wording("de", "Europe/Berlin").say("topic") == "Thema"


def test_with_the_folder_its_words_are_gone(tmp_path: Path) -> None:
    own = tmp_path / "templates"
    lay(own, "de.toml", "topic = 'Begriff'")
    templates = Templates(own)
    assert templates.wording("de", "Europe/Berlin").say("topic") == "Begriff"
    own.rename(tmp_path / "elsewhere")
    assert [one.message for one in check_templates(templates)] == [
        "the templates folder does not exist"
    ]
    assert templates.wording("de", "Europe/Berlin").say("topic") == "Thema"
