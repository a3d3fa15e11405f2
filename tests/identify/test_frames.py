"""Titles and texts that differ in one telling word are two stories; one text
under differing headlines is one.
"""

from __future__ import annotations

from itertools import combinations

import pytest

from monitor.identify.exchanges import Exchange, exchanged
from monitor.identify.near import are_two_of_one_frame, likeness, take_prints

WARNING = (
    "Der Wetterdienst rechnet am Abend mit schweren Gewittern. Dabei sind Sturmböen, heftiger"
    " Regen und Hagel möglich. Schließen Sie Fenster und Türen und meiden Sie den Aufenthalt im"
    " Freien. Die Warnung gilt bis zum späten Abend."
)
CLOSED = (
    "Wegen Bauarbeiten ist die Straße für den Verkehr voll gesperrt. Eine Umleitung ist"
    " ausgeschildert. Anlieger können ihre Grundstücke bis zur Baustelle erreichen. Die Arbeiten"
    " dauern voraussichtlich zwei Wochen."
)
SPEED = (
    "Die Kreispolizei kontrolliert die Geschwindigkeit. Mit weiteren Messungen ist im gesamten"
    " Gebiet jederzeit zu rechnen. Überhöhtes Tempo ist noch immer die häufigste Ursache schwerer"
    " Unfälle, sagt die Behörde."
)
RECALL = (
    "Der Hersteller ruft das Produkt zurück, weil sich in einzelnen Packungen Teile aus Metall"
    " befinden können. Vom Verzehr wird dringend abgeraten. Kunden erhalten den Kaufpreis auch ohne"
    " Vorlage des Kassenbons zurück."
)
NO_LESSONS = (
    "Wegen eines Schadens an der Heizung fällt der Unterricht am Montag aus. Eine Notbetreuung ist"
    " eingerichtet. Eltern werden gebeten, ihre Kinder zu Hause zu lassen. Die Reparatur dauert"
    " voraussichtlich bis zum Abend."
)
MATCH = (
    "Das Spiel beginnt am Samstag um 15 Uhr. Karten gibt es an der Tageskasse und im Vorverkauf."
    " Der Trainer kann auf alle Spieler zurückgreifen und erwartet eine enge Partie vor vielen"
    " Zuschauern."
)
WATER = (
    "Das Trinkwasser muss bis auf Weiteres abgekocht werden. Bei einer Routinekontrolle wurden"
    " Keime gefunden. Das Gesundheitsamt bittet, Wasser zum Trinken und zum Zubereiten von Speisen"
    " drei Minuten sprudelnd zu kochen."
)
LOTTERY = (
    "Ein Spieler aus dem Verbreitungsgebiet hat bei der Ziehung den Hauptgewinn erzielt. Der Schein"
    " wurde in einer Annahmestelle abgegeben. Die Gesellschaft bittet den Gewinner, sich innerhalb"
    " von dreizehn Wochen zu melden."
)

