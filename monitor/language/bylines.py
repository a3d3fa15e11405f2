"""Bylines into names: who wrote a text, told apart from labels, roles, places,
dates, addresses and accounts.

One way for feeds and pages. The words it goes by are in `data/bylines.toml`.
Names of any script and with particles ("von der", "al-", "bin") are names. A
brand with "&" stays whole: only where each side is a name of its own does an
"and" join two.

Not known here: where a byline stands, and whether a name is that of the
outlet.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import attrgetter
from zoneinfo import ZoneInfo

from monitor.language.byline_words import byline_words
from monitor.language.dates import find_dates

MAX_AUTHORS = 12
MAX_NAME = 60
MAX_TEXT = 600  # characters of a byline that are read
# of a name in small letters, besides its particles; more are a sentence
SMALL_WORDS = 3
NAME_WORDS = 7  # of a person: "Prof. Dr. Karla Maria von der Beispiel"

_ANY_ZONE = ZoneInfo("UTC")  # only the places of dates count here
_ROUND_BRACKETS = str.maketrans("[]", "()")
_ADDRESS = re.compile(r"[^\s|,;]*(?:https?:|www\.|@)\S*", re.IGNORECASE)
_PHONE = re.compile(
    r"(?:\b(?:tel(?:efon)?|fon|mobil)\.?:?\s*)?\(?\+?\d[\d\s/()-]{5,}\d",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"(?:\b(?:um|at)\s+)?\b\d{1,2}(?:[:.]\d{2})?\s*Uhr\b|\b\d{1,2}:\d{2}\b",
    re.IGNORECASE,
)
_BEFORE_DATE = re.compile(r"\s(?:am|um|vom|den|on|at)\s*\Z", re.IGNORECASE)
_STAND = re.compile(r"\bstand\s*(?=[:|]|\Z)", re.IGNORECASE)
_NOISE = re.compile(
    r"https?:|www\.|@|[<>{}=\d]|\.(?:de|com|html?|php)/", re.IGNORECASE
)
_PARTS = re.compile(r"\s*[,;|/•·+]\s*")
_AND = re.compile(r"\s+(?:und|and|&|sowie|u\.)\s+", re.IGNORECASE)
_FROM = re.compile(
    r"\s+(?:mit|in|aus|bei)\s+(?:material\s+(?:von|der)\s+)?", re.IGNORECASE
)
_DATELINE = re.compile(
    r"\A(?P<place>[^()]{2,40}?)(?:\s*\(|\s+[–—-]\s+)(?P<who>[^()]{2,30})\)?\W*\Z"
)
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_BRACKETS_AND_BLANKS = re.compile(r"\s*\([^)]*\)")
_BETWEEN_LABELS = re.compile(r"\s*(?:\bund\b|\bu\.|[&/+,])\s*")
_BEFORE_NAME = re.compile(
    r"\A(?:von|vom|by|aus|für|folgen|folge)\s+(?=\S)", re.IGNORECASE
)
_ALL_IN_BRACKETS = re.compile(r"\A\(([^()]*)\)\Z")
_DASH = re.compile(r"\s+[–—-]\s+")
_LEADING_AND = re.compile(r"\A\s*(?:und|and|&|sowie|u\.)\s+", re.IGNORECASE)
_GLUED_NAMES = re.compile(
    r"(?<=[a-zäöüß]{4})(?=[A-ZÄÖÜ][a-zäöüß]{2,}\s[A-ZÄÖÜ][a-zäöüß-]{2,}(?:[,;|]|\Z))"
)
_FOR = re.compile(r"\s+(?:für|zurzeit|z\.\s?zt\.)\s.*\Z", re.IGNORECASE)
_LATE_FROM = re.compile(
    r"\A.{2,60}?[\s.:|–-]\s*(?:Von|VON)\s+(?=[^\W\d_a-zäöüß])"
)
_GLUED_FROM = re.compile(r"\A(?:Von|By):?(?=[A-ZÄÖÜ])")
_LEGAL_FORM = re.compile(
    r"\s+(?:GmbH|mbH|AG|KG|SE|e\.\s?V\.|Ltd\.?|Inc\.?)(?:\s*&\s*Co\.?(?:\s*(?:KGaA|KG|OHG))?)?(?=\W*\Z|\s*[,;|/])",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"redaktion|\b(?:gmbh|verlag|webmaster)\b", re.IGNORECASE
)
_TITLE = r"(?:(?:Dr|Prof|Dipl|med|phil|Ing|h|c)\.[\s-]?)*"
_CAPITAL = r"[^\W\d_a-zäöüß][\w.’'-]*"
_FORENAMES = re.compile(rf"\A{_TITLE}{_CAPITAL}(?:\s{_CAPITAL}){{0,2}}\Z")
_FORENAME = re.compile(rf"\A{_TITLE}{_CAPITAL}(?:\s[^\W\d_]\.)*\Z")
_ABBREVIATED = re.compile(r"\b[^\W\d_]\.\Z")  # "Karla B."
_SMALL_INITIALS = re.compile(r"[a-zäöü]{2,3}")
_AGO = re.compile(
    r"\bvor\s+(?:\d+|eine[mr]|wenigen)\s+(?:Sek|Min|Std|Stunde|Tag|Woche|Monat|Jahr)[a-z]*\.?"
    r"|\b\d+\s*Min(?:uten?|\.)?(?:\s+(?:Lesezeit|Lesedauer))?(?!\w)",
    re.IGNORECASE,
)
_BUTTON = re.compile(
    r"(?<=\w)\s+(?:folgen|follow|e-?mail|teilen|kontakt)\W*\Z", re.IGNORECASE
)
_WITH_MATERIAL = re.compile(
    r"(\A|,\s)mit\s+(?:material\s+(?:(?:von|der)\s+)?|(?=\S+\Z))",
    re.IGNORECASE,
)
_AGENCY_BEHIND = re.compile(
    r"(?P<name>[^()]+?)\s*\((?:mit\s+)?(?P<agency>[^()/]+)[^()]*\)\Z"
)
_INITIALS = re.compile(r"[a-zäöü]{2,4}|[A-ZÄÖÜ]{2,3}")

_WORDS = byline_words()
AUTHORS_REMEMBERED = 512
"""Spellings of authors: a feed's items have few, and reading one was a third
of parsing a feed.
"""
AGENCIES = frozenset(_WORDS.agencies.values())


def clean_authors(declared: Iterable[str]) -> tuple[str, ...]:
    """Names in order, each once. An agency has one spelling; what names nobody
    is dropped.
    """
    names: dict[str, str] = {}
    for text in declared:
        for name in _names(text[:MAX_TEXT]):
            names.setdefault(name.casefold(), name)
    return tuple(names.values())[:MAX_AUTHORS]


def is_person(name: str) -> bool:
    """True for two words or more that begin large, in any script; particles of
    a family name may begin small.
    """
    words = name.split()
    small = _WORDS.particles | _WORDS.title_words
    large = [word for word in words if word.lower() not in small]
    if len(words) > NAME_WORDS or len(large) < 2:
        return False
    return all(map(_begins_large, large))


def is_small_name(name: str) -> bool:
    """True for a person's name in small letters: "karla beispiel", "karla von
    der heide".
    """
    words = name.split()
    telling = [word for word in words if word not in _WORDS.particles]
    if (
        not 1 < len(telling) <= SMALL_WORDS
        or words[0] in _WORDS.particles
        or is_desk(name)
    ):
        return False
    return all(
        len(word) > 1 and word.replace("-", "").isalpha() for word in words
    )


def _begins_large(word: str) -> bool:
    if word.startswith(("al-", "el-", "d’", "d'")):
        return True
    return word[0].isalpha() and not word[0].islower()


def is_initials(name: str) -> bool:
    """True for "aha" and "KB", with which authors sign."""
    return bool(_INITIALS.fullmatch(name))


def is_desk(name: str) -> bool:
    """True for a desk, a team or a company instead of people."""
    return bool(_COMPANY.search(name)) or any(
        map(_WORDS.desk.fullmatch, name.split())
    )


def _plain(text: str) -> str:
    """The byline without buttons and times that stand behind a name; each line
    of its own.
    """
    lines = list(filter(None, map(str.strip, text.splitlines())))
    if len(lines) > 1 and all(is_person(_unprefixed(line)) for line in lines):
        text = "|".join(lines)
    text = " ".join(text.translate(_ROUND_BRACKETS).split())
    text = _AGO.sub("|", text).strip(" |")
    text = _BUTTON.sub("", text)
    text = _WITH_MATERIAL.sub(r"\1", text)
    noted = _AGENCY_BEHIND.match(text)
    if noted is None or not _is_agency(noted["agency"]):
        return text
    name = _unprefixed(noted["name"])
    is_name = is_person(name) and not _is_place(name)
    return f"{noted['name']}|{noted['agency']}" if is_name else text


@lru_cache(maxsize=AUTHORS_REMEMBERED)
def _names(text: str) -> tuple[str, ...]:
    people = list(filter(None, map(_name, _divided(_plain(text)))))
    beside = set(filter(_is_beside, people))
    if any(" " in name and name not in beside for name in people):
        people = [name for name in people if name not in beside]
    if AGENCIES.isdisjoint(people):
        return tuple(people)
    kept: list[str] = []
    for name in people:
        # "kb/dpa", not "dpa/lnw"
        own = not kept and _SMALL_INITIALS.fullmatch(name)
        if own or not _is_region(name):
            kept.append(name)
    return tuple(kept)


def _is_region(name: str) -> bool:
    """True for an agency's regional service."""
    return is_initials(name) and name not in AGENCIES


