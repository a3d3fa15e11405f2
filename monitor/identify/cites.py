"""Which outlets and agencies a text names as its sources: "wie Radio Herford
berichtet", "sagte der NW". Pure.

A name alone is no citation: an article *about* the ZDF does not cite it. What
counts are the turns of phrase in which German newsrooms name a source. Knows
the names it is given and the agencies; knows no articles and no feeds.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from monitor.identify.word_lists import list_lines

LOOK_BACK, LOOK_AHEAD = 160, 120  # characters; a turn of phrase is shorter
DATIVES = ("dem", "der", "den")
MOST = 20  # of one text; a press review names no more

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?:;]\s|\n")
_OPEN, _CLOSE = "[„\"»›‚'“”]?", "[“\"«‹‘'”]?"
_DETERMINER = (
    r"(?:(?P<determiner>der|die|das|dem|den|des|vom|beim|im|einem?|einer)\s+)?"
)
_SORT = (
    r"(?:(?:\w+\s+)?[\w-]*(?:zeitung|blatt|sender|magazin|agentur|portal|dienst|radio|netzwerk"
    r"|studio|plattform)s?\s+)?"
)
_BEFORE_NAME = re.compile(
    rf"\b{_DETERMINER}{_SORT}{_OPEN}\Z|{_OPEN}\Z", re.IGNORECASE
)
_JOINT = re.compile(
    rf"\A{_CLOSE}\s*(?:\([^()]{{1,30}}\)\s*)?(?:,|/|&|und|sowie|,\s+dem|,\s+der)\s*"
    rf"(?:(?:der|die|das|dem|den|des|vom)\s+)?{_SORT}{_OPEN}\Z",
    re.IGNORECASE,
)
_REPORT = r"(?:bericht|meld|schreib|schrieb|zitier|enthüllt|erf[uä]hr)\w*"
_LED_BY = re.compile(
    rf"""(?:
      \b(?:laut|gemäß|gegenüber|zufolge)
    | \b(?:unter\s+)?(?:berufung|bezug|bezugnahme|verweis|hinweis)\s+auf
    | \bberuf\w+\s+sich\s+(?:\w+\s+)?auf
    | \b(?:interview|gespräch|telefonat|telefoninterview)\s+mit | \b(?:an|nach)frage\s+(?:von)?
    | \bheißt\s+es\s+(?:bei|in|auf)
    | (?:bericht(?:e|en|s|es)?|informationen|angaben|recherchen?|meldung(?:en)?|umfrage|auswertung|
      interview)
      (?:\s+(?:von|aus|in|bei|mit|für))?
    | \b{_REPORT}(?:\s+(?:zuerst|zuvor|zunächst|auch|zudem))?
    )\s*\Z""",
    re.IGNORECASE | re.VERBOSE,
)
_TOLD = re.compile(
    r"\b(?:sag(?:t|te|ten|en)|gesagt|erklär(?:t|te|ten)|äußerte[n]?|betonte[n]?|verriet|schilder(?:t|te)|erzähl(?:t|te)"
    r"|bestätig(?:t|te)|kündig(?:t|te)|kritisier(?:t|te)|forder(?:t|te)|warn(?:t|te))\b"
    r"(?P<gap>(?:\s+[^\s,.;:!?]+){0,7}?)\s*\Z",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\b(?:in|an|auf|aus|bei|mit|nach|seit|von|vor|zu|während|zwischen|unter|über|für|um|gegen|wegen|und|dass)\s*\Z",
    re.IGNORECASE,
)
_AND_SAYS = re.compile(
    rf"\A{_CLOSE}\s*(?:\([^()]{{1,30}}\)\s*)?(?:\s+(?:[\w-]*tag\w*|am|heute|zuerst|zuvor|auch|weiter|zudem|nun|jüngst)){{0,3}}"
    rf"\s+{_REPORT}\b",
    re.IGNORECASE,
)
_AS = re.compile(r"\bwie\s*\Z", re.IGNORECASE)
_HAD = re.compile(r"\bha(?:t|ben|tten?)\s+(?:\w+\s+){0,3}\Z", re.IGNORECASE)
_AS_SAYS = re.compile(
    rf"\A{_CLOSE}(?:\s+[^\s.;:!?]+){{0,9}}?\s+(?:{_REPORT}|mitteil\w*|wissen\s+will)\b",
    re.IGNORECASE,
)
_SAID = r"(?:\s+[^\s.;:!?]+){0,6}?\s+(?:berichtet|gemeldet|geschrieben|veröffentlicht)\b"
_HAD_SAID = re.compile(rf"\A{_SAID}", re.IGNORECASE)
_HAD_TOLD = re.compile(
    r"\A(?:\s+[^\s.;:!?]+){0,6}?\s+(?:berichtet|gemeldet|geschrieben|erzählt|gesagt|bestätigt|verraten)\b",
    re.IGNORECASE,
)
_AND_HAD_SAID = re.compile(rf"\A{_CLOSE}\s+hatten?{_SAID}", re.IGNORECASE)
_ACCORDING = re.compile(
    rf"\A{_CLOSE}\s+zufolge\b|\A-(?:Informationen|Recherchen?|Bericht\w*|Angaben|Interview)\b"
)
_CREDIT_LINE = re.compile(
    r"\W*(?:Quellen?|Mit (?:Agentur)?(?:[Mm]aterial|[Ii]nformationen)"
    r" (?:von|der|des|vom))\b[^.!?]*\Z"
)
_PROGRAMME = re.compile(
    r"-[„\"»]?(?:(?:Morgen|Mittags|Polit|Sommer)?-?(?:[Mm]agazin|[Ii]nterview|[Ss]endung)|Talkshow|Politbarometer|Hauptstadtstudio"
    r"|Nachrichten|Podcast|Reporter|Redaktion|heute)\w*"
)
_TOLD_FIRST = re.compile(
    rf"\A{_CLOSE}\s+(?:sagte[n]?|erklärte[n]?|bestätigte[n]?|verriet)\b"
)


@dataclass(frozen=True, slots=True)
class Names:
    """Names to look for, ready for use: by the beginning of their first word,
    each with what it stands for.
    """

    by_start: dict[str, list[tuple[re.Pattern[str], str]]]


@dataclass(frozen=True, slots=True)
class _Place:
    start: int
    end: int
    name: str


def compile_names(outlets: Iterable[tuple[str, Iterable[str]]]) -> Names:
    """Names of outlets, each with other names that texts use for it; agencies
    come on top.

    A longer name wins over a shorter one at the same place. An outlet wins
    over an agency of the same name.
    """
    spellings: dict[str, str] = {}
    for outlet, others in outlets:
        for spelling in (outlet, *others, *_short_forms(outlet)):
            spellings.setdefault(spelling.strip(), outlet)
    for line in list_lines("cited_agencies"):
        agency, spelling = line.split(": ")
        spellings.setdefault(spelling, agency)
    found: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
    for spelling in sorted(spellings, key=len, reverse=True):
        first = _WORD.search(spelling)
        if first is not None:
            pattern = re.compile(_pattern(spelling))
            found[_start(first.group())].append((pattern, spellings[spelling]))
    return Names(found)


def find_cites(text: str, names: Names, *, own: str = "") -> tuple[str, ...]:
    """The sources that `text` names, each once, in order of their first
    citation.

    `own` never cites itself.
    """
    places = _places(text, names)
    cited = {place for place in places if _is_cited(text, place)}
    linked = [pair for pair in pairwise(places) if _are_joined(text, *pair)]
    # "von WDR, NDR und SZ" leads on, "WDR und NDR berichten" leads back.
    for pair in (*linked, *reversed(linked)):
        if not cited.isdisjoint(pair):
            cited.update(pair)
    found = dict.fromkeys(place.name for place in places if place in cited)
    found.pop(own, None)
    return tuple(found)[:MOST]


def _are_joined(text: str, one: _Place, other: _Place) -> bool:
    """Whether only "and" or a comma stands between two names."""
    return bool(_JOINT.match(text[one.end : other.start]))


def _places(text: str, names: Names) -> list[_Place]:
    found: list[_Place] = []
    for word in _WORD.finditer(text):
        patterns = names.by_start.get(_start(word[0]))
        if patterns is None or (found and word.start() < found[-1].end):
            continue
        for pattern, name in patterns:
            match = pattern.match(text, word.start())
            if match:
                found.append(_Place(word.start(), match.end(), name))
                break
    return found


def _is_cited(text: str, place: _Place) -> bool:
    line = text[: place.start].rpartition("\n")[2]
    if _CREDIT_LINE.match(line):
        return True
    after = text[place.end : place.end + LOOK_AHEAD]
    programme = _PROGRAMME.match(after)
    if programme:
        after = after[programme.end() :]
    if any(
        pattern.match(after)
        for pattern in (_ACCORDING, _AND_SAYS, _AND_HAD_SAID)
    ):
        return True
    if after.startswith("-"):  # "der ZDF-Intendant" is somebody else
        return False
    *_, before = _SENTENCE_END.split(
        text[max(0, place.start - LOOK_BACK) : place.start]
    )
    near = _BEFORE_NAME.search(before)
    if near is None:
        return _says(before, "", after)
    return _says(
        before[: near.start()], (near["determiner"] or "").lower(), after
    )


def _says(before: str, determiner: str, after: str) -> bool:
    """Whether a name says something, by the words of its sentence around it."""
    if _LED_BY.search(before) or (
        _AS.search(before) and _AS_SAYS.match(after)
    ):
        return True
    is_dative = determiner in DATIVES
    had = _HAD_TOLD if is_dative else _HAD_SAID
    if _HAD.search(before) and had.match(after):
        return True
    if is_dative and _TOLD_FIRST.match(after):
        return True
    return _is_told(before, determiner)


def _is_told(rest: str, dative: str) -> bool:
    """ "sagte er dem", "sagte Müller" before a name; but "sagte er in der
    Zeit" is about time.
    """
    told = _TOLD.search(rest)
    if told is None:
        return False
    has_speaker = bool(told["gap"].strip())
    if dative == "im" and has_speaker:
        return True
    if dative not in (*DATIVES, "") or _PREPOSITION.search(rest):
        return False
    return bool(dative) or has_speaker


def _short_forms(outlet: str) -> list[str]:
    """ "Der Spiegel" is also "Spiegel", "waz.de" also "WAZ", "Zeit Online"
    also "Zeit".
    """
    bare = re.sub(r"\A(?:Der|Die|Das|DER|DIE|DAS)\s+", "", outlet)
    bare = re.sub(
        r"(?:\.(?:de|com|net|at|ch)|\s+(?:Online|ONLINE|online))\Z", "", bare
    )
    return [bare, bare.upper()] if bare != outlet and len(bare) > 1 else []


def _start(word: str) -> str:
    """The beginning of a word that all its endings share ("Neue", "Neuen")."""
    return word.casefold()[:4]


def _pattern(name: str) -> str:
    """A name with its endings.

    Short words (WDR, NW, Bild) must be written as given, longer ones need a
    capital.
    """
    parts = re.findall(r"\w+|\s+|[^\w\s]+", name)
    return "".join(map(_part_pattern, parts)) + r"(?:s|['’]s)?(?!\w)"


def _part_pattern(part: str) -> str:
    if part.isspace():
        return r"[\s-]+"
    ending = ""
    if part.endswith("e") and len(part) > 3:
        ending = "(?:n|r|s|m)?"
    elif part.endswith("er") and len(part) > 5:
        ending = "(?:n|s|m)?"
    if len(part) <= 3 or not part[0].isupper():
        return re.escape(part) + ending
    return re.escape(part[0]) + f"(?i:{re.escape(part[1:])}{ending})"
