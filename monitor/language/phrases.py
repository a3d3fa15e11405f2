"""What the program says in English, in German.

Stored reasons, refusals and doubts are English sentences with their facts
filled in. They are translated where a person reads them, so that a stored one
can be read in either language. As with gettext the English text is the key;
`data/phrases_de.toml` pairs the texts, with names in braces for facts. A fact
with a name in capitals is a phrase itself and is translated, too; one called
`decimal` is a number that is written with a comma.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

FILE = Path(__file__).parent / "data" / "phrases_de.toml"
MOST_NESTED = 4
"""So deep may a phrase stand in phrases; more is a text that only looks like
one.
"""
_DECIMAL = "decimal"
_WHOSE = re.compile(
    r'(topic|feed|recipient|press review) "([^\n]*?)": ((?:[a-z_]+: )*)'
)
_KINDS = {
    "topic": "Thema",
    "feed": "Quelle",
    "recipient": "Empfänger",
    "press review": "Pressespiegel",
}
_FACT = re.compile(r"\{(\w+)\}")
_UTC_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(?: UTC|\+00:00|Z)"
)


def translated(text: str, language: str) -> str:
    """The text in the language; as it is in English, and where nobody has
    translated it.
    """
    return _german(text, MOST_NESTED) if language == "de" and text else text


def translated_problem(text: str, language: str) -> str:
    """As `translated`, for a problem of feeds.yaml: it begins with whose
    problem it is and with its keys, `topic "Rat": where: ...`.
    """
    found = _WHOSE.match(text)
    if language != "de" or not found:
        return translated(text, language)
    kind, name, keys = found.groups()
    whose = f"{_KINDS[kind]} „{name}“: {keys}"
    return whose + translated(text[found.end() :], language)


def outcome_label(outcome: str, language: str) -> str:
    """The words for an outcome or a state; its name with spaces where nobody
    has described it.
    """
    labels = _book().labels
    if language == "de" and outcome in labels:
        return labels[outcome]
    return outcome.replace("_", " ")


def with_times(text: str, write: Callable[[datetime], str]) -> str:
    """The text with every UTC time in it as `write` says it: in the reader's
    own zone.
    """

    def written(found: re.Match[str]) -> str:
        return write(
            datetime.fromisoformat(f"{found[1]}T{found[2]}").replace(
                tzinfo=UTC
            )
        )

    return _UTC_TIME.sub(written, text)


def labels() -> Mapping[str, str]:
    """German words of every outcome that is described."""
    return _book().labels


@dataclass(frozen=True, slots=True)
class TranslatedPhrase:
    """One English text with facts in it, and the German one."""

    english: str
    german: str

    @property
    def head(self) -> str:
        """What stands before the first fact."""
        return self.english.split("{", 1)[0]

    def read(self, text: str, left: int) -> str | None:
        """`text` in German; None where it is another one."""
        found = _pattern(self.english).fullmatch(text)
        if found is None:
            return None
        facts = {
            name: _fact(name, value, left)
            for name, value in found.groupdict().items()
        }
        return _FACT.sub(lambda fact: facts[fact[1]], self.german)


@dataclass(frozen=True, slots=True)
class _Book:
    labels: Mapping[str, str]
    whole: Mapping[str, str]
    phrases: tuple[TranslatedPhrase, ...]


@functools.cache
def _book() -> _Book:
    """Read once; phrases are tried in the file's order."""
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    outcomes = read.pop("outcomes")
    whole = dict(outcomes)
    phrases: dict[str, TranslatedPhrase] = {}
    for part in read.values():
        for english, german in part.items():
            if "{" in english:
                phrases[english] = TranslatedPhrase(english, german)
            else:
                whole[english] = german
    return _Book(outcomes, whole, tuple(phrases.values()))


@functools.cache
def _pattern(english: str) -> re.Pattern[str]:
    """Facts match as little as they can; one that comes again must be the
    same.
    """
    seen: set[str] = set()
    pattern = ""
    done = 0
    for fact in _FACT.finditer(english):
        name = fact[1]
        pattern += re.escape(english[done : fact.start()])
        pattern += f"(?P={name})" if name in seen else f"(?P<{name}>.*?)"
        seen.add(name)
        done = fact.end()
    return re.compile(pattern + re.escape(english[done:]), re.DOTALL)


def _fact(name: str, value: str, left: int) -> str:
    if name == _DECIMAL:
        return value.replace(".", ",")
    return _german(value, left - 1) if name.isupper() else value


def _german(text: str, left: int) -> str:
    book = _book()
    if text in book.whole or left <= 0:
        return book.whole.get(text, text)
    for phrase in book.phrases:
        if text.startswith(phrase.head):
            said = phrase.read(text, left)
            if said is not None:
                return said
    return text