def _is_beside(name: str) -> bool:
    """True for what stands beside a full name and is no second one: "Von Eva
    Beispiel, Lille", "Redaktion Herford".
    """
    if name in AGENCIES:
        return False
    first, *_ = name.split()
    return (
        first == name
        or _is_place(name)
        or re.split(r"[-/]", first)[0].casefold() in _WORDS.stations
        or any(map(_WORDS.desk.fullmatch, name.split()))
        or (is_desk(name) and not is_person(name))
        or _COMPANY.match(name) is not None
    )


def _is_agency(text: str) -> bool:
    return text.strip().casefold() in _WORDS.agencies


def _is_place(name: str) -> bool:
    folded = name.casefold()
    return folded in _WORDS.places or folded.split()[0] in _WORDS.place_starts


def _divided(text: str) -> list[str]:
    """The parts of a byline that may be names."""
    found: list[str] = []
    for chunk in _of_writers(_without_times(_without_dateline(text))):
        for part in _parts(_forenames_first(_without_sentence(chunk))):
            for side in _apart(_unprefixed(_FOR.sub("", part))):
                found += _FROM.split(side)
    return found


def _parts(chunk: str) -> Iterator[str]:
    """The parts between strokes and commas, and those of a dash beside a
    person.
    """
    for part in _PARTS.split(chunk):
        sides = _DASH.split(part)
        if any(
            is_person(_unprefixed(side)) or _is_agency(side) for side in sides
        ):
            yield from (_LEADING_AND.sub("", side) for side in sides)
        else:
            yield _LEADING_AND.sub("", part)


