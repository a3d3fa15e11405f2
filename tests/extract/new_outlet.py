"""Twenty pages of an invented outlet whose boxes carry no name that gives them
away: only repetition tells them apart.

The classes say nothing, the boxes stand between and below the paragraphs as
paragraphs, and each has another rhythm: on every page, by author, in turns, or
for as long as a story is among the latest.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

PAGES = 20
TURN = 8  # pages for as long as the same stories are among the latest
PLACES = (
    "Auenburg",
    "Talheim",
    "Niederau",
    "Altwerder",
    "Moorbach",
    "Lindenfels",
    "Sandkrug",
    "Hohenwiese",
)
THINGS = (
    "Brücke",
    "Turnhalle",
    "Mühle",
    "Schleuse",
    "Bücherei",
    "Kita",
    "Feuerwache",
    "Kirche",
    "Halle",
    "Linde",
)
DEEDS = (
    "wird im kommenden Jahr für {n} Euro erneuert",
    "bleibt nach einem Brand für {n} Tage geschlossen",
    "zieht an einem Tag mehr als {n} Besucher an",
    "gehört seit {n} Wochen einem neuen Verein",
    "ist nach {n} Monaten wieder für alle geöffnet",
    "soll nach dem Willen von {n} Anwohnern stehen bleiben",
)
VOICES = (
    "„Damit hatte hier niemand gerechnet“, sagte {name} am {day}.",
    "{name} sprach am {day} von einem Schritt, der längst fällig war.",
    "Nach Angaben von {name} ist die Entscheidung schon am {day} gefallen.",
    "Am {day} will {name} die Pläne noch einmal öffentlich erklären.",
)
NAMES = (
    "Ute Lamm",
    "Jens Rohde",
    "Karin Lothar",
    "Emil Harms",
    "Silke Moll",
    "Uwe Lanz",
    "Petra Kulm",
    "Hans Lüders",
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
ALWAYS = (
    (
        "Das Land zwischen den Flüssen hat viele Geschichten, und wir erzählen jeden Tag die"
        " wichtigsten von ihnen."
    ),
    (
        "Bilder aus alten Alben gesucht: Wer zeigt uns, wie es früher auf dem Gestüt der Familie"
        " Ahrendt aussah?"
    ),
)
TURNS = (
    (
        "Im neuen Magazin geht es um Segelboote, alte Apfelsorten und die Frage, wer den besten"
        " Kuchen backt."
    ),
    (
        "Beim großen Leserrätsel gibt es in dieser Woche eine Reise nach Lissabon für zwei Personen"
        " zu gewinnen."
    ),
    (
        "Unser Kalender mit den schönsten Leuchttürmen ist da und liegt in allen Geschäftsstellen"
        " bereit."
    ),
)
AUTHORS = {
    "Hanna Probst": "Hanna Probst kennt jeden Feldweg und isst am liebsten Grünkohl.",
    "Tom Reuschel": "Tom Reuschel kam vor zehn Jahren aus Leipzig und blieb wegen der Deiche.",
    "Ida Voss": "Ida Voss hat Schiffbau studiert und spielt am Wochenende Posaune.",
}


@dataclass(frozen=True)
class Labelled:
    """One page, its own text, and what the feed says of it."""

    url: str
    html: bytes
    text: str
    announced: tuple[str, str]


def outlet(
    seed: int = 7,
) -> tuple[tuple[Labelled, ...], tuple[tuple[str, str], ...]]:
    """The outlet's pages in the order in which they were published; and title
    and summary of all its stories.
    """
    chance = random.Random(seed)
    stories = [_story(chance) for _ in range(PAGES + TURN)]
    pages = tuple(
        _page(number, stories, chance) for number in range(TURN, PAGES + TURN)
    )
    return pages, tuple(
        (title, paragraphs[0]) for title, paragraphs in stories
    )


def _story(chance: random.Random) -> tuple[str, list[str]]:
    place, thing = chance.choice(PLACES), chance.choice(THINGS)
    paragraphs = []
    for _ in range(chance.randint(4, 8)):
        deed = chance.choice(DEEDS).format(n=chance.randint(11, 9999))
        voice = chance.choice(VOICES).format(
            name=chance.choice(NAMES), day=chance.choice(DAYS)
        )
        other = (
            f"Auch in {chance.choice(PLACES)} kennt man das, dort waren es {chance.randint(2, 900)}"
            " Fälle."
        )
        paragraphs.append(
            f"Die {chance.choice(THINGS)} in {place} {deed}. {voice} {other}"
        )
    return (
        f"{thing} in {place}: Nummer {chance.randint(100, 999)} sorgt für Aufsehen",
        paragraphs,
    )


def _page(
    number: int, stories: list[tuple[str, list[str]]], chance: random.Random
) -> Labelled:
    title, paragraphs = stories[number]
    author = chance.choice(tuple(AUTHORS))
    body = [f"<p>{paragraph}</p>" for paragraph in paragraphs]
    body.insert(1, f"<div class='q1'><p>{ALWAYS[0]}</p></div>")
    body.insert(
        len(body) - 1,
        f"<div class='q2'><p>{TURNS[number % len(TURNS)]}</p></div>",
    )
    newest = number // TURN * TURN
    latest = "".join(
        f"<div><b>{headline}</b><p>{told[0]}</p></div>"
        for headline, told in stories[newest - 2 : newest]
    )
    below = (
        f"<div class='z2'><p>{ALWAYS[1]}</p><p>{AUTHORS[author]}</p></div><div"
        f" class='z3'>{latest}</div>"
    )
    html = (
        "<!DOCTYPE html><html lang='de'><head><meta"
        f" charset='utf-8'><title>{title}</title></head><body><div class='z0'><h1>{title}</h1><div"
        f" class='z1'>{''.join(body)}</div>{below}</div></body></html>"
    )
    url = f"https://neu.example/artikel-{number}"
    return Labelled(
        url, html.encode(), "\n".join(paragraphs), (title, paragraphs[0])
    )
