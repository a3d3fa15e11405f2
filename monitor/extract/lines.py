"""Judges the lines of an extracted text: which are sentences of the article,
and which are labels left from the page.

The phrases, German and English, are data (data/lines.toml); no rule is for one
outlet. Knows only text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Container, Iterable, Sequence
from functools import lru_cache

from monitor.extract.phrase_files import any_phrase
from monitor.language.hygiene import decoded_again

MAX_BOX_TITLE = 120
LONGEST_KEPT, MOST_KEPT = 2000, 2000
"""Characters of a text, and texts, whose folded form is kept: several rules
ask for that of each line of a page.
"""
# a label or an appeal is short; longer paragraphs are judged by their place
# only
MAX_LABEL = 200


def _compiled(before: str, key: str, behind: str = "") -> re.Pattern[str]:
    return re.compile(
        f"{before}{any_phrase('lines', key)}{behind}", re.IGNORECASE
    )


BULLET = re.compile(r"\A\s*[-–•*▪■►»>]+\s+")
LABEL = _compiled(r"\A[\W_]*", "labels")
BOX = _compiled(r"\A[\W_]*", "boxes")
COMMENTS = _compiled("", "comments")
APPEAL = _compiled(r"\b", "appeals")
SAID = re.compile(any_phrase("lines", "said"))
BYLINE = re.compile(
    r"\A(?:[Vv]on|VON|By)\s*:?\s+(?:[A-ZÄÖÜ][\w.’'-]+[\s,/]*(?:und\s+|mit\s+)?){1,8}"
    r"(?:\d{1,2}\.\s?\d{1,2}\.\s?\d{2,4}.{0,20})?\Z"
)
SIGN = re.compile(
    r"\A[\W_]*(?:[a-zäöü]{2,4}|[A-Z]{2,5}|dpa\S*)(?:\s*[/,|]\s*(?:[a-zäöü]{2,4}|[A-Z]{2,6}|dpa\S*))*[\W_]*"
    r"(?:(?:Foto|Bild|Quelle|Symbolbild|Archiv)\w*\b[^.!?]{0,20}:.{0,100})?\Z"
)
CREDIT = _compiled(r"[\W_]*", "credits")
CREDITED = 3  # lines; further up, a source is that of a picture
MOMENT = re.compile(
    r"\A[\W_]*(?:\w{2,10},?\s+)?\d{1,2}\.\s?(?:\d{1,2}\.|\w{3,9})\s?\d{2,4}\b[\s,|–-]*(?:um\s+)?(?:\d{1,2}[:.]\d\d)?\s*(?:uhr)?"
    r"(?:\s*\|?\s*\d+:\d\d\s*min)?(?:\s*(?:lesedauer|lesezeit).{0,15})?[\W_]*\Z",
    re.IGNORECASE,
)
# ISO 8601 and RFC 5322, as some templates print them
MACHINE_MOMENT = re.compile(
    r"\A\W*(?:\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?"
    r"|[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d(?::\d\d)?)"
    r"\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)?\W*\Z"
)
STAMP = re.compile(
    r"\A(?:[\w-]{2,20},?\s+)?\d{1,2}\.\s?(?:\d{1,2}\.|\w{3,9})\s?\d{2,4}\b[\s,|–-]*(?:\d{1,2}[:.]\d\d)?(?:\s*Uhr)?[\s,|·–-]*"
)
# how a video's caption ends, however long
CLIP = re.compile(
    r"\d{4}\s*\|\s*\d+:\d\d\s*min\W*\Z",
    re.IGNORECASE,
)
CONTACT = _compiled(r"[\W_]*", "contacts", r"\b.{0,40}\Z")
CONTACT_LINES = 10
LOOSE_AFTER = 3  # lines of a text from which its last may be a loose heading
LOOSE_LENGTH = 60  # characters; a heading has fewer, a paragraph more
LOOSE_WORDS = 6
KICKER = 8  # words before or after the headline on the same line
MOSTLY = 0.8  # of a line's words: then it is a headline with other endings
ITEM = "- "
SENTENCE_END = (".", "!", "?", "…", "“", "”", "«", "»", '"', "'", ")", ":")


def tidy(text: str) -> list[str]:
    """Lines in NFC without soft hyphens, double spaces and empty lines; list
    items all begin with ITEM.
    """
    text = unicodedata.normalize("NFC", decoded_again(text))
    lines = []
    for line in text.replace("\xad", "").replace("\u200b", "").splitlines():
        clean = " ".join(BULLET.sub("", line).split())
        if any(c.isalnum() for c in clean):
            lines.append(ITEM + clean if BULLET.match(line) else clean)
    return lines


def letters_of(text: str) -> str:
    """Letters and digits only, lower case: what two prints of the same
    sentence share.
    """
    return _fold_kept(text) if len(text) <= LONGEST_KEPT else _fold(text)


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def triples(text: str) -> list[str]:
    """Each three words that follow one another."""
    words = letters_of(text).split()
    return [" ".join(words[i : i + 3]) for i in range(len(words) - 2)]


def share_of(words: Collection[str], known: Container[str]) -> float:
    """How many of some words are known, from 0 to 1; 1 where there are none."""
    if not words:
        return 1.0
    return sum(word in known for word in words) / len(words)


_fold_kept = lru_cache(maxsize=MOST_KEPT)(_fold)


def opens_box(line: str) -> bool:
    """True for the title of a box that leads away: more to read, a newsletter,
    an offer to subscribe.
    """
    # an interviewer asks
    if len(line) > MAX_BOX_TITLE or (line.endswith("?") and ":" not in line):
        return False
    return bool(BOX.match(line) or APPEAL.search(line)) and not SAID.search(
        line
    )


def makes_offer(text: str) -> bool:
    """True for an appeal to subscribe, follow, register or agree, however
    long.
    """
    return bool(APPEAL.search(text)) and not SAID.search(text)


def opens_comments(line: str) -> bool:
    """True for the title above what readers wrote: "12 Kommentare",
    "Leserkommentare (3)".
    """
    return len(line) <= MAX_BOX_TITLE and bool(COMMENTS.match(line))


def is_moment(line: str) -> bool:
    """Whether the line is a date or time and nothing else."""
    return (
        MOMENT.match(line) is not None
        or MACHINE_MOMENT.match(line) is not None
    )


def is_label(line: str) -> bool:
    """True for what no author wrote: bylines, credits, times, appeals,
    invitations to read something else.
    """
    line = line.removeprefix(ITEM)
    if CLIP.search(line):
        return True
    return len(line) <= MAX_LABEL and _is_short_label(line)


@lru_cache(maxsize=MOST_KEPT)
def _is_short_label(line: str) -> bool:
    if SAID.search(line):
        return False
    if BYLINE.match(_without_stamp(line)):
        return True
    return bool(
        line.startswith("©")
        or LABEL.match(line)
        or APPEAL.search(line)
        or is_moment(line)
    )


def _without_stamp(line: str) -> str:
    stamp = STAMP.match(line)
    return line[stamp.end() :] if stamp else line


def without_labels(
    lines: Sequence[str], *, titles: Iterable[str], authors: Iterable[str]
) -> list[str]:
    """The article's own lines: no label, no headline repeated on top, no
    portrait of the author at the end.
    """
    heads = [title for title in titles if title]
    names = [name for name in authors if " " in name]
    kept = [line for line in lines if not is_label(line)]
    while kept and is_headline(kept[0], heads) and not _is_all(kept, heads):
        kept.pop(0)
    while kept and (_is_portrait(kept[-1], names) or SIGN.match(kept[-1])):
        kept.pop()
    kept = _without_contact(kept)
    return kept[:-1] if _is_loose_heading(kept) else kept


def _is_all(kept: Sequence[str], heads: Sequence[str]) -> bool:
    """A gallery's or a clip's only line is a sentence with the headline in it."""
    is_sentence = kept[0].endswith((".", "!", "?", "“"))
    return (
        len(kept) == 1
        and is_sentence
        and letters_of(kept[0]) not in map(letters_of, heads)
    )


def signatures(lines: Sequence[str]) -> list[str]:
    """Initials and agencies with which a text is signed: "(ssi, dan)",
    "lo/dpa", "(aha)" behind the last sentence.
    """
    if not lines:
        return []
    last = lines[-1]
    signed = ""
    if bracketed := re.search(r"[.!?“\"]\s*\(([\w/,. -]{2,24})\)\Z", last):
        signed = bracketed[1]
    elif SIGN.match(last):
        signed = re.split(r"\b(?:Foto|Bild)|;", last)[0]
    return re.findall(r"\b(?:[a-zäöü]{2,4}|[A-Z]{2,4})\b", signed)


def credits(lines: Sequence[str]) -> tuple[str, ...]:
    """The last lines that say where a text comes from, as labels do: "©
    dpa-infocom, dpa:261005-930-1", "lo/dpa".
    """
    return tuple(
        line
        for line in lines[-CREDITED:]
        if len(line) <= MAX_LABEL and (CREDIT.match(line) or SIGN.match(line))
    )


def is_headline(line: str, titles: Iterable[str]) -> bool:
    """True for one of the page's headlines, perhaps with its kicker."""
    folded = letters_of(line)
    words = folded.split()
    for head in map(letters_of, titles):
        if head == folded or _mostly(words, head):
            return True
        length = len(head.split())
        if (
            length >= 3
            and len(words) <= length + KICKER
            and f" {head} " in f" {folded} "
        ):
            return True
    return False