def _without_dateline(text: str) -> str:
    """ "Herford (dpa/lnw)" is the agency's, "Herford (Karla Beispiel)" hers;
    strokes within other brackets part no names.
    """
    text = " ".join(text.split())
    dateline = _DATELINE.match(text)
    if dateline is not None:
        place, who = dateline.groups()
        is_one_word = " " not in place
        is_by_agency = _is_agency(re.split(r"[/,\s]", who)[0])
        if is_by_agency and (is_one_word or _is_place(place)):
            return who
        if is_one_word and _SMALL_INITIALS.fullmatch(who):
            return who
        if (is_one_word or _is_place(place)) and _are_writers(who):
            is_labelled = _WORDS.label.match(f"{place}:") is not None
            return f"{place}: {who}" if is_labelled else who
    text = _ALL_IN_BRACKETS.sub(r"\1", text)
    return _IN_BRACKETS.sub(
        lambda found: re.sub(r"\s*[/|;]\s*", " ", found[0]), text
    )


def _are_writers(text: str) -> bool:
    """True for "Karla Beispiel" and "Karla Beispiel/dpa", not for a place."""
    return all(
        _is_agency(part) or (is_person(part) and not _is_place(part))
        for part in re.split(r"\s*[,;/]\s*", text)
    )


def _without_sentence(chunk: str) -> str:
    """The name in "Aus Berlin berichtet Karla Beispiel" and in "Karla Beispiel
    berichtet".
    """
    said = _WORDS.said.search(chunk)
    if said is None:
        return chunk
    before = chunk[: said.start()]
    after = chunk[said.end() :]
    first, *_ = before.split() or [""]
    begins_sentence = not first or first.lower() in _WORDS.sentence_starts
    return after if begins_sentence and after[:1].isupper() else before


