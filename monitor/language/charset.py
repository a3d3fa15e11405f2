"""From bytes to text: the charset that a document is in, for feeds and pages
alike.

A declared charset is obeyed unless the bytes of the whole document prove
another one. The proof is UTF-8: German text in a single-byte charset is never
valid UTF-8 by chance, except where a capital umlaut or ß stands before a
quote, a dash or a no-break space. Such pairs prove nothing, so the declaration
decides them (`Spaß“` must not become `Spaߓ`).

Sources: WHATWG Encoding Standard (labels; ISO-8859-1 means windows-1252), RFC
7303 (a byte order mark beats the header, the header beats the document). Not
known here: elements, items, what the text says.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
"""Bytes that no text holds; with NUL they come from databases and broken
templates.
"""

_DEFAULT = "cp1252"
_UTF8 = "utf-8"
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# a charset must stand in the first 1,024 bytes; real pages are less strict
_DECLARED_WITHIN = 8192
_XML_DECLARATION = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE
)
_META = re.compile(
    rb"<meta\b[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)

# Labels are compared without case and punctuation: servers write "ISO8859_1",
# "latin-1", "utf8mb4".
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_WINDOWS = re.compile(r"(?:x?windows|win|cp|ansi|ms)?(125[0-8])")
_ISO = re.compile(r"(?:cs)?(?:iso)?8859(1[0-6]|[1-9])(?:1987|1988|1989|e|i)?")
_LATIN = re.compile(r"(?:cs)?(?:iso)?(?:latin|l)(10|[1-9])")
_LATIN_PARTS = ("1", "2", "3", "4", "9", "10", "13", "14", "15", "16")
# what browsers read for these parts of ISO 8859
_SUPERSETS = {"1": "cp1252", "9": "cp1254", "11": "cp874"}
_LABELS = tomllib.loads(
    (files("monitor.language") / "data" / "charset_labels.toml").read_text(
        "utf-8"
    )
)
_SINGLE: dict[str, str] = _LABELS["single"]
_MULTI: dict[str, str] = _LABELS["multi"]
_LATIN_FAMILY = frozenset({"cp1252", "iso8859-15"})

# What stands behind a word. In cp1252 and its relatives these are the
# continuation bytes of UTF-8.
_BEHIND_WORDS = frozenset("“”„‘’‚‹›«»–—…\u00a0\u00ad•·€§")
_UMLAUTS = frozenset("ÄÖÜäöüß")
# Lead bytes of what UTF-8 text of Europe consists of: in cp1252 they are Â, Ã,
# Å and â, which end no word.
_USUAL_LEADS = frozenset(b"\xc2\xc3\xc5\xe2")
_SNIPPET = re.compile(rb"[\xc2\xc3].|\xe2[\x80\x82\x84].", re.DOTALL)
# Marks of windows-1252: quotes, dashes and the like, and all signs but ª, µ
# and º.
_MARK = (
    rb"[\x82\x84\x85\x8b\x91-\x97\x99\x9b\xa0-\xa9\xab-\xb4\xb6-\xb9\xbb-\xbf]"
)
# "Ö“", "Ü»", "ß–": as UTF-8 these would be single letters of Armenian, Syriac
# and N'Ko.
_GERMAN_PAIR = re.compile(rb"[\xd6\xdc\xdf]" + _MARK)
# "Ä“" is also the ē of Latvian, "Ä°" the İ of İstanbul. German has Ä before a
# mark in words of capitals and alone, with no small letter beside. Only where
# nobody declares UTF-8.
_CAPITAL_PAIR = (
    rb"\xc4(?:[\x96\x97\xa0](?<=[A-Z]..)|" + _MARK + rb"(?<![a-z]..)(?![a-z]))"
)
_NO_GERMAN_PAIRS = re.compile(
    rb"(?!" + _GERMAN_PAIR.pattern + rb")[\xc2-\xf4]"
)
_NO_UMLAUT_PAIRS = re.compile(
    rb"(?!" + _GERMAN_PAIR.pattern + rb"|" + _CAPITAL_PAIR + rb")[\xc2-\xf4]",
    re.DOTALL,
)
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")
# how Python's "surrogateescape" writes a byte that is no UTF-8
_STRAY = range(0xDC80, 0xDD00)

# In windows-1252 these are Š, Ÿ and §, which no small letters stand around;
# nor § behind one.
_MAC_WITHIN = re.compile(
    rb"(?<=[a-z])[\x8a\x9f](?=[a-z\x8a\x9a\x9f\xa7])|(?<=[a-z\x8a\x9a\x9f])\xa7"
)
_MAC_ENOUGH = 2
_ANSI_WITHIN = re.compile(rb"[a-z][\xe4\xf6\xfc\xdf]|[\xe4\xf6\xfc\xdf][a-z]")

_WIDE_SAMPLE = 4096
_C1_IN_UTF8 = re.compile(rb"\xc2[\x80-\x9f]")


def decode(body: bytes, content_type: str = "") -> str:
    """The text of `body`, without controls but tab and line breaks. Never
    raises.

    A byte order mark wins, then UTF-16 and UTF-32 by their NULs, then valid
    UTF-8, then what is declared.
    """
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _without_controls(body[len(mark) :].decode(name, "replace"))
    if wide := wide_charset(body):
        return _without_controls(body.decode(wide, "replace"))
    body = body.translate(None, CONTROLS)
    if body.isascii():
        return body.decode("ascii")
    return (
        undoubled(_narrow(body, content_type))
        .replace("\ufffe", "")
        .replace("\uffff", "")
    )


def wide_charset(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a byte order mark, told by where the NULs of
    its markup stand, whatever is declared.
    """
    sample = body[:_WIDE_SAMPLE]
    quarter = len(sample) // 4
    if quarter == 0 or (b"<" not in sample and b"{" not in sample):
        return None
    first, second, third, fourth = (
        sample[n : 4 * quarter : 4].count(0) for n in range(4)
    )
    few = quarter // 20
    many = quarter * 0.9
    if min(third, fourth) >= many and first <= few:
        return "utf-32-le"
    if min(first, second) >= many and fourth <= few:
        return "utf-32-be"
    if second + fourth > quarter and first + third <= 2 * few:
        return "utf-16-le"
    if first + third > quarter and second + fourth <= 2 * few:
        return "utf-16-be"
    return None


