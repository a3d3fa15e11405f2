"""Explains what keeps a text from being YAML, at the line of the mistake.

A parser complains where it cannot go on, which may be many lines below the
mistake. So the mistakes that people make are looked for first: a quote or a
bracket that is not closed, and a line above the complaint with no ": " or no
blank after its "-". The parser's own complaint, reworded by
`data/yaml_errors.toml`, is what remains.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml.error import MarkedYAMLError

from monitor.config.source import Source
from monitor.types.catalog import CatalogProblem

DATA = Path(__file__).parent / "data"

_KEY_LINE = r"[ \t]*(?:- +)*[\w-]+:(?=\s)"
_QUOTED = re.compile(
    r"(?m)(?:^|(?<=\s))\#.*"  # a comment opens no quote
    # only at the beginning of a value does a quote open one
    r"|(?:^\s*|[:,-]\s+|[\[{]\s*)"
    r"""(?P<quoted>"(?:[^"\\]|\\[\s\S])*(?:"|\Z)|'(?:[^']|'')*(?:'|\Z))"""
)
_SWALLOWED_KEY = re.compile(rf"\n{_KEY_LINE}")
_SWALLOWED_LINE = re.compile(rf"\n(?:{_KEY_LINE}|[ \t]*- )")
_KEY = re.compile(r"(?<![^\s{,-])(?P<key>[\w<-]+):(?=\s)")
_COMMENT_IN_BRACKETS = re.compile(
    r"(?<=[\s\[{,])(?P<text>#[^\n,\]}]*)[^\n]*[\]}]"
)
_WITH_CONTENT = re.compile(r"(?m)^[^\S\n]*[^\s#].*")
_TO_COMMENT = re.compile(r"(?:.(?! #))*.")
_TO_END_IN_BRACKETS = re.compile(r"(?:[^,\]}\n](?! #))*[^,\]}\n]")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake that was found: where its text begins, and what to say."""

    offset: int
    message: str
    hint: str
    code: str


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(
        (DATA / "yaml_errors.toml").read_text(encoding="utf-8")
    )


def explained(source: Source, error: MarkedYAMLError) -> CatalogProblem:
    """The mistake behind the parser's complaint, in words for somebody who
    does not know YAML.
    """
    mark = error.problem_mark or error.context_mark
    offset = min(mark.index, len(source.text)) if mark is not None else 0
    mistake = (
        _unclosed_quote(source.text, offset)
        or _unclosed_bracket(source.text, error, offset)
        or _line_without_key(source.text, error, offset)
        or _star(source.text, error, offset)
        or _reworded(error, offset)
    )
    place = source.place(mistake.offset)
    return source.problem(
        place, mistake.message, hint=mistake.hint, code=mistake.code
    )


def runaway_quotes(source: Source) -> Iterator[CatalogProblem]:
    """Warnings of quotes that close, but only after the keys of further lines."""
    for quoted in _QUOTED.finditer(source.text):
        if not _SWALLOWED_KEY.search(quoted["quoted"] or ""):
            continue
        last = source.position(quoted.end())[0]
        place = source.place(quoted.start("quoted"))
        message = f"this quote goes on over further keys, to line {last}"
        hint = _closing(quoted)
        yield source.problem(
            place, message, hint=hint, code="unclosed", fatal=False
        )


def _unclosed_quote(text: str, before: int) -> Mistake | None:
    """The first quote above the complaint that took in further keys or entries
    of a list.
    """
    for quoted in _QUOTED.finditer(text):
        start = quoted.start("quoted")
        if start > before:
            return None
        if start >= 0 and _SWALLOWED_LINE.search(quoted["quoted"]):
            return Mistake(
                start,
                "this quote is never closed",
                _closing(quoted),
                "unclosed",
            )
    return None


def _closing(quoted: re.Match[str]) -> str:
    """The text closed where it was most likely meant to end: at a comma or
    bracket, or its line.
    """
    first_line = quoted["quoted"].splitlines()[0]
    in_brackets = quoted[0].lstrip()[0] in "[{,"
    shown = re.split(r"[,\]}]", first_line)[0] if in_brackets else first_line
    shown = shown.rstrip()
    return f"add the closing quote in the same line: {shown}{shown[0]}"


def _unclosed_bracket(
    text: str, error: MarkedYAMLError, offset: int
) -> Mistake | None:
    """A bracket that was still open when a line came that belongs to the block
    around it.
    """
    opening = error.context_mark
    if opening is None or "flow" not in str(error.context):
        return None
    line = text[: opening.index].rpartition("\n")[2]
    before = re.match(r"[ \t]*(?:- +)*(?=\S)", line)
    around = before.end() if before else 0
    following = re.compile(rf"\n {{0,{around}}}(?:[\w-]+:(?=\s)|- )")
    found = following.search(text, opening.index)
    if found is None or found.start() > offset:
        return None
    comment = _COMMENT_IN_BRACKETS.search(text, opening.index, found.start())
    if comment is not None:
        message = "a # after a blank or a bracket begins a comment, to the end of the line"
        hint = f'put the text in quotes: "{comment["text"].rstrip()}"'
        return Mistake(comment.start(), message, hint, "comment")
    message = "this bracket is never closed"
    return Mistake(
        opening.index, message, "add the closing bracket", "unclosed"
    )


def _line_without_key(
    text: str, error: MarkedYAMLError, offset: int
) -> Mistake | None:
    """The line whose ":" or blank is missing: the one of the complaint, or one
    above it.
    """
    problem = str(error.problem)
    if (
        "could not find expected ':'" in problem
        and error.context_mark is not None
    ):
        return _missing_in_line(text, error.context_mark.index)
    start = text.rfind("\n", 0, offset) + 1
    first = re.fullmatch(r"(\s*)(?:- +)*[\w-]+", text[start:offset])
    if "mapping values are not allowed" not in problem or first is None:
        return None  # in the second case the ":" is not the first of its line
    above = text.rfind("\n", 0, len(text[:start].rstrip("\n"))) + 1
    return (
        _missing_above(text, start)
        or _by_rule("line_above", text[above:], above)
        or Mistake(start + first.end(1), **_data()["too_deep"])
    )


def _missing_above(text: str, start: int) -> Mistake | None:
    """What is missing in the lines above, from the nearest with content
    upwards.
    """
    mistake = None
    for line in reversed([*_WITH_CONTENT.finditer(text, 0, start)]):
        found = _missing_in_line(text, line.start())
        mistake = found or mistake
        if found is None or found.code == "dash":
            break
    return mistake


def _missing_in_line(text: str, offset: int) -> Mistake | None:
    start = text.rfind("\n", 0, offset) + 1
    line, _, _ = text[start:].partition("\n")
    written, _, _ = line.partition(" #")
    return _by_rule("line", written.rstrip(), start)


def _by_rule(table: str, text: str, start: int) -> Mistake | None:
    """What the first rule says that fits the text, which begins at `start`."""
    for rule in _data()[table]:
        found = re.fullmatch(rule["pattern"], text)
        if found is not None:
            return _said(rule, found, start + found.start("at"))
    return None


def _said(
    rule: Mapping[str, str], found: re.Match[str], offset: int
) -> Mistake:
    written = found.groupdict("")
    hint = rule.get("hint", _data()["quote_hint"]).format(**written)
    message = rule["message"].format(**written)
    return Mistake(offset, message, hint.rstrip(), rule["code"])


def _star(text: str, error: MarkedYAMLError, offset: int) -> Mistake | None:
    """A text that begins with a star, which YAML takes for an alias: quoted
    where people write words, as a name where they name something.
    """
    found = re.search("undefined alias '(.*)'", str(error.problem))
    if found is None:
        return None
    name = found[1]
    message = f"*{name} is read as a YAML alias"
    keys = list(_KEY.finditer(text[:offset]))
    if not keys or keys[-1]["key"] not in _data()["words_stand_under"]:
        hint = (
            f"write {name.strip('*')}; an alias needs its &{name} further up"
        )
        return Mistake(offset, message, hint, "alias")
    whole = _value_at(text, offset, keys[-1].end())
    mark = "'" if '"' in whole else '"'
    return Mistake(
        offset, message, f"put it in quotes: {mark}{whole}{mark}", "alias"
    )


def _value_at(text: str, offset: int, key_end: int) -> str:
    """The text that begins here, to the end of its line or of its entry in
    brackets.
    """
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    in_brackets = (
        re.search(r"[\[{][^\]}]*\Z", line) or "[" in text[key_end:offset]
    )
    whole = _TO_END_IN_BRACKETS if in_brackets else _TO_COMMENT
    return next(whole.finditer(text, offset))[0].strip()


def _reworded(error: MarkedYAMLError, offset: int) -> Mistake:
    """The last rule fits any complaint."""
    complaint = str(error.problem or error.context or "cannot be read").strip()
    tried = (
        (rule, re.search(rule["pattern"], complaint))
        for rule in _data()["rule"]
    )
    rule, found = next((rule, found) for rule, found in tried if found)
    if "at" in rule and error.context_mark is not None:
        offset = error.context_mark.index
    return _said(rule, found, offset)
