"""Jinja2 as mails use it: its environments, and what its errors say.

Knows files; knows nothing of words and pages.
"""

from __future__ import annotations

import functools
import traceback
from pathlib import Path

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

from monitor.notify.mail.shipped_files import SHIPPED

# What running a template that someone else wrote can raise: Jinja's own
# errors, and those of Python expressions in it.
FAULTS = (
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


@functools.cache
def _shipped_loader() -> DictLoader:
    files = (
        file
        for file in SHIPPED.iterdir()
        if file.name.endswith((".html", ".txt"))
    )
    return DictLoader({file.name: file.read_text("utf-8") for file in files})


@functools.cache
def shipped() -> Environment:
    """The package's templates, read once per process."""
    environment = Environment(autoescape=_is_html)  # noqa: S701 - text parts must not be
    return _prepared(environment, _shipped_loader())


def before_shipped(own: Path) -> Environment:
    """A user's own templates, which go before the package's, in a sandbox."""
    loader = ChoiceLoader([FileSystemLoader(own), _shipped_loader()])
    return _prepared(
        ImmutableSandboxedEnvironment(autoescape=_is_html), loader
    )


def _prepared(environment: Environment, loader: BaseLoader) -> Environment:
    environment.loader = loader
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.keep_trailing_newline = True
    return environment


def _is_html(name: str | None) -> bool:
    return name is None or not name.endswith(".txt")


def place_of_fault(
    name: str, error: Exception, *, folder: str
) -> tuple[str, int]:
    """The file and the line of the user that an error stands in, as far as it
    says; else `name`, and 0.

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
        return name, 0
    file, line = own[-1]
    return str(Path(file).relative_to(folder)), line


def describe(error: BaseException) -> str:
    """An error in one line."""
    if isinstance(error, TemplateNotFound) and not isinstance(
        error, TemplatesNotFound
    ):
        return f"there is no template {error.name}"
    return f"{type(error).__name__}: {error}"[:500]
