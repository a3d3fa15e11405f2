"""A topic finds a word in whichever habit of spelling either is written, and
no false friend.
"""

import pytest

from monitor.match.topics import compile_topics
from monitor.types.catalog import Located, Topic
from monitor.types.match import MatchText

ONE_WORD = (
    ("Kolleginnenschaft", "die Kolleg*innenschaft"),
    ("Kolleg*innenschaft", "die Kolleginnenschaft"),
    ("Mitarbeiterinnenvertretung", "die Mitarbeiter_innen-Vertretung tagt"),
    ("Mitarbeiter", "die Mitarbeiter_innen-Vertretung tagt"),
    ("Studentinnenwerk", "das Student:innenwerk"),
    ("Bäcker", "eine Bäcker/-in gesucht"),
    ("Bäckerin", "eine Bäcker/-in gesucht"),
    ("Bäcker/-in", "eine Bäckerin gesucht"),
    ("L778", "Unfall auf der L 778 bei Bielefeld"),
    ('"L 778"', "Unfall auf der L778 bei Bielefeld"),
    ("K13", "die K 13 ist gesperrt"),
    ("A33", "auf A 33/B 68 gesperrt"),
    ("B68", "auf A 33/B 68 gesperrt"),
    ("B68", "auf A33/B68 gesperrt"),
    ("B239", "die B 239-Sperrung dauert an"),
    ('"Stau auf der B 239"', "Stau auf der B239"),
    ('"Stau auf der B239"', "Stau auf der B 239 bei Herford"),
    ('"Stau auf der B-239"', "Stau auf der B 239 bei Herford"),
    ('"Kreis- und Stadtverwaltung"', "die Kreis- und Stadtverwaltung tagt"),
    ("1000", "die 1.000-Euro-Frage"),
    ('"1000 Euro"', "die 1.000-Euro-Frage"),
    ("10000", "der 10 000-Meter-Lauf"),
    ("Eingang", "Ein- und Ausgang"),
    ("vormittags", "vor- und nachmittags geöffnet"),
    ("Nordsee", "Nord- und Ostsee"),
    ("Sonntage", "Sonn- und Feiertage"),
    ("beladen", "be- und entladen"),
    ('"Bielefelder Straße"', "Bielefelder Str./Ecke Markt"),
    ('"Paderborner Straße"', "Paderborner Str. 12a"),
    ("Goethestraße", "Goethestr.-Süd"),
    ("Goethestraße", "an der Goethestr. 5"),
    ("Goethestr.", "an der Goethestraße"),
    ("Goethestr", "an der Goethestrasse"),
    ("Ärztinnen", "Ärzt:innen fehlen"),
    ("Schülerinnenvertretung", "Schüler:innenvertretung"),
    ("Lehrer", "LehrerInnen streiken"),
    ("Lehrerinnen", "LehrerInnen streiken"),
    ("Bürgerinnen", "Bürger(innen) kamen"),
    ("12000", "12 000 Zuschauer"),
    ('"12 000"', "12000 Zuschauer"),
    ("12.000", "rund 12'000 Franken"),
    ("1234567", "1.234.567 Euro"),
    ("F16", "F-16-Kampfjets"),
    ("Stadtrat", "Stadtverwaltung und -rat"),
    ("Landesregierung", "Bundes- und Landesregierung"),
    ("Bundesregierung", "Bundes- und Landesregierung"),
    ("Bundesregierung", "Bundes- bzw. Landesregierung"),
    ("Stadtverwaltung", "Kreis-, Stadt- und Gemeindeverwaltung"),
    ("Kreisverwaltung", "Kreis-, Stadt- und Gemeindeverwaltung"),
    ("Kreisverwaltung", "Kreis-/Stadtverwaltung"),
    ("Schulleiter", "Schul- und Kitaleiter"),
    ("Tiefbau", "Tief- und Hochbau"),
)

FALSE_FRIENDS = (
    ("B12000", "B 12 000 Zuschauer"),
    ("B12", "B 12 000 Zuschauer"),
    ("A2", "A 2 Euro kostet es"),
    ("A2", "für a 2 Uhr"),
    ("B239", "Gruppe b 239 Leute"),
    ("A2", "Vitamin A 2,5 Gramm"),
    ("12000", "12,000 Sekunden"),
    ("122024", "seit 12.2024"),
    ("05221123456", "Tel. 05221 123456"),
    ("3200", "Halle 3, 200 Besucher"),
    ("2024123", "im Jahr 2024 123 Tote"),
    ("Landschaft", "Land- und Forstwirtschaft"),
    ("Login", "Log:in"),
    ("Herr", "Herrin"),
    ("Aussen", "nicht hier"),
    ("Aussenin", "Außen/innen"),
    ("Drinnen", "dr innen"),
    ("Spinner", "Spinnen"),
    ("Gewinner", "sie gewinnen"),
    ("Bürger", "bürgerlich"),
    ("Bielefelderstrasse", "Bielefelder Str. 5"),
    ("Stadtrat", "Stadtverwaltung und der Rat"),
    ("Kreisrat", "Kreis und Stadtrat"),
    ("S21", "S 21 Cent"),
    ("M5", "5 M 5 Uhr"),
    ("A4", "im A 4.000 Exemplare"),
    ("E3", "E 3. Mai"),
    ("Kreistadt", "Kreis- und Stadtverwaltung"),
    ("Kreisstadtverwaltung", "Kreis- und Stadtverwaltung"),
    ("Nordwest", "Nord- und Ostsee, im Westen"),
    ("Sonnfeiertage", "Sonn- und Feiertage"),
    ("Einaus", "Ein- und Ausgang"),
    ("Linkerinnen", "Links/innen"),
    ("1812", "18 12 Tote"),
    ("18000", "18 00 Uhr"),
    ("1000000", "1 000 und 000"),
    ("20241000", "2024 1000"),
    ("3500", "3 500er"),
    ("Bahnhofstrasse", "Bahnhofstreffen"),
    ("Haustrasse", "Hausstreit"),
)


def _finds(query: str, text: str) -> bool:
    where = tuple((1, column) for column in range(1, len(query) + 2))
    compiled = compile_topics(
        [Topic("t", "T", query=Located(query, "feeds.yaml", where))]
    )
    assert len(compiled) == 1
    return bool(list(compiled.match(MatchText("", "", text))))


@pytest.mark.parametrize(("query", "text"), ONE_WORD)
def test_one_word(query: str, text: str) -> None:
    assert _finds(query, text)


@pytest.mark.parametrize(("query", "text"), FALSE_FRIENDS)
def test_false_friends(query: str, text: str) -> None:
    assert not _finds(query, text)