TWO = [
    (WARNING, "Unwetterwarnung für Bünde", "Unwetterwarnung für Löhne"),
    (WARNING, "Unwetterwarnung für Löhne", "Unwetterwarnung für Vlotho"),
    (WARNING, "Bünde: Warnung vor Gewitter", "Löhne: Warnung vor Gewitter"),
    (
        WARNING,
        "Gewitterwarnung für den Kreis Herford",
        "Gewitterwarnung für den Kreis Minden",
    ),
    (WARNING, "Warnung für Bad Oeynhausen", "Warnung für Hiddenhausen"),
    (WARNING, "Amtliche Warnung: Spenge", "Amtliche Warnung: Enger"),
    (
        WARNING,
        "Unwetter: Warnung für Gemeinde Kirchlengern",
        "Unwetter: Warnung für Stadt Vlotho",
    ),
    (WARNING, "Wetter: Herford", "Wetter: Minden"),
    (WARNING, "Wetterwarnung für Montag", "Wetterwarnung für Dienstag"),
    (WARNING, "Wetterwarnung für heute", "Wetterwarnung für morgen"),
    (WARNING, "Warnung für Bünde (Update)", "Warnung für Löhne (Update)"),
    (WARNING, "+++ Warnung für Bünde +++", "+++ Warnung für Löhne +++"),
    (WARNING, "Warnung vor Glätte in Hagen", "Warnung vor Glätte in Haren"),
    (WARNING, "Hochwasser an der Weser", "Hochwasser an der Ems"),
    (NO_LESSONS, "Kita Sonnenschein bleibt zu", "Kita Regenbogen bleibt zu"),
    (RECALL, "Netto ruft Käse zurück", "Aldi ruft Käse zurück"),
    (CLOSED, "Vollsperrung der A2", "Vollsperrung der A30"),
    (CLOSED, "Sperrung L712", "Sperrung L 860"),
    (CLOSED, "Bauarbeiten auf der B 61", "Bauarbeiten auf der B 239"),
    (CLOSED, "Goethestraße gesperrt", "Schillerstraße gesperrt"),
    (CLOSED, "Sperrung der Werrebrücke", "Sperrung der Weserbrücke"),
    (CLOSED, "Linie 3 fährt Umleitung", "Linie 5 fährt Umleitung"),
    (CLOSED, "Baustelle im Stadtteil Exter", "Baustelle im Stadtteil Valdorf"),
    (
        CLOSED,
        "Stau auf der A 2: zwei Kilometer",
        "Stau auf der A 30: zwei Kilometer",
    ),
    (CLOSED, "Sperrung ab 3. Dezember", "Sperrung ab 17. Dezember"),
    (CLOSED, "Sperrung im November", "Sperrung im Dezember"),
    (SPEED, "Blitzer am Montag", "Blitzer am Donnerstag"),
    (SPEED, "Hier wird geblitzt: Löhne", "Hier wird geblitzt: Rödinghausen"),
    (SPEED, "Tempokontrollen in Bünde", "Tempokontrollen in Enger"),
    (SPEED, "Blitzer in Herford und Bünde", "Blitzer in Herford und Löhne"),
    (RECALL, "Rückruf: Salami Milano", "Rückruf: Leberwurst Classic"),
    (
        RECALL,
        "Rückruf von Müsli der Marke Kornkraft",
        "Rückruf von Müsli der Marke Morgengold",
    ),
    (RECALL, "Rückruf: Charge 4711", "Rückruf: Charge 4822"),
    (
        RECALL,
        "Supermarkt ruft Joghurt zurück",
        "Supermarkt ruft Bergkäse zurück",
    ),
    (
        NO_LESSONS,
        "Unterricht fällt aus: Grundschule Exter",
        "Unterricht fällt aus: Grundschule Ahle",
    ),
    (
        NO_LESSONS,
        "Ravensberg-Gymnasium geschlossen",
        "Friedrichs-Gymnasium geschlossen",
    ),
    (NO_LESSONS, "Schulausfall in Bünde", "Schulausfall in Spenge"),
    (
        NO_LESSONS,
        "Heizung defekt: Realschule Nord zu",
        "Heizung defekt: Realschule Süd zu",
    ),
    (MATCH, "Vorschau: TuS Bruchmühlen", "Vorschau: VfL Holsen"),
    (
        MATCH,
        "SC Herford empfängt den BV Stift Quernheim",
        "SC Herford empfängt den FC Exter",
    ),
    (
        MATCH,
        "Handball: Nettelstedt vor dem Spiel",
        "Handball: Lemgo vor dem Spiel",
    ),
    (WATER, "Abkochgebot für Elverdissen", "Abkochgebot für Diebrock"),
    (
        WATER,
        "Keime im Trinkwasser: Kreis Lippe",
        "Keime im Trinkwasser: Kreis Höxter",
    ),
    (
        LOTTERY,
        "Spieler gewinnt 2,3 Millionen Euro",
        "Spieler gewinnt 1,1 Millionen Euro",
    ),
    (
        LOTTERY,
        "Lotto: Gewinner aus Lübbecke gesucht",
        "Lotto: Gewinner aus Espelkamp gesucht",
    ),
    (LOTTERY, "Zwei Gewinner im Lotto", "Drei Gewinner im Lotto"),
]