def _without_times(text: str) -> str:
    """The text with blanks where words are glued, and "|" for addresses,
    numbers, dates and words about time.
    """
    text = " ".join(_ADDRESS.sub(" ", text).split())
    text = _GLUED_NAMES.sub("|", text)
    text = _WORDS.glued.sub(" ", text)
    text = _GLUED_FROM.sub("Von ", text)
    dates = sorted(
        find_dates(text, _ANY_ZONE), key=attrgetter("start"), reverse=True
    )
    for found in dates:
        before = _BEFORE_DATE.sub("", text[: found.start])
        text = f"{before}|{text[found.end :]}"
    for pattern in (_CLOCK, _PHONE, _WORDS.time, _STAND):
        text = pattern.sub("|", text)
    text = _LATE_FROM.sub("", text.strip(" |"))
    return _LEGAL_FORM.sub("", text)


def _of_writers(text: str) -> list[str]:
    """What is labelled as the writers' or not labelled; "Fotos: ..." is
    others' until the next label or stroke.
    """
    kept = []
    place, is_writers = 0, True
    for label in _WORDS.label.finditer(text):
        kept.append(_of_writer(text[place : label.start()], is_writers))
        words = _BETWEEN_LABELS.split(label["words"].lower())
        is_writers = not _WORDS.wrote.isdisjoint(words)
        place = label.end()
    kept.append(_of_writer(text[place:], is_writers))
    return [chunk for chunk in kept if chunk.strip(" ,;|/")]


def _of_writer(chunk: str, is_labelled_so: bool) -> str:
    return chunk if is_labelled_so else chunk.partition("|")[2]


def _forenames_first(text: str) -> str:
    """ "Beispiel, Karla; Muster, Max" as names are said: "Karla Beispiel; Max
    Muster".
    """
    parts = [part for part in re.split(r"\s*,\s*", text) if not _is_role(part)]
    families, forenames = parts[::2], parts[1::2]
    if len(families) == len(forenames) >= 2 and all(map(_is_single, parts)):
        return ";".join(map(" ".join, zip(forenames, families, strict=True)))
    joined = _BRACKETS_AND_BLANKS.sub("", ", ".join(parts)).strip(" ;|/,")
    people = re.split(r"\s*[;|/]\s*|\s+(?:und|and|&)\s+", joined)
    pattern = _FORENAMES if len(people) > 1 else _FORENAME
    swapped = [_swapped(person, pattern) for person in people]
    return ";".join(swapped) if all(swapped) else text


def _swapped(person: str, forenames: re.Pattern[str]) -> str:
    """The forenames first, or "" where it is not a family name, a comma and
    forenames.
    """
    family, comma, given = map(str.strip, person.partition(","))
    if not comma or not forenames.match(given):
        return ""
    is_in_capitals = (
        family.isupper() and len(family) > 3 and not given.isupper()
    )
    if not is_in_capitals:
        family = family if _is_family(family) else _unprefixed(family)
        if not _is_family(family) or not _is_persons(family, given):
            return ""
    return f"{given} {family}"