def codec_of(label: str) -> str | None:
    """Python's codec for a label as servers write it; None where it is unknown
    or says nothing (UTF-16 is told by its NULs).
    """
    key = _PUNCTUATION.sub("", label.lower())
    if key.startswith(
        ("utf8", "unicode11utf8", "unicode20utf8", "xunicode20utf8")
    ):
        return _UTF8
    windows = _WINDOWS.fullmatch(key)
    if windows:
        return f"cp{windows[1]}"
    latin = _LATIN.fullmatch(key)
    if latin:
        return _iso_codec(_LATIN_PARTS[int(latin[1]) - 1])
    part = _ISO.fullmatch(key)
    if part:
        return _iso_codec(part[1])
    return _SINGLE.get(key) or _MULTI.get(key)


def _iso_codec(part: str) -> str | None:
    """The codec of a part of ISO 8859; part 12 was never finished."""
    if part == "12":
        return None
    return _SUPERSETS.get(part, f"iso8859-{part}")


def undoubled(text: str) -> str:
    """Text with UTF-8 that was taken for windows-1252 and coded once more put
    right: "fÃ¼r", "â€žsoâ€œ".

    A pair with "Ã" must touch a letter: an article about such pairs names them
    alone.
    """
    if "Ã" not in text and "â€" not in text and "Â" not in text:
        return text
    return _doubled().sub(lambda found: _doubles()[found[0]], text)


