"""A publisher's words to its readers, and words that reporters repeat."""

from __future__ import annotations

import pytest

from monitor.extract.publisher_voice import (
    names_facts,
    opens_facts,
    speaks_as_publisher,
)

PUBLISHERS = (
    "Bestellen Sie hier unseren Newsletter mit den wichtigsten Nachrichten des Tages.",
    "Mit unserem Abendbrief sind Sie nach der Arbeit auf dem Stand.",
    "Der Kulturkompass kommt jeden Donnerstag in Ihr Postfach, jederzeit abbestellbar.",
    "Sie möchten nichts mehr verpassen? Aktivieren Sie die Push-Nachrichten und bekommen alles.",
    "Jetzt vier Wochen gratis testen und alle Artikel ohne Werbung sehen.",
    "Werden Sie Mitglied und halten Sie die Zeitung am Leben.",
    "Unser Podcast zum Thema erscheint an jedem ersten Freitag im Monat.",
    "Folgen Sie unserem Kanal bei WhatsApp, dort sind wir noch schneller.",
    "Laden Sie jetzt die App herunter und stellen Sie sich Ihre Orte ein.",
    "© 2025 Verlagshaus Muster GmbH, Hannover.",
    "Copyright Verlagshaus Muster 2025, jede Nutzung wird verfolgt.",
    "Nachdruck, auch in Teilen, nur mit schriftlicher Genehmigung der Redaktion.",
    "Dieser Text steht unter der Lizenz CC BY-SA 4.0 und darf geteilt werden.",
    "Alle Angaben ohne Gewähr, Irrtum und Änderung möglich.",
    "Dieser Artikel ersetzt keine ärztliche Beratung, fragen Sie Ihren Arzt.",
    "Verantwortlich im Sinne des Presserechts ist die Leiterin des Ressorts.",
    "Wir verwenden Cookies, um die Seite zu verbessern und Werbung zu zeigen.",
    "Wenn Sie über diese Affiliate-Links etwas kaufen, erhalten wir eine Provision.",
    "Über den Autor: Er mag Berge, lange Züge und kurze Sätze.",
    "Eva Muster ist Redakteurin im Ressort Wissen und läuft gern Marathon.",
    "Jan Muster schreibt seit 2011 über Energie und Verkehr.",
    "Haben Sie Fragen zu diesem Artikel? Dann schreiben Sie uns.",
    "Leserbriefe geben nicht die Meinung der Redaktion wieder und werden gekürzt.",
    "Mehr zum Thema Rente und Steuer hören Sie in unserer Sendung.",
    "Über das Unternehmen: Die Firma baut seit 1923 Armaturen an elf Orten.",
)
REPORTERS = (
    "Seit Mai ermittelt die Polizei gegen zwei Männer, die drei Scheunen angezündet haben sollen.",
    "Die Union verweigert dem Gesetz im Bundesrat bisher ihre Zustimmung und verlangt Änderungen.",
    "Der Journalist Jan Kramer war 2018 in seiner Wohnung erschossen worden, die Täter sind frei.",
    "Der Autor des Romans lebt seit dem Anschlag unter Schutz und sieht auf einem Auge nichts.",
    "Die Zeitung hatte den Skandal im März aufgedeckt, seitdem läuft ein Verfahren.",
    "Die Nutzung von Handys ist an der Schule seit dem Sommer verboten, Eltern klagen dagegen.",
    "Das Ticket kostete drei Monate lang neun Euro und wurde millionenfach verkauft.",
    "Zeugen werden gebeten, sich bei der Wache unter der bekannten Nummer zu melden.",
    "Halten Sie Fenster und Türen geschlossen und meiden Sie den Wald.",
    "Betroffene Kunden können das Produkt ohne Kassenbon zurückgeben und erhalten ihr Geld.",
    "Der Angeklagte soll Spenden für einen Verein gesammelt und für sich ausgegeben haben.",
    "Die Datenschutzbeauftragte des Landes prüft den Fall seit dem Frühjahr.",
    "Bitte richten Sie Ihre Bewerbung mit den üblichen Unterlagen an die Abteilung für Personal.",
    "Die Musterwerke AG ist ein Unternehmen der Stahlgruppe und hat 3.000 Beschäftigte.",
    "Das Heim wird von einer Stiftung betrieben und war schon 2019 in die Kritik geraten.",
    "Anzeige erstattet hatte eine Nachbarin, die nachts Schreie gehört hatte.",
    "Statt Blumen bittet die Familie um eine Spende für das Hospiz der Stadt.",
    "Für den Bezirk gilt bis zum Abend eine amtliche Warnung vor starkem Gewitter.",
    "Die App des Betreibers war im Januar ausgefallen, Tausende standen vor verschlossenen Autos.",
    "Kunden müssen sich bis Freitag bei der Behörde registrieren, sonst verfällt der Anspruch.",
)


@pytest.mark.parametrize("line", PUBLISHERS)
def test_a_publisher_speaks(line: str) -> None:
    assert speaks_as_publisher(line)


@pytest.mark.parametrize("line", REPORTERS)
def test_a_reporter_speaks(line: str) -> None:
    assert not speaks_as_publisher(line)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hintergrund", True),
        ("Hintergrund: der Streit um das Wasser", True),
        ("Was bisher bekannt ist", True),
        ("Darum geht's", True),
        ("Zum Fall", True),
        ("Auch interessant", False),
        ("Die Post am Abend", False),
    ],
)
def test_headings_of_facts(line: str, expected: bool) -> None:
    assert opens_facts(line) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Box-Hintergrund", True), ("factbox", True), ("q7 promo", False)],
)
def test_names_of_facts(name: str, expected: bool) -> None:
    assert names_facts(name) is expected
