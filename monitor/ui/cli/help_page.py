"""The page that `--help` prints, in the user's language.

Typer knows English only. The English text is the key to the German one, as
with gettext; the German ones are read when a page is printed, so that no other
command waits for them.
"""

from __future__ import annotations

import shutil
import textwrap
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "words"
WIDEST = 100
"""Longer lines are hard to read, however wide the window."""
NAMES_WIDTH = 26
"""Columns of the names; a longer name has a line of its own."""
_wrapped = partial(
    textwrap.wrap, break_long_words=False, break_on_hyphens=False
)


@dataclass(frozen=True, slots=True)
class HelpWords:
    """Titles, names of values, and what the English texts are in the language."""

    page: Mapping[str, str]
    values: Mapping[str, str]
    texts: Mapping[str, str]

    def text(self, english: str | None) -> str:
        """One paragraph in the language; English where nobody has translated
        it.
        """
        joined = " ".join((english or "").split())
        return self.texts.get(joined, joined)

    def value(self, name: str) -> str:
        """What a value is called: that of an argument, or of a type."""
        return self.values.get(name, name.strip("<>").upper())


def read_help_words(language: str) -> HelpWords:
    """The words of a language."""
    path = FOLDER / f"help_{language}.toml"
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    return HelpWords(read["page"], read["values"], read.get("texts", {}))


@dataclass(frozen=True, slots=True)
class HelpPage:
    """A command, as it was asked for, in words."""

    command: Any
    context: Any
    words: HelpWords

    def written(self, columns: int = 0) -> str:
        """The page, so wide; as wide as the window where nothing is said."""
        width = min(
            WIDEST, (columns or shutil.get_terminal_size().columns) - 1
        )
        lines = [*_wrapped(self.usage(), width, subsequent_indent="    "), ""]
        for paragraph in _paragraphs(self.command.help):
            lines += [*_wrapped(self.words.text(paragraph), width), ""]
        for title, rows in self._sections():
            lines += [f"{self.words.page[title]}:", *_listed(rows, width), ""]
        return "\n".join(lines).rstrip()

    def usage(self) -> str:
        """How it is called: `monitor show [OPTIONS] ARTICLE`."""
        page = self.words.page
        pieces = [self.context.command_path, self.words.page["some"]]
        pieces += [self._argument(one) for one in self._parameters("argument")]
        pieces += [page["command"]] if self._commands() else []
        return f"{page['usage']}: {' '.join(pieces)}"

    def _sections(self) -> Iterator[tuple[str, Sequence[tuple[str, str]]]]:
        arguments = [
            (self._argument(one), self._about(one))
            for one in self._of("argument")
        ]
        options = [
            (self._option(one), self._about(one)) for one in self._of("option")
        ]
        commands = [
            (name, self.words.text(_paragraphs(one.help)[0]))
            for name, one in self._commands().items()
        ]
        named = (
            ("arguments", arguments),
            ("options", options),
            ("commands", commands),
        )
        yield from ((title, rows) for title, rows in named if rows)

    def _of(self, kind: str) -> list[Any]:
        return [one for one in self._parameters(kind) if not one.hidden]

    def _parameters(self, kind: str) -> list[Any]:
        everything = self.command.get_params(self.context)
        return [one for one in everything if one.param_type_name == kind]

    def _commands(self) -> Mapping[str, Any]:
        commands: Mapping[str, Any] = getattr(self.command, "commands", {})
        return commands

    def _argument(self, argument: Any) -> str:
        name = self.words.value(argument.name)
        name = name if argument.nargs == 1 else f"{name}..."
        return name if argument.required else f"[{name}]"

    def _option(self, option: Any) -> str:
        # typer gives --help and -h in any order.
        written = sorted(option.opts, key=len, reverse=True)
        names = "/".join([", ".join(written), *option.secondary_opts])
        return names if option.is_flag else f"{names} {self._kind(option)}"

    def _kind(self, option: Any) -> str:
        kind = (
            str(option.display_type(self.context))
            .removeprefix("<")
            .removesuffix(">")
        )
        kind = (
            kind.removeprefix("list[").removesuffix("]").removesuffix(" range")
        )
        return kind if "|" in kind else self.words.value(f"<{kind}>")

    def _about(self, parameter: Any) -> str:
        default = parameter.default
        about = self.words.text(parameter.help)
        if (
            default in (None, "")
            or isinstance(default, bool)
            or callable(default)
        ):
            return about
        return f"{about} {self.words.page['default'].format(value=default)}"


def _paragraphs(text: str | None) -> list[str]:
    return (text or "").strip().split("\n\n")


def _listed(rows: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    """Names in one column, what they are in another."""
    column = min(NAMES_WIDTH, max(len(name) for name, _ in rows) + 4)
    for name, about in rows:
        name_line = f"  {name}"
        indent = " " * column
        fits = len(name_line) + 2 <= column
        first = name_line.ljust(column) if fits else indent
        if not fits:
            yield name_line
        yield from _wrapped(
            about, width, initial_indent=first, subsequent_indent=indent
        ) or [first]
