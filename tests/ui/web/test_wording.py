"""Every German word of the page has its English one; languages are chosen as
people expect.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment
from jinja2.ext import InternationalizationExtension, babel_extract

from monitor.ui.web.registry import FOLDER, find_pages, page_folders
from monitor.ui.web.wording import read_catalogs
from tests.ui.web.newsroom import Newsroom

NAMES = ("_", "gettext", "ngettext")


def said_in_templates() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.rglob("*.html")):
        if path.parent.name == "mail_links":
            continue
        with path.open("rb") as file:
            options = {"trim_blocks": "true", "silent": "false"}
            for _line, _function, message, _comments in babel_extract(
                file, NAMES, (), options
            ):
                first = message[0] if isinstance(message, tuple) else message
                if first is not None:  # a variable: titles of the navigation
                    yield name(path), first


def said_in_code() -> Iterator[tuple[str, str]]:
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "id", "") in NAMES
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield name(path), first.value


def name(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


@pytest.mark.slow
def test_every_word_has_its_english() -> None:
    english = read_catalogs(page_folders())["en"]
    titles = [
        ("navigation", page.nav.title) for page in find_pages() if page.nav
    ]
    said = [*said_in_templates(), *said_in_code(), *titles]
    assert len(said) > 50
    lacking = {
        (place, text)
        for place, text in said
        # Whether `gettext` finds a word that has a plural differs between
        # versions of Python.
        if english.gettext(text) == text == english.ngettext(text, text, 1)
    }
    # Words that are the same in both languages stand in en.po all the same.
    same = set(english._catalog)  # type: ignore[attr-defined]
    assert {
        (place, text) for place, text in lacking if text not in same
    } == set()


def test_templates_parse() -> None:
    environment = Environment(
        extensions=[InternationalizationExtension], autoescape=True
    )
    for path in FOLDER.rglob("*.html"):
        environment.parse(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("headers", "language"),
    [
        ({}, "de"),
        ({"Accept_Language": "de-AT,de;q=0.9"}, "de"),
        ({"Accept_Language": "en-GB,en;q=0.8"}, "en"),
        ({"Accept_Language": "fr"}, "de"),
        ({"Accept_Language": "en", "Cookie": "language=de"}, "de"),
        ({"Cookie": "language=en"}, "en"),
        ({"Cookie": "language=<script>"}, "de"),
    ],
)
def test_the_language_of_a_page(
    newsroom: Newsroom, headers: dict[str, str], language: str
) -> None:
    answer = newsroom.get("/hilfe", **headers)
    assert f'<html lang="{language}">' in answer.text
    assert answer.title == {"de": "Hilfe", "en": "Help"}[language]
