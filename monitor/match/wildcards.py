"""Which words with wildcards a word of an article fits. Knows all that is
asked for; knows no topics and no articles.

What fits is then a term of the article like its own words: `krieg*` stands in
it or not. So the cost of an article grows with its words and what they fit,
not with what is asked for.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.query.tree import ANY_LETTER, Form

# letters in a row by which words with an open beginning and end are filed
GRAM = 4
# terms; the words of a year's news are about a million, most of them once
_REMEMBERED = 200_000
_LONGEST_REMEMBERED = 40  # characters
# A letter as people write it: ä is one letter although it is compared as ae.
_LETTER = r"(?:\w|ae|oe|ue|ss)"

_Entry = tuple[str, re.Pattern[str] | None]
"""The name of a form, and what a word must match besides what it is filed
under.
"""


def name_of(form: Form) -> str:
    """The form as a term: the word itself, or with its wildcards, which no
    folded word holds.
    """
    return f"{'*' * form.open_start}{form.text}{'*' * form.open_end}"


def pattern_of(text: str, open_start: bool, open_end: bool) -> re.Pattern[str]:
    """The regular expression of a form; `re` keeps the compiled ones."""
    body = re.escape(text).replace(re.escape(ANY_LETTER), _LETTER)
    return re.compile(
        f"{'.*' if open_start else ''}{body}{'.*' if open_end else ''}",
        re.DOTALL,
    )


class Wildcards:
    """All forms with wildcards that are asked for."""

    def __init__(
        self, forms: Iterable[Form], *, remembered: int = _REMEMBERED
    ) -> None:
        named = {name_of(form): form for form in forms if not form.exact}
        self._known = _Known(_Files(named), remembered) if named else None

    def fitting(self, terms: Iterable[str]) -> set[str]:
        """The names of all forms that one of the terms fits."""
        if self._known is None:
            return set()
        return set().union(
            *map(self._known.__getitem__, self._known.without_unfitting(terms))
        )

    def fitted_by(self, terms: Iterable[str]) -> dict[str, list[str]]:
        """The same with the terms that fit each."""
        found: dict[str, list[str]] = defaultdict(list)
        if self._known is not None:
            for term in self._known.without_unfitting(terms):
                for name in self._known[term]:
                    found[name].append(term)
        return found


class _Known(dict[str, tuple[str, ...]]):
    """What was looked up before. Most words fit nothing; these stand in a set
    of their own, so that an article is rid of all of them at once.

    Full, it is emptied: the usual words are back after the next articles.
    """

    def __init__(self, files: _Files, most: int) -> None:
        super().__init__()
        self._files, self._most = files, most
        self._unfitting: set[str] = set()

    def without_unfitting(self, terms: Iterable[str]) -> frozenset[str]:
        """The terms that fit something, and those not looked up before."""
        return frozenset(terms) - self._unfitting

    def __missing__(self, term: str) -> tuple[str, ...]:
        names = self._files.fitting(term)
        if len(term) <= _LONGEST_REMEMBERED:
            if len(self) + len(self._unfitting) >= self._most:
                self.clear()
                self._unfitting.clear()
            if names:
                self[term] = names
            else:
                self._unfitting.add(term)
        return names


class _Files:
    """The forms by their beginnings, endings or inner letters."""

    def __init__(self, named: Mapping[str, Form]) -> None:
        self._starts: dict[str, list[_Entry]] = defaultdict(list)
        self._ends: dict[str, list[_Entry]] = defaultdict(list)  # backwards
        self._inner: dict[str, list[_Entry]] = defaultdict(list)
        self._others: list[_Entry] = []
        for name, form in named.items():
            self._file_for(form).append((name, _pattern_besides_file(form)))
        self._start_sizes = sorted(set(map(len, self._starts)))
        self._end_sizes = sorted(set(map(len, self._ends)))

    def fitting(self, term: str) -> tuple[str, ...]:
        """The names of the forms that one term fits."""
        found = list(self._others)
        size = len(term)
        for length in self._start_sizes:
            if length > size:
                break
            found += self._starts.get(term[:length], ())
        backwards = term[::-1]
        for length in self._end_sizes:
            if length > size:
                break
            found += self._ends.get(backwards[:length], ())
        if self._inner:
            for gram in {
                term[at : at + GRAM] for at in range(size - GRAM + 1)
            }:
                found += self._inner.get(gram, ())
        return tuple(
            name
            for name, pattern in found
            if pattern is None or pattern.fullmatch(term)
        )

    def _file_for(self, form: Form) -> list[_Entry]:
        start, inner, end = known_letters(form)
        if start and len(start) >= len(end):
            return self._starts[start]
        if end:
            return self._ends[end[::-1]]
        if len(inner) >= GRAM:
            return self._inner[inner[:GRAM]]
        return self._others


def _pattern_besides_file(form: Form) -> re.Pattern[str] | None:
    """What a word must match that begins or ends as the form does; None where
    that is all.
    """
    if ANY_LETTER in form.text or (form.open_start and form.open_end):
        return pattern_of(form.text, form.open_start, form.open_end)
    return None


def known_letters(form: Form) -> tuple[str, str, str]:
    """The letters that a form certainly begins with, the longest ones in a
    row, and those that it ends with.
    """
    runs = form.text.split(ANY_LETTER)
    start = "" if form.open_start else runs[0]
    end = "" if form.open_end else runs[-1]
    return start, max(runs, key=len), end
