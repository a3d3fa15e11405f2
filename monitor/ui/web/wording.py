"""The words of pages: German in templates and code, English from `en.po`
files, one a page.

gettext as everywhere: `_("…")` and `ngettext("…", "…", n)`. A test names what
has no English yet.
"""

from __future__ import annotations

import functools
import io
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, current_app, g, request

from monitor.ui.web.web_kit import web_kit

LANGUAGES = ("de", "en")
COOKIE = "language"
_WORDS = "monitor.words"


@functools.cache
def read_catalogs(folders: tuple[Path, ...]) -> dict[str, NullTranslations]:
    """The words of each language. German is what is written in the code."""
    whole = Catalog(locale="en")
    for folder in folders:
        path = folder / "en.po"
        if path.exists():
            with path.open("rb") as file:
                for message in read_po(file, locale="en"):
                    if message.id:
                        whole[message.id] = message
    packed = io.BytesIO()
    write_mo(packed, whole)
    packed.seek(0)
    return {"de": NullTranslations(), "en": GNUTranslations(packed)}


def set_up_words(app: Flask, folders: tuple[Path, ...]) -> None:
    """Choose the language of each request, and give templates their words."""
    app.extensions[_WORDS] = read_catalogs(folders)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
        gettext, ngettext, newstyle=True
    )
    app.jinja_env.globals["current_language"] = current_language


def current_language() -> str:
    """A person's choice, else the browser's, else that of the settings."""
    if "language" not in g:
        chosen = request.cookies.get(COOKIE)
        default = (
            web_kit().language if web_kit().language in LANGUAGES else "en"
        )
        accepted = request.accept_languages.best_match(
            LANGUAGES, default=default
        )
        g.language = chosen if chosen in LANGUAGES else accepted
    language = g.language
    assert isinstance(language, str)
    return language


def gettext(text: str) -> str:
    """The text in the language of this request."""
    return _words().gettext(text)


def ngettext(one: str, many: str, number: int) -> str:
    """The singular or the plural, without the number filled in."""
    return _words().ngettext(one, many, number)


def _words() -> NullTranslations:
    words = current_app.extensions[_WORDS][current_language()]
    assert isinstance(words, NullTranslations)
    return words
