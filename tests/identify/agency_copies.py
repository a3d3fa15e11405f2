"""Agency texts, the copies that outlets make of them, and texts that only look
like copies. All of it is made up.

`world(seed, n)` gives labelled articles: equal labels are one story. Copies
get another headline, are cut, get a local lead or local paragraphs, have
quotes in another order, other quotation marks and dashes, an agency mark or
none, or small edits. Near misses: the follow-up that repeats the background,
another event of the same topic, and templates filled anew (police reports,
weather, lottery, match reports, stock market).
"""

from __future__ import annotations

import random
from dataclasses import dataclass

PLACES = (
    "Herford",
    "Bünde",
    "Bielefeld",
    "Minden",
    "Detmold",
    "Paderborn",
    "Gütersloh",
    "Löhne",
    "Enger",
    "Vlotho",
    "Münster",
    "Dortmund",
    "Köln",
    "Essen",
    "Bochum",
    "Hamm",
    "Soest",
    "Siegen",
    "Kassel",
    "Göttingen",
    "Osnabrück",
    "Hannover",
    "Bremen",
    "Kiel",
    "Rostock",
    "Erfurt",
    "Jena",
    "Halle",
    "Leipzig",
    "Dresden",
    "Ulm",
    "Freiburg",
)
NAMES = (
    "Anke Brömmel",
    "Jens Kottkamp",
    "Sabine Ritterbusch",
    "Ulf Hagemeier",
    "Petra Nolting",
    "Kai Wessling",
    "Ines Obermann",
    "Rolf Dreckmeier",
    "Tarek Yildirim",
    "Mara Lindqvist",
    "Olena Hrytsak",
    "Jörg Sundermann",
    "Heike Vogelsang",
    "Nils Bartling",
    "Carla Meinders",
    "Dirk Pohlmann",
    "Silke Ostermann",
    "Timo Kreft",
    "Beate Quest",
    "Bernd Uhlenbrock",
)
OFFICES = (
    "Landrat",
    "Bürgermeisterin",
    "Ministerin",
    "Sprecher der Stadt",
    "Leiterin des Amtes",
    "Vorsitzende des Verbandes",
    "Präsident der Kammer",
    "Staatssekretär",
    "Professorin",
    "Geschäftsführer",
    "Kreisbrandmeister",
    "Intendantin",
)
THINGS = (
    "Haushalt",
    "Bahnhof",
    "Krankenhaus",
    "Windpark",
    "Radweg",
    "Neubau",
    "Schulzentrum",
    "Freibad",
    "Flughafen",
    "Klärwerk",
    "Stadttheater",
    "Gewerbegebiet",
    "Brückenbau",
    "Hochwasserschutz",
    "Fernwärmenetz",
    "Rettungsdienst",
    "Wochenmarkt",
    "Tierheim",
    "Messegelände",
    "Wasserwerk",
    "Archiv",
    "Wohnheim",
    "Nahverkehr",
    "Impfzentrum",
)
VERBS = (
    "beschlossen",
    "verschoben",
    "abgelehnt",
    "vorgestellt",
    "gelobt",
    "kritisiert",
    "geprüft",
    "verteidigt",
    "gefordert",
    "angekündigt",
    "bestätigt",
    "verhandelt",
    "finanziert",
    "gebremst",
    "erweitert",
    "saniert",
    "verkauft",
    "gestoppt",
)
ADJECTIVES = (
    "neue",
    "geplante",
    "umstrittene",
    "teure",
    "lange erwartete",
    "kleine",
    "moderne",
    "marode",
    "gemeinsame",
    "private",
    "zusätzliche",
    "vorläufige",
    "europäische",
    "regionale",
    "kostenlose",
    "digitale",
    "gefährliche",
    "seltene",
)
REASONS = (
    "weil das Geld fehlt",
    "obwohl viele Anwohner widersprachen",
    "nachdem ein Gutachten Mängel gezeigt hatte",
    "um den Verkehr zu entlasten",
    "damit mehr Familien zuziehen",
    "weil Fachkräfte gesucht werden",
    "obwohl die Frist längst abgelaufen war",
    "nachdem das Land Mittel zugesagt hatte",
    "um Energie zu sparen",
    "weil die Preise stark gestiegen sind",
    "ohne dass ein Ersatz bereitsteht",
    "damit der Winter sicher wird",
)
FRAMES = (
    "Der {adj} {thing} in {place} wird {reason} {verb}.",
    "{office} {name} hat den {thing} am {day} {verb}, {reason}.",
    "Nach Angaben von {name} kostet der {thing} rund {n} Millionen Euro.",
    "In {place} haben {n} Menschen gegen den {thing} demonstriert, {reason}.",
    "Der {thing} war im Jahr {year} {verb} worden, {reason}.",
    "Rund {n} Prozent der Befragten in {place} halten den {thing} für wichtig.",
    "Die Gespräche über den {thing} zwischen {place} und {place2} sollen im {month} weitergehen.",
    "{name} verwies auf Erfahrungen aus {place2}, wo ein {adj} {thing2} {verb} wurde.",
    "Zugleich wurde bekannt, dass {office} {name} den {thing2} nicht mehr {verb} sehen will.",
    "Seit {year} streiten {place} und {place2} über den {thing}, {reason}.",
    "Eine Entscheidung über den {thing2} fällt frühestens im {month}, hieß es aus {place}.",
    "Kritik kam von {name}: Der {thing} sei {verb} worden, {reason}.",
    "Experten rechnen damit, dass der {adj} {thing} erst {year2} fertig ist.",
    "Für den {thing} stehen nach dem Plan von {office} {name} nur {n} Stellen bereit.",
)
QUOTES = (
    "„Wir haben den {thing} {verb}, {reason}“, sagte {office} {name}.",
    "„Ohne den {adj} {thing} geht es in {place} nicht weiter“, sagte {name}.",
    (
        "„Das ist für {place} ein guter Tag, auch wenn {n} Fragen offen sind“, erklärte {office}"
        " {name}."
    ),
    "„Niemand hat den {thing2} ernsthaft {verb}“, betonte {name} am {day}.",
)
DAYS = (
    "Montag",
    "Dienstag",
    "Mittwoch",
    "Donnerstag",
    "Freitag",
    "Samstag",
    "Sonntag",
)
MONTHS = (
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "September",
    "Oktober",
    "November",
    "Dezember",
)
ENDINGS = (
    "",
    "\n(dpa)",
    "\ndpa/lnw",
    "\n(red/dpa)",
    "\n© dpa-infocom, dpa:261123-930-{n}/1",
    "\nMit Material der AFP",
)
TEMPLATES = (
    (
        "{place} - Bei einem Verkehrsunfall auf der Bundesstraße {n} ist am {day} ein {n2}-Jähriger"
        " verletzt worden. Nach Angaben der Polizei kam er gegen {hour}.{minute} Uhr mit seinem"
        " Wagen von der Fahrbahn ab und prallte gegen einen Baum. Ein Rettungswagen brachte ihn in"
        " ein Krankenhaus. Der Sachschaden wird auf {n3} Euro geschätzt. Die Straße war für {n4}"
        " Minuten gesperrt. Hinweise nimmt die Polizei in {place} unter der Nummer {phone}"
        " entgegen."
    ),
    (
        "Unbekannte sind in der Nacht zu {day} in ein Haus an der {name}-Straße in {place}"
        " eingebrochen. Sie hebelten ein Fenster auf und durchsuchten mehrere Räume. Die Täter"
        " flüchteten mit Schmuck und {n3} Euro Bargeld. Die Polizei sucht Zeugen, die zwischen"
        " {hour} und {hour2} Uhr Verdächtiges bemerkt haben. Hinweise unter {phone}."
    ),
    (
        "Die Gewinnzahlen der Ziehung vom {day}: {n}, {n2}, {n4}, {hour}, {hour2}, {minute}."
        " Superzahl: {digit}. Spiel 77: {phone}. Alle Angaben sind ohne Gewähr. Der Jackpot liegt"
        " bei {n5} Millionen Euro. Der Einsatz betrug {n3} Euro bundesweit."
    ),
    (
        "Das Wetter in {place} am {day}: Am Morgen ist es meist bewölkt, im Tagesverlauf kommt die"
        " Sonne heraus. Die Höchstwerte liegen bei {hour} bis {hour2} Grad, in der Nacht kühlt es"
        " auf {digit} Grad ab. Der Wind weht mit {n} Kilometern pro Stunde aus Südwest. Die"
        " Regenwahrscheinlichkeit beträgt {n2} Prozent. Der Pollenflug ist gering."
    ),
    (
        "Der Dax hat am {day} mit {n3} Punkten geschlossen, ein Plus von {digit},{n} Prozent. Der"
        " MDax gewann {digit},{n2} Prozent auf {n6} Zähler. Der Euro kostete am Abend 1,{n4}"
        " Dollar. Die Umlaufrendite lag bei 2,{minute} Prozent. Der Rentenindex stieg auf {n5}"
        " Punkte. An der New Yorker Börse gab der Dow Jones zuletzt um 0,{hour} Prozent nach."
    ),
    (
        "{place} hat am {day} mit {digit}:{digit2} gegen {place2} verloren. Vor {n3} Zuschauern"
        " traf {name} in der {n}. Minute zur Führung, {name2} glich in der {n2}. Minute aus. Den"
        " Siegtreffer erzielte {name3} in der {n4}. Minute. Am nächsten Spieltag geht es gegen"
        " {place3}. {place} steht mit {hour} Punkten auf Platz {hour2} der Tabelle."
    ),
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One article. `event` tells the story; `kind` how this copy was made."""

    event: str
    kind: str
    title: str
    lead: str
    text: str


def world(seed: int, events: int) -> list[Labelled]:
    """So many agency texts with their copies and near misses, mixed."""
    chance = random.Random(seed)
    found: list[Labelled] = []
    for number in range(events):
        found += _event(chance, f"{seed}-{number}")
    for number in range(events * 2):
        found.append(_filled(chance, f"t{seed}-{number}"))
    chance.shuffle(found)
    return found


def _event(chance: random.Random, event: str) -> list[Labelled]:
    subject = {
        "place": chance.choice(PLACES),
        "thing": chance.choice(THINGS),
        "name": chance.choice(NAMES),
    }
    background = [
        _sentence(chance, FRAMES, subject) for _ in range(chance.randint(2, 5))
    ]
    original = _original(chance, subject, background)
    found = [_article(chance, event, "original", original)]
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3, 5, 8))):
        kind = chance.choice(
            (
                "verbatim",
                "headline",
                "cut",
                "cut_hard",
                "local_lead",
                "local_end",
                "quotes",
                "edited",
            )
        )
        found.append(
            _article(chance, event, kind, _copy(chance, kind, original))
        )
    # the next day's text: other news, the same background
    if chance.random() < 0.5:
        follow_up = _original(chance, subject, background)
        found.append(
            _article(chance, f"{event}-follow-up", "follow_up", follow_up)
        )
    if chance.random() < 0.3:  # the same topic, another event
        found.append(
            _article(
                chance,
                f"{event}-other",
                "other_event",
                _original(chance, subject, []),
            )
        )
    return found


def _original(
    chance: random.Random, subject: dict[str, str], background: list[str]
) -> list[str]:
    news = [
        _sentence(chance, FRAMES, subject)
        for _ in range(chance.randint(7, 22))
    ]
    quotes = [
        _sentence(chance, QUOTES, subject) for _ in range(chance.randint(1, 4))
    ]
    for quote in quotes:
        news.insert(chance.randint(2, len(news)), quote)
    return news + background


def _copy(chance: random.Random, kind: str, original: list[str]) -> list[str]:
    size = len(original)
    local = [
        _sentence(chance, FRAMES, {"place": chance.choice(PLACES)})
        for _ in range(chance.randint(1, 4))
    ]
    match kind:
        case "cut":
            return original[: max(4, round(size * chance.uniform(0.55, 0.9)))]
        case "cut_hard":
            return original[: max(4, round(size * chance.uniform(0.35, 0.5)))]
        case "local_lead":
            return local[:3] + original[chance.randint(0, 2) :]
        case "local_end":
            return original[: max(6, round(size * 0.8))] + local
        case "quotes":
            quotes = [s for s in original if s.startswith("„")]
            chance.shuffle(quotes)
            return [quotes.pop() if s.startswith("„") else s for s in original]
        case "edited":
            return [
                _edited(chance, s) if chance.random() < 0.3 else s
                for s in original
            ]
    return list(original)


def _edited(chance: random.Random, sentence: str) -> str:
    parts = sentence.split()
    parts[chance.randrange(len(parts))] = chance.choice(
        ("bereits", "offenbar", "derzeit", "allerdings")
    )
    return " ".join(parts)


def _article(
    chance: random.Random, event: str, kind: str, sentences: list[str]
) -> Labelled:
    text = ""
    for sentence in sentences:
        text += sentence + chance.choice((" ", " ", "\n"))
    text = text.strip()
    if kind != "original":
        if chance.random() < 0.5:
            text = text.replace("„", "»").replace("“", "«").replace("-", "–")
        if chance.random() < 0.4:
            text = f"{chance.choice(PLACES)} (dpa) - {text}"
    text += chance.choice(ENDINGS).format(n=chance.randint(100, 999))
    # Each outlet takes another sentence of the text for its headline.
    headline = " ".join(chance.choice(sentences).split()[:8])
    title = f"{chance.choice(THINGS)}: {headline}"
    lead, _, rest = text.partition("\n")
    return (
        Labelled(event, kind, title, lead, rest)
        if chance.random() < 0.5
        else Labelled(event, kind, title, "", text)
    )


def _filled(chance: random.Random, event: str) -> Labelled:
    text = _fill(chance, chance.choice(TEMPLATES), {})
    return Labelled(
        event, "template", f"Polizeimeldung: {chance.choice(PLACES)}", "", text
    )


def _sentence(
    chance: random.Random, frames: tuple[str, ...], subject: dict[str, str]
) -> str:
    kept = {
        key: value for key, value in subject.items() if chance.random() < 0.6
    }
    return _fill(chance, chance.choice(frames), kept)


def _fill(chance: random.Random, frame: str, kept: dict[str, str]) -> str:
    number = chance.randint
    values = {
        "place": chance.choice(PLACES),
        "place2": chance.choice(PLACES),
        "place3": chance.choice(PLACES),
        "name": chance.choice(NAMES),
        "name2": chance.choice(NAMES),
        "name3": chance.choice(NAMES),
        "office": chance.choice(OFFICES),
        "thing": chance.choice(THINGS),
        "thing2": chance.choice(THINGS),
        "adj": chance.choice(ADJECTIVES),
        "verb": chance.choice(VERBS),
        "reason": chance.choice(REASONS),
        "day": chance.choice(DAYS),
        "month": chance.choice(MONTHS),
        "year": number(1990, 2025),
        "year2": number(2027, 2035),
        "n": number(2, 99),
        "n2": number(18, 90),
        "n3": number(1000, 30000),
        "n4": number(10, 90),
        "n5": number(10, 90),
        "n6": number(20000, 30000),
        "hour": number(1, 12),
        "hour2": number(13, 23),
        "minute": number(10, 59),
        "digit": number(0, 9),
        "digit2": number(0, 9),
        "phone": number(100000, 999999),
    }
    return frame.format(**(values | kept))