def _mostly(words: Sequence[str], head: str) -> bool:
    known = set(head.split())
    return (
        len(words) >= 3
        and len(known) >= 3
        and share_of(words, known) >= MOSTLY
    )


def _is_portrait(line: str, names: Sequence[str]) -> bool:
    return any(
        re.match(
            rf"{re.escape(name)}\W+(?:ist|arbeitet|schreibt|berichtet|leitet|war)\b",
            line,
        )
        for name in names
    )


def _without_contact(lines: list[str]) -> list[str]:
    """The lines without the block of short ones that tells journalists whom to
    ask.
    """
    for place in range(max(1, len(lines) - CONTACT_LINES), len(lines)):
        block = lines[place:]
        if CONTACT.match(block[0]) and all(
            len(line) < LOOSE_LENGTH for line in block
        ):
            return lines[:place]
    return lines


def _is_loose_heading(lines: Sequence[str]) -> bool:
    """True for a heading behind a text's last paragraph, with nothing after
    it: that of a box which is gone.

    Where the line before is no paragraph (a list, a table, a poem), a short
    last line is part of the text.
    """
    if len(lines) < LOOSE_AFTER or not _is_paragraph(lines[-2]):
        return False
    last = lines[-1]
    short = len(last) < LOOSE_LENGTH and len(last.split()) < LOOSE_WORDS
    is_title = ":" not in last and not last.endswith(SENTENCE_END)
    return short and is_title and not last.startswith(ITEM)


def _is_paragraph(line: str) -> bool:
    return (
        not line.startswith(ITEM)
        and len(line) >= LOOSE_LENGTH
        and line.endswith(SENTENCE_END)
    )