def _narrow(body: bytes, content_type: str) -> str:
    """Text of a body that is no UTF-16, by proof and then by declaration."""
    marked = body.startswith(codecs.BOM_UTF8)
    body = body.removeprefix(codecs.BOM_UTF8)
    declared = _declared(body, content_type)
    named = next((name for name in declared if name != _UTF8), None)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, named or _undeclared(body))
    charset = named or _DEFAULT
    if not marked and _is_single_byte(body, charset, declared):
        return _by_table(body, charset)
    return _without_c1(text) if _C1_IN_UTF8.search(body) else text


def _undeclared(body: bytes) -> str:
    """Mac Roman where its ä, ü and ß stand within words and none of
    windows-1252's umlauts does.
    """
    is_mac = len(
        _MAC_WITHIN.findall(body)
    ) >= _MAC_ENOUGH and not _ANSI_WITHIN.search(body)
    return "mac-roman" if is_mac else _DEFAULT


def _is_single_byte(
    body: bytes, charset: str, declared: tuple[str, ...]
) -> bool:
    """True for valid UTF-8 in which nothing speaks for UTF-8, but for a
    single-byte charset something does.
    """
    if body.isascii() or charset in _MULTI.values():
        return False
    foreign = _NO_GERMAN_PAIRS if _UTF8 in declared else _NO_UMLAUT_PAIRS
    if charset in _LATIN_FAMILY and not foreign.search(body):
        return True
    said = charset in declared and _UTF8 not in declared
    return said and _profile(charset).proof.search(body) is None


def _legacy(body: bytes, charset: str) -> str:
    """Text of a body that is not UTF-8, or not throughout."""
    escaped = body.decode("utf-8", "surrogateescape")
    counts = Counter(_BEYOND_ASCII.findall(escaped))
    letters = {char for char in counts if ord(char) not in _STRAY}
    stray = counts.total() - sum(counts[char] for char in letters)
    if charset in _MULTI.values():
        if counts.total() <= 2 * stray:
            return body.decode(charset, "replace")
        charset = _DEFAULT
    proof = _profile(charset).proof
    proven = {char for char in letters if proof.match(char.encode())}
    if sum(counts[char] for char in proven) > stray:
        return _mended_utf8(escaped, letters, charset)
    kept = {char for char in proven if _SNIPPET.match(char.encode())}
    if charset not in _LATIN_FAMILY or not kept:
        return _by_table(body, charset)
    other = re.escape("".join(counts.keys() - kept))
    return re.sub(
        f"[{other}]", lambda found: _reread(found[0], charset), escaped
    )


def _mended_utf8(escaped: str, letters: Collection[str], charset: str) -> str:
    """Text of a body in UTF-8 that has bytes of `charset` in some places."""
    pairs = "".join(
        char for char in letters if _GERMAN_PAIR.fullmatch(char.encode())
    )
    # Letters of the East among their own kind are what they are.
    doubtful = f"(?<![\u0530-\u07ff])[{pairs}]|" if pairs else ""
    wrong = re.compile(f"{doubtful}[\udc80-\udcff]")
    return wrong.sub(lambda found: _reread(found[0], charset), escaped)


def _reread(char: str, charset: str) -> str:
    return _by_table(char.encode("utf-8", "surrogateescape"), charset)


def _by_table(body: bytes, charset: str) -> str:
    return codecs.charmap_decode(body, "strict", _profile(charset).table)[0]


@dataclass(frozen=True, slots=True)
class _Profile:
    """A single-byte charset: its 256 letters, and what in a document proves
    that it is UTF-8 instead.
    """

    table: str
    proof: re.Pattern[bytes]