FIRE = (
    "In einer Lagerhalle im Herforder Gewerbegebiet ist am frühen Morgen ein Feuer ausgebrochen."
    " Verletzt wurde nach Angaben der Feuerwehr niemand. Rund 80 Einsatzkräfte waren bis zum Mittag"
    " im Einsatz. Die Ursache des Brandes ist noch unklar. Der Schaden geht nach ersten Schätzungen"
    " in die Hunderttausende. Anwohner wurden gebeten, Fenster und Türen zu schließen."
)
BUDGET = (
    "Der Bundestag hat den Haushalt für 2027 beschlossen. Für den Etat stimmten die Abgeordneten der"
    " Koalition, die Opposition votierte dagegen. Finanzminister Kurt Beispiel verteidigte die neuen"
    " Schulden von 80 Milliarden Euro. Kritik kam vom Bund der Steuerzahler, der mehr Einsparungen"
    " verlangte. (dpa)"
)
CRASH = (
    "Bei einem Unfall auf der Autobahn 2 bei Bielefeld sind am Dienstag zwei Menschen schwer"
    " verletzt worden. Ein Lastwagen war nach Angaben der Polizei auf ein Stauende aufgefahren. Die"
    " Fahrbahn in Richtung Hannover war für mehrere Stunden gesperrt. Es bildete sich ein langer"
    " Stau. (dpa/lnw)"
)
ONE = [
    (
        FIRE,
        "Großbrand in Herforder Lagerhalle",
        "Feuer in Herforder Lagerhalle",
    ),
    (FIRE, "Lagerhalle in Herford brennt", "Brand in Lagerhalle"),
    (FIRE, "Feuer in Herford", "Brand in Herford"),
    (FIRE, "Brand in Lagerhalle", "Herford: Brand in Lagerhalle"),
    (FIRE, "Großbrand in Herford", "Großbrand in Herford (Update)"),
    (FIRE, "Großbrand in Herford", "+++ Großbrand in Herford +++"),
    (FIRE, "Großbrand in Herford", "NRW: Großbrand in Herford"),
    (FIRE, "OWL: Großbrand in Herford", "NRW: Großbrand in Herford"),
    (
        FIRE,
        "Großbrand in Herford | Beispielzeitung",
        "Großbrand in Herford - Radio Muster",
    ),
    (FIRE, "Großbrand in Herford | NW", "Großbrand in Herford | WDR"),
    (FIRE, "Großbrand in Herford (mit Video)", "Großbrand in Herford (Fotos)"),
    (FIRE, "Video: Großbrand in Herford", "Blaulicht: Großbrand in Herford"),
    (
        FIRE,
        "Feuerwehr löscht Brand in Herford",
        "Anwohner fliehen vor Brand in Herford",
    ),
    (
        FIRE,
        "80 Einsatzkräfte löschen Lagerhalle",
        "Lagerhalle: Schaden in sechsstelliger Höhe",
    ),
    (
        FIRE,
        "Brand in Herford: Ursache unklar",
        "Brand in Herford: Niemand verletzt",
    ),
    (FIRE, "Brand in Herfrod", "Brand in Herford"),
    (FIRE, "Feuer im Gewerbegebiet", "Feuer in Herford"),
    (FIRE, "Schwerer Brand in Herford", "Heftiger Brand in Herford"),
    (FIRE, "Inferno in Herford", "Feuer in Herford"),
    (
        FIRE,
        "Brand in Halle löst Großeinsatz aus",
        "Feuer in Halle löst Großeinsatz aus",
    ),
    (FIRE, "Eilmeldung: Brand in Herford", "Brand in Herford - Update"),
    (FIRE, "Drama in Herford", "Albtraum in Herford"),
    (
        WARNING,
        "Sturm zieht auf in Kirchlengern",
        "Sturm zieht auf in Kirchlengren",
    ),
    (
        BUDGET,
        "Bundestag beschließt Haushalt 2027",
        "Parlament beschließt Haushalt 2027",
    ),
    (BUDGET, "Bundestag beschließt Haushalt", "Bundestag verabschiedet Etat"),
    (BUDGET, "Bundestag billigt Haushalt", "Koalition billigt Haushalt"),
    (BUDGET, "Haushalt 2027 steht", "Etat 2027 steht"),
    (
        BUDGET,
        "Herford: Bundestag beschließt Etat",
        "Bünde: Bundestag beschließt Etat",
    ),
    (
        BUDGET,
        "Politik: Bundestag beschließt Etat",
        "Berlin: Bundestag beschließt Etat",
    ),
    (
        BUDGET,
        "Haushalt: 80 Milliarden neue Schulden",
        "Haushalt: 80 Milliarden Euro Schulden",
    ),
    (
        BUDGET,
        "Steuerzahlerbund kritisiert Haushalt",
        "Opposition kritisiert Haushalt",
    ),
    (
        BUDGET,
        "Finanzminister verteidigt Haushalt",
        "Beispiel verteidigt Haushalt",
    ),
    (BUDGET, "Mehr Schulden im Etat", "Milliarden Schulden im Etat"),
    (
        CRASH,
        "Unfall auf A2: zwei Verletzte",
        "Unfall auf der A 2: 2 Verletzte",
    ),
    (
        CRASH,
        "Ausbau der A 2: Stau nach Unfall",
        "A 2: Zwei Verletzte bei Unfall",
    ),
    (
        CRASH,
        "Unfall auf A2 bei Bielefeld",
        "Unfall auf Autobahn bei Bielefeld",
    ),
    (
        CRASH,
        "Lkw-Unfall auf A2: Zwei Verletzte",
        "Schwerer Unfall auf A2 mit zwei Verletzten",
    ),
    (CRASH, "Lastwagen fährt auf Stauende", "Lkw fährt auf Stauende"),
    (CRASH, "Laster kracht in Stauende", "Lastwagen kracht in Stauende"),
    (CRASH, "Crash auf A2", "Unfall auf A2"),
    (
        CRASH,
        "Zwei Verletzte nach Unfall auf der A2",
        "Zwei Verletzte nach Crash auf der A2",
    ),
    (CRASH, "Bielefeld: Unfall auf A2", "NRW: Unfall auf A2"),
    (CRASH, "A2 nach Unfall gesperrt", "Autobahn nach Unfall gesperrt"),
    (
        CRASH,
        "Unfall auf A2: Stau Richtung Hannover",
        "Unfall auf A2: Stau bei Bielefeld",
    ),
]
HEADLINES = (
    "Großbrand in Herforder Lagerhalle",
    "Feuer in Herforder Lagerhalle",
    "Herford: Großbrand in Lagerhalle",
    "Großbrand in Herford (Update)",
    "+++ Großbrand in Herford +++",
    "Lagerhalle brennt: 80 Feuerwehrleute im Einsatz",
    "80 Einsatzkräfte bei Brand in Herford",
    "Brand im Gewerbegebiet: Ursache unklar",
    "NRW: Brand in Herforder Lagerhalle",
    "Großbrand in Herford | Radio Muster",
    "Großeinsatz der Feuerwehr in Herford",
    "Hunderttausende Euro Schaden bei Brand",
    "Feuerwehr löscht Lagerhalle im Gewerbegebiet",
    "Anwohner sollen Fenster schließen",
)


