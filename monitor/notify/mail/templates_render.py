"""Jinja2 templates and words of mails: ours from the package, and a user's own
that go before them.

A user's folder may hold any of our template names (`digest.html`, or only
`base.html`), one of them for one language (`de/digest.html`), and `de.toml` or
`en.toml` with single changed words. They run in Jinja's sandbox. Whatever is
wrong with them is kept in `problems` and our own template is used: an alert is
never lost because of a template.
"""

from __future__ import annotations

import functools
import tomllib
import traceback
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel.dates import format_datetime
from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    DictLoader,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplatesNotFound,
    TemplateSyntaxError,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from monitor.errors import DeliveryError
from monitor.language.wording import (
    DATE_PATTERNS,
    LANGUAGES,
    ReaderWording,
    Words,
    written_language,
)
from monitor.notify.mail.mail_page import MailPage

# What running a template that someone else wrote can raise: Jinja's own
# errors, and those of Python expressions in it.
_TEMPLATE_FAULTS = (
    TemplateError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)


MOST_PROBLEMS = 100
FIX = (
    "compare it with the shipped file of that name (monitor/notify/templates); until it is mended,"
    " that one is used"
)
SHIPPED = resources.files("monitor.notify") / "templates"


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
        self._environment = _shipped()
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
        return tuple(self._environment.list_templates())

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
        loader = ChoiceLoader([FileSystemLoader(folder), _shipped_loader()])
        self._user = _prepared(
            ImmutableSandboxedEnvironment(autoescape=_is_html), loader
        )
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
        if self._user is not None:
            try:
                return self._user.select_template(
                    [f"{language}/{name}", name]
                ).render(page=page)
            except _TEMPLATE_FAULTS as error:
                self._report(_located(name, error, folder=str(self.folder)))
        return self._environment.get_template(name).render(page=page)

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
            self._report(TemplateProblem(path.name, 0, _describe(error)))
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
def _shipped_loader() -> DictLoader:
    files = (
        file
        for file in SHIPPED.iterdir()
        if file.name.endswith((".html", ".txt"))
    )
    return DictLoader({file.name: file.read_text("utf-8") for file in files})


@functools.cache
def _shipped() -> Environment:
    environment = Environment(autoescape=_is_html)  # noqa: S701 - text parts must not be
    return _prepared(environment, _shipped_loader())


@functools.cache
def _shipped_words(language: str) -> Words:
    return _read_words((SHIPPED / f"{language}.toml").read_text("utf-8"))


def _prepared(environment: Environment, loader: BaseLoader) -> Environment:
    environment.loader = loader
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.keep_trailing_newline = True
    return environment


def _is_html(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")


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
    try:
        format_datetime(datetime(2000, 1, 1), str(pattern), locale="de")  # noqa: DTZ001 - any date will do
    except _TEMPLATE_FAULTS as error:
        return _describe(error)
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


def _located(name: str, error: Exception, *, folder: str) -> TemplateProblem:
    """The problem with the file and line of the user that it stands in, as far
    as the error says.

    Jinja gives the frames of a template the template's own file and lines.
    """
    frames = [
        (f.filename, f.lineno or 0)
        for f in traceback.extract_tb(error.__traceback__)
    ]
    if isinstance(error, TemplateSyntaxError) and error.filename:
        frames.append((error.filename, error.lineno))
    own = [frame for frame in frames if Path(frame[0]).is_relative_to(folder)]
    if not own:
        return TemplateProblem(name, 0, _describe(error))
    file, line = own[-1]
    return TemplateProblem(
        str(Path(file).relative_to(folder)), line, _describe(error)
    )


def _describe(error: BaseException) -> str:
    if isinstance(error, TemplateNotFound) and not isinstance(
        error, TemplatesNotFound
    ):
        return f"there is no template {error.name}"
    return f"{type(error).__name__}: {error}"[:500]
