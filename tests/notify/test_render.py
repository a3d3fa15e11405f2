"""A user's own templates and words: used where they work, reported and passed
over where they do not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.notify.mail.compose_mail import compose_digest
from monitor.notify.mail.templates_render import TemplateProblem, Templates
from tests.notify.samples import DIGEST, letter, part


def rendered(
    folder: Path, *, language: str = "de"
) -> tuple[str, str, str, list[TemplateProblem]]:
    """Subject, text and HTML of a digest with this folder, and what was
    reported.
    """
    templates = Templates(folder)
    email = compose_digest(
        DIGEST, letter(language=language), templates=templates
    )
    problems = list(templates.problems)
    return email.subject, part(email, "plain"), part(email, "html"), problems


SUBJECT, TEXT, HTML, _ = rendered(Path(__file__).parent)


def check(folder: Path, *reported: str) -> None:
    """Ours is used, and each of these is reported."""
    subject, text, page, problems = rendered(folder)
    assert (subject, text, page) == (SUBJECT, TEXT, HTML)
    said = [f"{p.place}: {p.message}" for p in problems]
    assert len(said) == len(reported), said
    for expected, actual in zip(reported, said, strict=True):
        assert expected in actual


def test_one_template_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "digest.txt").write_text(
        "Meine Meldungen: {% for s in page.stories %}{{ s.outlet }} {% endfor %}\n"
    )
    subject, text, page, problems = rendered(tmp_path)
    assert (subject, text, page, problems) == (
        SUBJECT,
        "Meine Meldungen: ZDF Radio Muster NBZ \n",
        HTML,
        [],
    )


def test_a_base_of_ones_own_carries_our_content(tmp_path: Path) -> None:
    (tmp_path / "base.html").write_text(
        "<p>Amt Musterburg</p>{% block content %}{% endblock %}"
    )
    page = rendered(tmp_path)[2]
    assert page.startswith("<p>Amt Musterburg</p>")
    assert "Selenskyj in Berlin erwartet" in page


def test_a_template_for_one_language(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "digest.txt").write_text("English only\n")
    assert rendered(tmp_path)[1] == TEXT
    assert rendered(tmp_path, language="en")[1] == "English only\n"


def test_a_users_html_is_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "digest.html").write_text("{{ '<b>' ~ page.heading }}")
    assert rendered(tmp_path)[2].strip() == "&lt;b&gt;Ukraine"


@pytest.mark.parametrize(
    ("template", "reported"),
    [
        ("{% if %}", "TemplateSyntaxError"),
        ("{{ page.nothing }}", "UndefinedError"),
        ("{{ nothing }}", "UndefinedError"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ page.stories[99].url }}", "UndefinedError"),
        ("{% include 'missing.html' %}", "there is no template missing.html"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
        ("{{ page.__class__.__mro__ }}", "SecurityError"),
        ("{{ ''.__class__.__base__.__subclasses__() }}", "SecurityError"),
        ("{% for i in range(999999999) %}x{% endfor %}", "OverflowError"),
        ("{{ page.heading + 1 }}", "TypeError"),
        ("{{ '%d' | format('x') }}", "TypeError"),
    ],
)
def test_a_broken_template_is_reported_and_ours_is_used(
    tmp_path: Path, template: str, reported: str
) -> None:
    (tmp_path / "digest.html").write_text(template)
    check(tmp_path, f"digest.html:1: {reported}")


def test_a_template_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "digest.txt").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "digest.html").mkdir()
    subject, text, page, problems = rendered(tmp_path)
    assert (subject, text, page) == (SUBJECT, TEXT, HTML)
    assert "digest.txt" in {p.name for p in problems}


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    check(tmp_path / "none", "the templates folder does not exist")


def test_single_words_can_be_changed(tmp_path: Path) -> None:
    (tmp_path / "de.toml").write_text(
        'subject_digest = "{topic}: {stories}"\nstories = ["{n} Story", "{n} Storys"]\nsame_day ='
        ' "HH.mm"\n',
        "utf-8",
    )
    subject, text, _, problems = rendered(tmp_path)
    assert (subject, problems) == ("Ukraine: 3 Storys", [])
    assert "gefunden 11.07 " in text
    assert rendered(tmp_path, language="en")[0].startswith(
        "[Ukraine] 6 articles"
    )


@pytest.mark.parametrize(
    ("line", "reported"),
    [
        ("nonsense = 'x'", "nonsense: there is no such word"),
        ("stories = 'x'", "stories: a pair is needed"),
        ("topic = ['a', 'b']", "topic: one text is needed"),
        ("subject_digest = '{unknown}'", "subject_digest: unknown {unknown}"),
        (
            "subject_digest = '{topic.__class__}'",
            "subject_digest: unknown {topic.__class__}",
        ),
        (
            "subject_digest = '{topic:>999999999}'",
            "subject_digest: unknown {topic:>999999999}",
        ),
        ("subject_digest = '{'", "subject_digest: "),
        ("moment = 5", "moment: neither a text nor a pair of texts"),
        ("moment = 'EEEEEEEEE'", "moment: "),
        ("= broken", "de.toml: TOMLDecodeError"),
    ],
)
def test_a_word_that_cannot_stand_in_is_reported_and_ours_is_used(
    tmp_path: Path, line: str, reported: str
) -> None:
    (tmp_path / "de.toml").write_text(line, "utf-8")
    check(tmp_path, reported)
