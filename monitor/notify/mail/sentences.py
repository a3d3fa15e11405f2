"""Where a sentence begins and ends in German and English prose. Pure.

It needs no grammar: it must only not cut at "Dr.", "z. B.", "23. November" or
"Nr. 5". Where it cannot know, it does not cut, because a snippet with two
sentences reads better than one that ends in the middle.
"""

from __future__ import annotations

import re

_ABBREVIATIONS = frozenset(
    """
    abb abs allg altd anm art aufl bd bes betr bspw bzgl bzw ca chr co corp dipl dr ebd ehem einschl
    eigtl engl entspr erg etc etwa ev evtl exkl f ff fa fr frl franz geb gegr gem gen gest ggf ggfs
    hl hr hrsg inc inkl ing insb ital jahrh jh jr jun kap kath lat lt ltd max med min mind mio mr
    mrd mrs ms nachf nr num obb od op pf phil pl prof prot rd rel resp röm s sen sog sogen sr st std
    stellv str süddt tel tgl ua urspr usf usw vgl vgl verf verh vers vs vol z zit zt zzgl jan feb
    mär apr jun jul aug sep sept okt nov dez gov gen sen rep lt col capt sgt mt ft nos p pp al cf
    eds ed est approx dept fig
    """.split()  # noqa: SIM905 - a list literal of it would fill a page
)

_END = re.compile(
    r"""
    (?<![.!?…])(?P<mark>[.!?…]++)                     # the end mark itself
    (?P<close>["'”“»«’‘)\]]*+)             # quotes and brackets that close behind it
    (?=\s++["'„“»«‚‘(\[–-]*\s?[^\W_])      # the next sentence begins with a letter or figure
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\W_]+$")
# "23. November", "100. Geburtstag"; four figures are a year, which may end
# a sentence
_MAX_ORDINAL_DIGITS = 3


def sentence_bounds(text: str) -> tuple[tuple[int, int], ...]:
    """The sentences of `text` as [start, end), without the white space around
    them.

    A line break always ends one.
    """
    bounds: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n\r\u2028\u2029]+", text):
        start = line.start()
        for end in _END.finditer(text, line.start(), line.end()):
            if _ends_sentence(text, end):
                bounds.append((start, end.end()))
                start = end.end()
        bounds.append((start, line.end()))
    return tuple(
        trimmed
        for bound in bounds
        if (trimmed := _trim(text, *bound)) is not None
    )


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    """Whether this end mark is one: the next word is no small letter, and the
    one before no abbreviation or ordinal.
    """
    following = (
        text[end.end() : end.end() + 12].lstrip().lstrip("\"'„“»«‚‘([–- ")
    )
    if following[:1].islower():
        return False
    if end["mark"] != ".":
        return True
    before = _LAST_WORD.search(text, max(0, end.start() - 24), end.start())
    if before is None:
        return True
    word = before[0]
    if word.isdecimal():
        return len(word) > _MAX_ORDINAL_DIGITS
    # A single letter is an initial ("J. Muster") or part of "z. B."; "Plan B.
    # Danach" stays in one piece.
    folded = word.casefold()
    # "Musterstr. 5"
    return (
        len(word) > 1
        and folded not in _ABBREVIATIONS
        and not folded.endswith("str")
    )


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