def check(
    first: tuple[str, str], second: tuple[str, str], *, copies: bool
) -> None:
    one = take_prints(first[0], "", first[1], feed_id="a")
    other = take_prints(second[0], "", second[1], feed_id="b")
    assert (likeness(one, other) > 0) is copies
    assert (likeness(other, one) > 0) is copies


@pytest.mark.parametrize(("text", "one", "other"), TWO)
def test_another_name_in_the_title_is_another_story(
    text: str, one: str, other: str
) -> None:
    check((one, text), (other, text), copies=False)
    check((one, text), (one, text), copies=True)


@pytest.mark.parametrize(("text", "one", "other"), ONE)
def test_another_headline_over_one_text_is_the_same_story(
    text: str, one: str, other: str
) -> None:
    check((one, text), (other, text), copies=True)


def test_fourteen_headlines_of_one_text_are_one_story() -> None:
    for one, other in combinations(HEADLINES, 2):
        check((one, FIRE), (other, FIRE), copies=True)


ROAD = (
    "Die {} ist zwischen {} und {} wegen Bauarbeiten voll gesperrt. Eine Umleitung ist"
    " ausgeschildert. Anlieger können ihre Grundstücke erreichen, Busse fahren weiter nach Plan."
)
LEAK = (
    "Nach einem Rohrbruch ist das Wasser in {} abgestellt. Die Stadtwerke arbeiten an der"
    " Reparatur und stellen Wagen mit Trinkwasser bereit. Mit Einschränkungen ist noch bis zum"
    " späten Abend zu rechnen."
)
SAME_TITLE = [
    (
        ROAD.format("L712", "Exter", "Herford"),
        ROAD.format("L860", "Exter", "Herford"),
    ),
    (
        ROAD.format("L 712", "Exter", "Herford"),
        ROAD.format("L 860", "Enger", "Spenge"),
    ),
    (
        ROAD.format("L712", "Exter", "Herford"),
        ROAD.format("L712", "Exter", "Vlotho"),
    ),
    (
        ROAD.format("A2", "Exter", "Herford"),
        ROAD.format("A30", "Exter", "Herford"),
    ),
    (
        ROAD.format("Goethestraße", "Markt", "Bahnhof"),
        ROAD.format("Schillerstraße", "Markt", "Bahnhof"),
    ),
    (LEAK.format("Bünde"), LEAK.format("Löhne")),
    (
        LEAK.format("der Gemeinde Kirchlengern"),
        LEAK.format("der Gemeinde Hiddenhausen"),
    ),
    (LEAK.format("Bad Salzuflen"), LEAK.format("Lage")),
    (
        LEAK.format("Elverdissen und Diebrock"),
        LEAK.format("Stedefreund und Eickum"),
    ),
    ("Bünde. " + WATER, "Löhne. " + WATER),
    (
        WARNING.replace("rechnet am Abend", "rechnet für Bünde am Abend"),
        WARNING.replace("rechnet am Abend", "rechnet für Löhne am Abend"),
    ),
]
SAME_TEXT = [
    (FIRE, FIRE.replace("Rund 80", "Etwa 80")),
    (FIRE, FIRE.replace("ein Feuer ausgebrochen", "ein Brand ausgebrochen")),
    (FIRE, FIRE.replace("niemand", "offenbar niemand")),
    (FIRE, FIRE.replace("Einsatzkräfte", "Feuerwehrleute")),
    (FIRE, FIRE[:200]),
    ("Herford (dpa) - " + FIRE, "Bielefeld (dpa/lnw) - " + FIRE),
    ("Herford (dpa) - " + FIRE, FIRE),
    (
        FIRE,
        FIRE.replace(
            "im Herforder Gewerbegebiet", "im Gewerbegebiet von Herford"
        ),
    ),
    (FIRE, FIRE.replace("am frühen Morgen", "in der Nacht")),
    (BUDGET, BUDGET.replace("Bund der Steuerzahler", "Steuerzahlerbund")),
    (CRASH, CRASH.replace("Autobahn 2", "A2")),
    (CRASH, CRASH.replace("Lastwagen", "Lkw")),
]


