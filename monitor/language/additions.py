"""What one text says beyond others: the words of a feed that its page does not
have. Pure.

Most pages hold what their feed says, so most articles carry little or nothing
more. Compared are runs of words as they are written, case and hyphens
included: `cs(BILD)` and `Ukrainekrieg` must not lose their only place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WRITTEN = re.compile(r"\w(?:\S*\w)?")
# Behind three small letters, so that "Nr. 5", "Dr. Muster" and "am 3. Mai"
# stay whole.
_BETWEEN_SENTENCES = re.compile(
    r"(?<=[a-zäöüß]{3}[.!?])[\"“”«»’]?\s+(?=[\"„“»«A-ZÄÖÜ])"
)
_CUT_SHORT = re.compile(r"(?:…|\.\.\.)[\])]*\s*\Z")


def further_titles(titles: Iterable[str], *, own: str) -> str:
    """The titles that say more than `own` and the ones before them, one a
    line.
    """
    said = [_run(own)]
    further: list[str] = []
    for title in titles:
        run = _run(title)
        if run.strip() and not any(run in known for known in said):
            said.append(run)
            further.append(" ".join(title.split()))
    return "\n".join(further)


def further_text(texts: Iterable[str], *, own: Iterable[str]) -> str:
    """The sentences of `texts` that stand neither in `own` nor in a text
    before, neighbours together on one line.
    """
    said = "".join(map(_run, own))
    further: list[str] = []
    for text in texts:
        for paragraph in text.splitlines():
            for kept in _further_sentences(paragraph, said):
                further.append(kept)
                said += _run(kept)
    return "\n".join(further)


def _further_sentences(paragraph: str, said: str) -> list[str]:
    """Runs of sentences that were not said, each run as written."""
    if _is_said(paragraph, said):
        return []
    runs: list[str] = []
    start = done = 0
    for end in (
        *(gap.end() for gap in _BETWEEN_SENTENCES.finditer(paragraph)),
        len(paragraph),
    ):
        if _is_said(paragraph[done:end], said):
            runs.append(paragraph[start:done])
            start = end
        done = end
    runs.append(paragraph[start:])
    return [run.strip() for run in runs if run.strip()]


def _is_said(sentence: str, said: str) -> bool:
    """Whether its words stand there in a row. The last word of a teaser may be
    cut.
    """
    run = _run(sentence)
    return (run[:-1] if _CUT_SHORT.search(sentence) else run) in said


def _run(text: str) -> str:
    """The words of a text, each between two spaces; one space where there are
    none.
    """
    words = _WRITTEN.findall(text)
    return f" {' '.join(words)} " if words else " "