def _is_persons(family: str, given: str) -> bool:
    """False for agencies, roles, places and desks."""
    if {family.casefold(), given.casefold()} & (
        _WORDS.agencies.keys() | _WORDS.nobody
    ):
        return False
    return not (_is_role(given) or _is_place(given) or is_desk(family))


def _is_family(text: str) -> bool:
    *particles, last = text.split() or [""]
    return _is_single(last) and all(
        word in _WORDS.particles for word in particles
    )


def _is_single(part: str) -> bool:
    if not re.fullmatch(_CAPITAL, part) or _WORDS.role.fullmatch(part):
        return False
    return part.casefold() not in _WORDS.agencies and not part.isupper()


def _apart(part: str) -> list[str]:
    """Both sides of an "and" where each is a name of its own; else the whole,
    as "Mac & i".
    """
    sides = _AND.split(part)
    if len(sides) == 1 or all(_stands_alone(side) for side in sides):
        return sides
    *firsts, last = sides
    words = last.split()
    joined = (
        "&" not in part
        and len(words) == 2
        and is_person(last)
        and not is_desk(part)
    )
    if joined and all(map(_is_single, firsts)):
        # "Eva und Max Beispiel"
        return [f"{first} {words[1]}" for first in firsts] + [last]
    return [part]


def _stands_alone(side: str) -> bool:
    name = _BRACKETS_AND_BLANKS.sub("", _unprefixed(side)).strip()
    if " " in name or _is_agency(name):
        return True
    return re.fullmatch(r"[a-zäöü]{2,4}", name) is not None


def _unprefixed(text: str) -> str:
    """Without "Von", "Ein Kommentar von", "Unsere Redakteurin" and the like at
    its beginning.
    """
    while True:
        shorter = _BEFORE_NAME.sub("", text.strip())
        label = _WORDS.label.match(shorter)
        if label:
            shorter = shorter[label.end() :]
        shorter = _WORDS.role_before.sub("", shorter)
        if shorter == text:
            return text
        text = shorter


def _is_role(part: str) -> bool:
    words = part.split()
    if not words:
        return False
    first = words[0]
    return (
        first.lower() in _WORDS.role_starts
        or _WORDS.role.fullmatch(first) is not None
    )


def _without_desk(name: str) -> str:
    """Without the desk or station behind a person: "Karla Beispiel Redaktion
    Herford".
    """
    words = name.split()
    for place, word in enumerate(words):
        is_station = word.isupper() and word.casefold() in _WORDS.stations
        if is_station or _WORDS.desk.fullmatch(word):
            person = " ".join(words[:place])
            if is_person(person):
                return person
    return name


def _name(part: str) -> str:
    """One cleaned name, or "" where it is none."""
    if (
        _WORDS.other_work.search(part)
        or _is_role(part.strip())
        or _WORDS.whereabouts.match(part)
    ):
        return ""
    name = _bare_name(part)
    folded = name.casefold()
    if (
        not name
        or len(name) > MAX_NAME
        or _NOISE.search(name)
        or folded in _WORDS.nobody
    ):
        return ""
    agencies = _WORDS.agencies
    agency = agencies.get(folded) or agencies.get(folded.split("-")[0])
    if agency:
        return agency
    return name if any(map(str.isalpha, name)) else ""


def _bare_name(part: str) -> str:
    """Without brackets, legal form, role, desk and punctuation."""
    bare = _BRACKETS_AND_BLANKS.sub("", _unprefixed(part)) or part.strip(" ()")
    bare = _LEGAL_FORM.sub("", bare)
    person = _without_desk(_WORDS.role_after.sub("", bare))
    name = person if " " in person else bare
    name = name.strip(" \t-–—:*|()").lstrip(".")
    return name if _ABBREVIATED.search(name) else name.rstrip(". ")