@pytest.mark.parametrize(("one", "other"), SAME_TITLE)
def test_another_name_in_the_text_is_another_story(
    one: str, other: str
) -> None:
    check(("Aktuelle Meldung", one), ("Aktuelle Meldung", other), copies=False)


@pytest.mark.parametrize(("one", "other"), SAME_TEXT)
def test_an_edited_text_is_the_same_story(one: str, other: str) -> None:
    check(("Aktuelle Meldung", one), ("Aktuelle Meldung", other), copies=True)


def test_what_was_exchanged() -> None:
    one, other = [*"abcdefXghijklm"], [*"xyabcdefYghijklmno"]
    assert exchanged(one, other) == [Exchange(["X"], ["Y"], "f")]
    assert exchanged(one, one) == []
    assert exchanged(other, one[:6] + one[7:]) == []


def two_of_one_frame(first: tuple[str, str], second: tuple[str, str]) -> bool:
    one = take_prints(first[0], "", first[1], feed_id="a")
    other = take_prints(second[0], "", second[1], feed_id="b")
    found = are_two_of_one_frame(one, other)
    assert are_two_of_one_frame(other, one) is found
    return found


def test_what_keeps_a_whole_story_closed() -> None:
    bunde = ("Unwetterwarnung für Bünde", WARNING)
    lohne = ("Unwetterwarnung für Löhne", WARNING)
    assert two_of_one_frame(bunde, lohne)
    assert not two_of_one_frame(bunde, ("Unwetterwarnung", WARNING))
    assert not two_of_one_frame(bunde, ("Unwetterwarnung für Bünde", CLOSED))
    assert two_of_one_frame(
        ("Sperrung", SAME_TITLE[0][0]), ("Sperrung", SAME_TITLE[0][1])
    )
    assert not two_of_one_frame(
        ("Brand in Herford", FIRE), ("Feuer in Halle", FIRE)
    )
    assert not two_of_one_frame(("", FIRE), ("Feuer in Halle", FIRE))
