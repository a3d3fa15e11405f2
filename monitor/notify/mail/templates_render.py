"""Jinja2 templates and words of mails: ours from the package, and a user's own
that go before them.

A user's folder may hold any of our template names (`digest.html`, or only
`base.html`), one of them for one language (`de/digest.html`), and `de.toml` or
`en.toml` with single changed words. They run in Jinja's sandbox. Whatever is
wrong with them is kept in `problems` and our own template is used: an alert is
never lost because of a template.

Jinja2 and Babel are imported with the first mail: a daemon does without them
before.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from monitor.errors import DeliveryError
from monitor.language.wording import (
    DATE_PATTERNS,
    LANGUAGES,
    ReaderWording,
    Words,
    written_language,
)
from monitor.notify.mail.mail_page import MailPage
from monitor.notify.mail.shipped_files import SHIPPED

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_PROBLEMS = 100
FIX = (
    "compare it with the shipped file of that name (monitor/notify/templates); until it is mended,"
    " that one is used"
)


@dataclass(frozen=True, slots=True)
class TemplateProblem:
    """A user's template or word that cannot be used. Ours is used instead.

    `name` is the file in the user's folder; `line` is 0 where the error says
    none.
    """

    name: str
    line: int
    message: str
    hint: str = FIX

    @property
    def place(self) -> str:
        """File and line, as editors take them."""
        return f"{self.name}:{self.line}" if self.line else self.name


class Templates:
    """Renders pages.

    The package's templates are read once per process. `reread` reads the
    user's again.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is the user's own."""
        self.folder = folder
        self._met: dict[TemplateProblem, None] = {}
        self._words = {lang: _shipped_words(lang) for lang in LANGUAGES}
        self._user: Environment | None = None
        self._changed: dict[str, Words] = {}
        self.reread()

    @property
    def problems(self) -> tuple[TemplateProblem, ...]:
        """What was wrong with the user's templates and words since they were
        read.
        """
        return tuple(self._met)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that a user's template can have."""
        from monitor.notify.mail import template_engine as engine  # noqa: PLC0415

        return tuple(engine.shipped().list_templates())

    def reread(self) -> None:
        """Read the user's words and templates again; what was wrong before is
        forgotten.
        """
        self._met.clear()
        folder = self.folder
        if folder is None:
            return
        if not folder.is_dir():
            self._user = None
            self._changed.clear()
            self._report(
                TemplateProblem(
                    str(folder), 0, "the templates folder does not exist"
                )
            )
            return
        from monitor.notify.mail import template_engine as engine  # noqa: PLC0415

        self._user = engine.before_shipped(folder)
        for language in LANGUAGES:
            self._read_changes(folder / f"{language}.toml", language)

    def _report(self, problem: TemplateProblem) -> None:
        if len(self._met) < MOST_PROBLEMS:
            self._met[problem] = None

    def wording(self, language: str, timezone: str) -> ReaderWording:
        """How to speak to a recipient.

        An unknown zone is a DeliveryError: the configuration was not checked.
        """
        language = written_language(language)
        try:
            zone = ZoneInfo(timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise DeliveryError(
                f"unknown time zone {timezone!r}", about=timezone
            ) from error
        return ReaderWording(
            language,
            zone,
            self._changed.get(language) or self._words[language],
        )

    def render(self, name: str, page: MailPage, *, language: str) -> str:
        """The template `name` ("digest.html") filled with a page."""
        from monitor.notify.mail import template_engine as engine  # noqa: PLC0415

        if self._user is not None:
            try:
                return self._user.select_template(
                    [f"{language}/{name}", name]
                ).render(page=page)
            except engine.FAULTS as error:
                place, line = engine.place_of_fault(
                    name, error, folder=str(self.folder)
                )
                self._report(
                    TemplateProblem(place, line, engine.describe(error))
                )
        return engine.shipped().get_template(name).render(page=page)

    def _read_changes(self, path: Path, language: str) -> None:
        """Take a user's words, each only where it can stand in for ours: same
        kind, no facts that we do not give.
        """
        self._changed.pop(language, None)
        if not path.is_file():
            return
        try:
            changes = _read_words(path.read_text("utf-8"))
        except (OSError, ValueError) as error:
            self._report(
                TemplateProblem(
                    path.name, 0, f"{type(error).__name__}: {error}"[:500]
                )
            )
            return
        merged = dict(self._words[language])
        for key, text in changes.items():
            problem = _misfit(text, merged.get(key)) or (
                _unreadable(text) if key in DATE_PATTERNS else ""
            )
            if problem:
                self._report(
                    TemplateProblem(path.name, 0, f"{key}: {problem}")
                )
            else:
                merged[key] = text
        self._changed[language] = merged


@functools.cache
def _shipped_words(language: str) -> Words:
    return _read_words((SHIPPED / f"{language}.toml").read_text("utf-8"))


def _read_words(text: str) -> dict[str, str | tuple[str, str]]:
    """Raises ValueError for anything but texts and pairs of texts."""
    words: dict[str, str | tuple[str, str]] = {}
    for key, value in tomllib.loads(text).items():
        match value:
            case str():
                words[key] = value
            case [str(one), str(many)]:
                words[key] = (one, many)
            case _:
                raise ValueError(f"{key}: neither a text nor a pair of texts")
    return words


def _misfit(
    text: str | tuple[str, str], ours: str | tuple[str, str] | None
) -> str:
    if ours is None:
        return "there is no such word"
    if isinstance(text, str) != isinstance(ours, str):
        return (
            "one text is needed"
            if isinstance(ours, str)
            else "a pair is needed: singular and plural"
        )
    try:
        unknown = _facts(text) - _facts(ours)
    except ValueError as error:
        return str(error)
    return f"unknown {{{min(unknown)}}}" if unknown else ""


def _unreadable(pattern: str | tuple[str, str]) -> str:
    """Why Babel cannot use a date pattern; "" where it can."""
    from babel.dates import format_datetime  # noqa: PLC0415

    from monitor.notify.mail import template_engine as engine  # noqa: PLC0415

    try:
        format_datetime(datetime(2000, 1, 1), str(pattern), locale="de")  # noqa: DTZ001 - any date will do
    except engine.FAULTS as error:
        return engine.describe(error)
    return ""


def _facts(text: str | tuple[str, str]) -> set[str]:
    """The names in braces.

    Attribute access and formats ("{n.real}", "{n:>99}") count as names that we
    never give.
    """
    forms = (text,) if isinstance(text, str) else text
    fields = [field for form in forms for field in Formatter().parse(form)]
    return {
        f"{name}{':' + spec if spec else ''}{'!' + how if how else ''}"
        for _, name, spec, how in fields
        if name is not None
    }