@cache
def _profile(charset: str) -> _Profile:
    table = "".join(_letters(charset))
    leads = range(0xC2, 0x100)
    tails = range(0x80, 0xC0)

    def one_of(
        codes: Collection[int], is_such: Callable[[str], bool]
    ) -> bytes:
        """A pattern for the codes whose letter is such."""
        found = bytes(code for code in codes if is_such(table[code]))
        return b"[" + re.escape(found) + b"]" if found else b"(?!)"

    letters = one_of(set(leads) - _USUAL_LEADS, str.isalpha)
    behind = one_of(tails, _BEHIND_WORDS.__contains__)
    umlauts = one_of(leads, (_UMLAUTS - {"Ä"}).__contains__)
    symbols = one_of(tails, lambda letter: not letter.isalpha())
    # On a Macintosh the quotes are lead bytes, and the umlauts may follow
    # them.
    quotes = one_of(leads, _BEHIND_WORDS.__contains__)
    within = one_of(
        tails, lambda letter: letter in _UMLAUTS or not letter.isalpha()
    )
    # "Ä°" is also the İ of İstanbul, "Ä±" the ı of Yıldız: small letters
    # beside it tell.
    capital = one_of(leads, "Ä".__eq__)
    chances = (
        letters + behind + b"{1,3}",
        umlauts + symbols + b"{1,3}",
        quotes + within + b"{1,3}",
        rb"(?<![a-z])" + capital + symbols + rb"(?![a-z])",
    )
    by_chance = b"(?:" + b"|".join(chances) + rb")(?![\x80-\xbf])"
    return _Profile(table, re.compile(rb"(?!" + by_chance + rb")[\xc2-\xf4]"))


def _letters(charset: str) -> Iterator[str]:
    """The charset's letters by code. Codes without one are read as
    windows-1252 has them: ISO 8859 leaves 32 codes to controls that no text
    holds, and sloppy programs write windows-1252 there.
    """
    for code in range(256):
        raw = bytes([code])
        letter = raw.decode(charset, "ignore") or chr(code)
        if 0x80 <= ord(letter) < 0xA0:
            letter = raw.decode(_DEFAULT, "ignore") or letter
        yield letter


def _declared(body: bytes, content_type: str) -> tuple[str, ...]:
    """Codecs that are declared, the most trusted first.

    The header comes first (RFC 7303). Latin-1 there is many a server's
    default, so a document that names another charset knows better.
    """
    head = body[:_DECLARED_WITHIN]
    header = [codec_of(label) for label in _HEADER.findall(content_type)]
    own = []
    for pattern in (_XML_DECLARATION, _META):
        found = pattern.search(head)
        if found:
            own.append(codec_of(found[1].decode("ascii", "replace")))
    ordered = own + header if header[:1] == [_DEFAULT] else header + own
    return tuple(filter(None, ordered))


def _without_controls(text: str) -> str:
    text = (
        text.encode("utf-8", "replace")
        .translate(None, CONTROLS)
        .decode("utf-8")
    )
    return undoubled(text.replace("\ufffe", "").replace("\uffff", ""))


def _without_c1(text: str) -> str:
    """Controls that no text holds were windows-1252 before somebody took them
    for Latin-1.
    """
    return text.translate(
        {code: _profile(_DEFAULT).table[code] for code in range(0x80, 0xA0)}
    )


@cache
def _doubles() -> dict[str, str]:
    """What a letter looks like when its UTF-8 is taken for windows-1252 or
    Latin-1, with the letter.
    """
    letters = [chr(code) for code in range(0xA0, 0x100)] + list(
        "“”„‘’‚‹›–—…€•™ŒœŠšž"
    )
    views = {}
    for letter in letters:
        raw = letter.encode()
        views[raw.decode("latin-1")] = letter
        views[_by_table(raw, _DEFAULT)] = letter
    return views


@cache
def _doubled() -> re.Pattern[str]:
    views = sorted(map(re.escape, _doubles()))
    alone = "|".join(view for view in views if view.startswith(("Â", "â")))
    pair = "|".join(view for view in views if view.startswith("Ã"))
    return re.compile(
        f"{alone}|(?<=[A-Za-z])(?:{pair})|(?:{pair})(?=[A-Za-z])"
    )
