"""What an outlet's pages repeat, through the whole program: background alerts
on each page that has it; what the publisher says to its readers alerts nobody,
once it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from tests.flow.world import HEAD, Item, World, feeds_yaml, rss, told
from tests.services.web import Answer, Site

PAGES = 14
TOPIC = "topics:\n  - {name: Grubenweiher, any: ['Grubenweiher*'], recipients: [anna]}\n"
ANNA = "anna@example.org"
PLACES = (
    "Auenburg",
    "Talheim",
    "Niederau",
    "Altwerder",
    "Moorbach",
    "Sandkrug",
    "Hohenwiese",
)
DEEDS = (
    "bekommt im Herbst ein neues Dach, und die Kosten trägt zur Hälfte das Land",
    "zieht in ein größeres Haus am Bahnhof um, weil der Platz nicht mehr reicht",
    "feiert am Wochenende ein Fest, zu dem auch Gäste aus Frankreich erwartet werden",
    "sucht Freiwillige, die an zwei Abenden im Monat hinter der Theke stehen",
    "bleibt wegen einer kaputten Heizung bis zum Ende der Ferien geschlossen",
    "hat einen Preis gewonnen und will das Geld in neue Instrumente stecken",
)
WHO = (
    "Turnverein",
    "Musikschule",
    "Bücherei",
    "Feuerwehr",
    "Mensa",
    "Volkshochschule",
    "Theater",
)


def own(number: int, paragraph: int) -> str:
    """A paragraph that no other page has."""
    who = WHO[(number + paragraph) % 7]
    place = PLACES[(number * 3 + paragraph) % 7]
    deed = DEEDS[(number + 2 * paragraph) % 6]
    return f"Die Gruppe {who} {number}-{paragraph} in {place} {deed}. Das sagte eine Frau am Montag."


def paragraphs(number: int, count: int = 4) -> list[str]:
    return [f"<p>{own(number, paragraph)}</p>" for paragraph in range(count)]


def article(number: int, body: Sequence[str], below: str = "") -> str:
    title = title_of(number)
    return (
        f"<html lang='de'><head><title>{title}</title></head><body><main><h1>{title}</h1>"
        f"<div class='text'>{''.join(body)}</div>{below}</main></body></html>"
    )


def title_of(number: int) -> str:
    return f"{WHO[number % 7]} in {PLACES[number % 7]}: Meldung {number}"


def placed(line: str, place: int) -> Callable[[int], str]:
    """Pages whose text has `line` as a paragraph there; -1 is its end."""

    def make(number: int) -> str:
        body = paragraphs(number)
        body.insert(place if place >= 0 else len(body), f"<p>{line}</p>")
        return article(number, body)

    return make


def beside(box: str, place: int | None = None) -> Callable[[int], str]:
    """Pages that have a box below the text, or between its paragraphs."""

    def make(number: int) -> str:
        body = paragraphs(number)
        if place is None:
            return article(number, body, box)
        return article(number, [*body[:place], box, *body[place:]])

    return make


@dataclass(frozen=True)
class Host:
    """One outlet: how its pages are made, and how its feed names them."""

    name: str
    page: Callable[[int], str]
    title: Callable[[int], str] = title_of
    summary: Callable[[int], str] = lambda number: own(number, 0)[:60]
    pages: int = PAGES
    known_after: int = 6  # pages until a line of each page is known to repeat

    def items(self) -> list[Item]:
        numbers = range(self.pages)
        return [
            Item(f"m{n}", self.title(n), summary=self.summary(n))
            for n in numbers
        ]


BACKGROUND = (
    "Seit Mai ermittelt die Polizei wegen der Brände am Grubenweiher, bei denen drei Scheunen und"
    " ein Sägewerk zerstört wurden; der Schaden geht nach Schätzung in die Millionen."
)


def form(*lines: str, tag: str = "p") -> Callable[[int], str]:
    """Pages of one template: `{n}` and `{place}` are all that changes."""

    def make(number: int) -> str:
        filled = (
            line.format(n=number, place=PLACES[number % 7]) for line in lines
        )
        body = "".join(f"<{tag}>{line}</{tag}>" for line in filled)
        head = f"Meldung {number} aus {PLACES[number % 7]}"
        return (
            f"<html lang='de'><head><title>{head}</title></head><body><article><h1>{head}</h1>"
            f"{body}</article></body></html>"
        )

    return make


def form_title(number: int) -> str:
    return f"Meldung {number} aus {PLACES[number % 7]}"


def form_host(
    name: str, *lines: str, tag: str = "p", summary: str = "Kurz gemeldet."
) -> Host:
    return Host(
        name, form(*lines, tag=tag), form_title, lambda number: summary
    )


def each_in_a_box(number: int) -> str:
    """A system that gives each paragraph its own element."""
    texts = [own(number, 0), BACKGROUND, own(number, 1), own(number, 2)]
    boxes = [
        f"<div class='el el-{n}'><p>{text}</p></div>"
        for n, text in enumerate(texts)
    ]
    return article(number, boxes)


def table(number: int) -> str:
    rows = {
        "Termin": f"{number + 1}. Juni, 9 Uhr, Saal {number + 3}",
        "Aktenzeichen": f"{number} KLs 21/25",
        "Sache": "Verfahren wegen des Verdachts der Brandstiftung am Grubenweiher in drei Fällen",
        "Hinweis": "Zuhörer werden gebeten, sich wegen der Kontrollen früh im Gericht einzufinden.",
    }
    cells = "".join(
        f"<tr><td>{key}</td><td>{value}</td></tr>"
        for key, value in rows.items()
    )
    return article(
        number, [f"<p>{own(number, 0)}</p>", f"<table>{cells}</table>"]
    )


STAYS = (
    Host("background between", placed(BACKGROUND, 2)),
    Host("background last", placed(BACKGROUND, -1)),
    Host("background first", placed(BACKGROUND, 0)),
    Host("each paragraph in its element", each_in_a_box),
    Host(
        "box of facts by its heading",
        beside(
            f"<div class='k7'><h3>Hintergrund</h3><p>{BACKGROUND}</p></div>", 3
        ),
    ),
    Host(
        "box of facts by its class",
        beside(f"<div class='hintergrund'><p>{BACKGROUND}</p></div>", 2),
    ),
    Host(
        "the first report's lead",
        placed(BACKGROUND, 1),
        summary=lambda number: (
            BACKGROUND if number == 0 else own(number, 0)[:60]
        ),
    ),
    form_host(
        "police reports",
        "In der Nacht ist in {place} zum {n}. Mal ein Auto aufgebrochen worden.",
        "Die Täter schlugen eine Scheibe ein und nahmen Werkzeug und eine Jacke mit.",
        "Zeugen, die am Grubenweiher etwas gesehen haben, werden gebeten, sich zu melden.",
        "Hinweise nimmt die Wache unter der bekannten Telefonnummer rund um die Uhr entgegen.",
    ),
    form_host(
        "recall notices",
        "Der Hersteller ruft den Artikel Nummer {n} zurück, verkauft in {place}.",
        "Im Produkt können sich kleine Teile aus Metall befinden, die beim Essen verletzen.",
        "Betroffen ist Mineralwasser der Quelle Grubenweiher mit dem Datum auf dem Etikett.",
        "Wer es gekauft hat, kann es auch ohne Kassenbon in jede Filiale zurückbringen.",
    ),
    form_host(
        "weather warnings",
        "Für {place} gilt die Warnung Nummer {n} vor Gewittern.",
        "Es besteht Gefahr durch umstürzende Bäume und herabfallende Äste oder Gegenstände.",
        "Besonders am Grubenweiher und an anderen Gewässern droht Lebensgefahr durch Blitze.",
        "Halten Sie Fenster und Türen geschlossen und suchen Sie ein festes Gebäude auf.",
        tag="div",
    ),
    form_host(
        "one sentence is the place",
        "Die Strecke nach {place} ist heute zum {n}. Mal gesperrt.",
        "Grund ist eine Baustelle zwischen dem Bahnhof und der Haltestelle am Grubenweiher.",
    ),
    form_host(
        "obituaries",
        "In {place} nehmen wir Abschied von unserer lieben Nachbarin Nummer {n}.",
        "Die Trauerfeier findet im Kreis der Familie auf dem Friedhof am Grubenweiher statt.",
        "Statt Blumen bitten wir um eine Spende für das Hospiz, das uns so geholfen hat.",
    ),
    form_host(
        "job ads",
        "Für unser Haus in {place} suchen wir {n} Pflegekräfte.",
        "Das Klinikum Grubenweiher ist ein Krankenhaus mit sechs Abteilungen und vielen Betten.",
        "Wir bieten ein gutes Gehalt, dreißig Tage Urlaub und ein Rad für den Weg zur Arbeit.",
        "Bitte richten Sie Ihre Bewerbung mit Zeugnissen an unsere Abteilung für Personal.",
        tag="li",
    ),
    Host("court dates", table),
)
GOES = (
    Host(
        "newsletter",
        placed(
            "Alles vom Grubenweiher jeden Morgen kostenlos in Ihr Postfach: Bestellen Sie hier"
            " unseren Newsletter für die Region.",
            -1,
        ),
    ),
    Host(
        "newsletter between the paragraphs",
        placed(
            "Jetzt den Grubenweiher-Newsletter abonnieren und nichts mehr verpassen!",
            2,
        ),
    ),
    Host(
        "about the author",
        placed(
            "Über die Autorin: Rita Amsel wuchs am Grubenweiher auf und mag Kuchen, Hunde und den"
            " Regen im April.",
            -1,
        ),
    ),
    Host(
        "portrait",
        placed(
            "Rita Amsel ist seit 2014 Redakteurin in der Lokalredaktion Grubenweiher und schreibt"
            " am liebsten über Vereine.",
            -1,
        ),
    ),
    Host(
        "copyright",
        placed(
            "Alle Texte und Bilder gehören dem Verlagshaus Grubenweiher. Nachdruck und"
            " Vervielfältigung nur mit schriftlicher Genehmigung.",
            -1,
        ),
    ),
    Host(
        "imprint",
        placed(
            "Der Bote vom Grubenweiher erscheint im Medienhaus Lenz und Söhne. Verantwortlich für"
            " den Inhalt ist Karl Lenz, Am Markt 3.",
            -1,
        ),
    ),
    Host(
        "subscription",
        placed(
            "Als Abonnent lesen Sie alles vom Grubenweiher: Jetzt vier Wochen kostenlos testen,"
            " danach jederzeit kündbar.",
            2,
        ),
    ),
    Host(
        "more to read",
        placed(
            "Mehr zum Thema Grubenweiher und alle Nachrichten aus der Region finden Sie auf"
            " unserer Themenseite.",
            1,
        ),
    ),
    Host(
        "podcast",
        placed(
            "Unser Podcast vom Grubenweiher erzählt jeden Freitag eine wahre Geschichte.",
            -1,
        ),
    ),
    Host(
        "consent",
        placed(
            "An dieser Stelle finden Sie einen externen Inhalt von Radio Grubenweiher, der mit"
            " Ihrer Zustimmung angezeigt wird.",
            2,
        ),
    ),
    Host(
        "donation",
        placed(
            "Unabhängiger Journalismus vom Grubenweiher kostet Geld: Unterstützen Sie unsere"
            " Redaktion mit einer Spende.",
            -1,
        ),
    ),
    Host(
        "mistakes and letters",
        placed(
            "Haben Sie einen Fehler in diesem Artikel entdeckt? Schreiben Sie der Redaktion"
            " Grubenweiher eine Mail.",
            -1,
        ),
    ),
    Host(
        "a box without a word of its own",
        beside(
            "<div class='q4'><p>Wer kennt das alte Foto vom Grubenweiher, auf dem drei Kinder mit"
            " einem Esel und einem Schlitten stehen?</p></div>"
        ),
    ),
    Host(
        "such a box between the paragraphs",
        beside(
            "<section><p>Der schönste Bildband vom Grubenweiher liegt jetzt im Handel und kostet"
            " nur dreißig Euro mit festem Einband.</p></section>",
            2,
        ),
    ),
    Host(
        "the end of each of very many",
        placed(
            "Zwischen Moor und Grubenweiher steht die Wiege des guten alten Butterkuchens.",
            -1,
        ),
        pages=60,
        known_after=45,
    ),
)


def alerted(world: World, site: Site, host: Host) -> list[int]:
    """Numbers of the pages that alerted, after all were read at once."""
    items = host.items()
    body = rss(site.url("/"), *items).encode()
    site.put("/rss", Answer(body, content_type="application/rss+xml"))
    feed = f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
    world.write(
        feeds_yaml(feed, head=HEAD, topics=TOPIC.removeprefix("topics:\n"))
    )
    for number, item in enumerate(items):
        site.put(f"/{item.key}", host.page(number))
    with world.life() as life:
        life.one_pass()
        outcomes = life.outcomes()["read"]
        assert set(outcomes) <= {"article", "short", "paywall"}, outcomes
        found = set(life.found("Grubenweiher*"))
    mails = world.mails()
    titled = [n for n, item in enumerate(items) if told(mails, item.title)]
    assert found == {items[n].title for n in titled}, (
        "index and matcher see the same words"
    )
    return titled


@pytest.mark.slow
@pytest.mark.parametrize("host", STAYS, ids=lambda host: host.name)
def test_repeated_words_of_the_article_alert_each_time(
    world: World, site: Site, host: Host
) -> None:
    assert alerted(world, site, host) == list(range(host.pages))


@pytest.mark.slow
@pytest.mark.parametrize("host", GOES, ids=lambda host: host.name)
def test_repeated_words_of_the_publisher_alert_nobody_once_known(
    world: World, site: Site, host: Host
) -> None:
    assert len(alerted(world, site, host)) <= host.known_after
