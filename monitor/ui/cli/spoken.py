"""Groups and commands whose help and whose complaints about what was typed are
in the user's language.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from monitor.config.spoken import spoken_language
from monitor.errors import MonitorError
from monitor.ui.cli.lazy import Signature, calling
from monitor.ui.encoding import in_letters_of
from monitor.ui.failing import BAD_USE


def _help(command: Any, context: Any) -> str:
    # Imported here: only a page of help needs it.
    from monitor.ui.cli.help_page import HelpPage, read_help_words  # noqa: PLC0415

    page = HelpPage(
        command, context, read_help_words(spoken_language())
    ).written()
    return in_letters_of(sys.stdout, page)


TAKES_WORDS = {"monitor search", "monitor topic explain"}
_WORD_LEFT_OUT = re.compile(r"-[^\W\d]")
"""Other search boxes leave out `-word`; here it looks like an option of one
letter.
"""


class SpokenCommand(TyperCommand):
    """One command."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write its page."""
        formatter.write(_help(self, ctx))


class SpokenGroup(TyperGroup):
    """Commands under one name; the name alone shows them."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the group's page."""
        formatter.write(_help(self, ctx))

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Show the page where nothing was typed, and end with code 2."""
        if not args and not ctx.resilient_parsing:
            typer.echo(ctx.get_help())
            raise typer.Exit(BAD_USE)
        return super().parse_args(ctx, args)


class Commands(typer.Typer):
    """Where commands are registered."""

    def __init__(self, about: str) -> None:
        super().__init__(
            help=about,
            cls=SpokenGroup,
            rich_markup_mode=None,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["--help", "-h"]},
        )

    def runs(
        self, target: str, *, name: str = ""
    ) -> Callable[[Signature], Signature]:
        """Register a signature as a command that calls `target`; without a
        name it is called like the signature.
        """

        def register(signature: Signature) -> Signature:
            typed = name or signature.__name__.removeprefix("_")
            return self.command(typed, cls=SpokenCommand)(
                calling(target, signature)
            )

        return register


def asked_for_help(given: Sequence[str]) -> list[str]:
    """`monitor help search` is `monitor search --help`."""
    return (
        [*given[1:], "--help"] if list(given[:1]) == ["help"] else list(given)
    )


def misuse(
    error: typer.TyperException, tree: Any, given: Sequence[str]
) -> MonitorError:
    """What is wrong with what was typed, and which page of help says what can
    be.
    """
    message = error.format_message().rstrip(".")
    option = getattr(error, "option_name", "")
    command = _path(tree, given)
    if _WORD_LEFT_OUT.fullmatch(option) and command in TAKES_WORDS:
        hint = "to leave a word out, write NOT before it"
    elif given and given[-1].endswith((".yaml", ".yml")):
        hint = (
            f"to use this file, write --feeds {given[-1]} before the command"
        )
    else:
        hint = f"`{command} --help` shows what can be typed"
    return MonitorError(message[:1].lower() + message[1:], hint=hint)


def _path(tree: Any, given: Sequence[str]) -> str:
    """The command that was meant, as far as its words are known."""
    names = ["monitor"]
    for word in given:
        commands = getattr(tree, "commands", {})
        if word in commands:
            tree = commands[word]
            names.append(word)
    return " ".join(names)
