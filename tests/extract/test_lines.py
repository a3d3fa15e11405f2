"""Which lines are labels, and above all which are not."""

from __future__ import annotations

import pytest

from monitor.extract.lines import (
    credits,
    is_label,
    opens_box,
    opens_comments,
    signatures,
    tidy,
    without_labels,
)
from monitor.extract.weigh import weigh


@pytest.mark.parametrize(
    "line",
    [
        "Lesen Sie auch: Der Rat tagt",
        "- Mehr zum Thema",
        "Auch interessant",
        "Von Eva Beispiel",
        "VON EVA BEISPIEL UND MAX MUSTER",
        "Von Eva Beispiel, Lille 05.08.2024, 20:59 Uhr",
        "Foto: Max Muster/dpa",
        "© 2025 Zeitung",
        "(Quelle: APA/dpa)",
        "Lesedauer: 4 Minuten",
        "3 Minuten Lesezeit",
        "Stand: 05.08.2024, 20:59 Uhr",
        "06. 01. 2026, 14:59 Uhr Lesedauer: 4 Minuten",
        "2026-11-28",
        "2026-11-28 08:00",
        "2026-11-28T08:00:45.542303+00:00",
        "Sat, 28 Nov 2026 08:00:45 GMT",
        "Abonnieren Sie unseren Newsletter",
        "Folgen Sie uns auf Instagram",
        "Fehler gefunden? Jetzt melden.",
        "Der Bundestag hat das Gesetz beschlossen. mehr",
        "Aktuelle Nachrichten lesen Sie jederzeit in unserem Liveblog:",
        "Ein Klick für den Datenschutz",
        "Veröffentlicht: Montag, 27.04.2026 06:31",
        "01.11.2026, 16:40 Uhr - Von Eva Beispiel",
        "Dieses Thema im Programm: Westfunk 1 | 04.10.2026 | 17:00 Uhr",
        "Über dieses Thema berichtete die Rundschau am 4. Oktober 2026 um 20:00 Uhr.",
        "Stadtanzeiger, 7. Juli 2026, von Jan Ott",
        "Eva Beispiel (Text) und Max Muster (Fotos)",
        "Original-Content von: Polizei Auenburg, übermittelt durch news aktuell",
        "Unsere App: Alle Nachrichten immer dabei, jetzt für Android und iOS",
        "Schreiben Sie uns Ihre Meinung: briefe@zeitung.example",
        "Das ganze Interview lesen Sie in der Donnerstagsausgabe.",
    ],
)
def test_labels(line: str) -> None:
    assert is_label(line)


@pytest.mark.parametrize(
    "line",
    [
        "Über das Thema berichtete zuerst Radio Herford.",
        "Die App gibt es für Android und iOS, sie kostet nichts.",
        "„Schreiben Sie uns nicht ab“, rief der Trainer.",
        "Mehr Freiheit heißt auch mehr Risiko.",
        "Von Herford nach Bielefeld fährt heute kein Zug.",
        "Mehr aus dem Haushalt zu holen, sei unmöglich, sagte der Kämmerer.",
        "Auf ihrer Facebook-Seite schrieb die Ministerin, sie trete zurück.",
        "Die Zeitung stellt ihr E-Paper ein.",
        "Der Newsletter des Bundeskanzlers wird eingestellt, teilte das Amt mit.",
        "Auch interessant ist, was der Rat nicht beschlossen hat.",
        "Sehen Sie hier ein Problem?",
        "Themen waren der Haushalt und die Schule.",
        "Weitere Nachrichten aus dem Kriegsgebiet gab es am Abend nicht.",
        "Die Datenschutzerklärung des Konzerns verstößt gegen das Gesetz.",
        "Putin und Trump treffen sich.",
        "Das Urteil wird im Frühjahr erwartet.",
        "Quelle des Übels sei die Bürokratie, sagte er.",
        "Mit dpa-Chef Müller sprach die Redaktion über die Zukunft der Agenturen und ihre Kunden.",
    ],
)
def test_sentences_are_no_labels(line: str) -> None:
    assert not is_label(line)


def test_headline_portrait_and_loose_ends_go() -> None:
    lines = [
        "Lokales Rat beschließt den Haushalt",
        "Der Rat tagte.",
        "Eva Beispiel ist Redakteurin.",
        "sep",
        "Mehr dazu:",
    ]
    assert without_labels(
        lines, titles=["Rat beschließt den Haushalt"], authors=["Eva Beispiel"]
    ) == ["Der Rat tagte."]


def test_tidy() -> None:
    assert tidy("  a\xadb  c \n\n * x\n--\n• y") == ["ab c", "- x", "- y"]


STORY = [
    f"Satz {i} erzählt vom Rat der Stadt und seinem {i}. Beschluss an diesem Abend."
    for i in range(8)
]


@pytest.mark.parametrize(
    ("lines", "body", "expected", "source"),
    [
        (STORY, "", STORY, "page"),
        (STORY, "Kurz.", STORY, "page"),
        (STORY, " ".join(STORY), STORY, "page"),
        (
            [
                *STORY,
                "Ein Wolf wurde heute in Niederdorf von drei Menschen gesehen.",
            ],
            "\n".join(STORY),
            STORY,
            "page+body",
        ),
        (
            [*STORY[:2], "Überschrift", *STORY[2:]],
            "\n".join(STORY),
            [*STORY[:2], "Überschrift", *STORY[2:]],
            "page",
        ),
        (
            [*STORY, "- Punkt eins der Liste"],
            "\n".join(STORY),
            [*STORY, "- Punkt eins der Liste"],
            "page",
        ),
        (STORY[:1], "\n".join(STORY), STORY, "body"),
        (STORY, "\n".join(STORY[:3]), STORY, "page"),
    ],
)
def test_weigh(
    lines: list[str], body: str, expected: list[str], source: str
) -> None:
    assert weigh(lines, body) == (expected, source)


def test_a_body_in_one_line_becomes_paragraphs() -> None:
    sentences = [
        f"Der {i}. Satz erzählt vom Rat der Stadt und von seinem Beschluss am Abend."
        for i in range(30)
    ]
    found, source = weigh(["Ein anderer Text."], " ".join(sentences))
    assert source == "body"
    assert len(found) == 10
    assert " ".join(found) == " ".join(sentences)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Lesen Sie auch: Warum der Rat tagt?", True),
        ("Sportnewsletter", True),
        # an interviewer asks
        ("Lesen Sie auch Bücher über Erziehung?", False),
        ("Der Newsletter kam am Montag", False),
    ],
)
def test_titles_of_boxes(line: str, expected: bool) -> None:
    assert opens_box(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("12 Kommentare", True),
        ("Kommentare (3)", True),
        ("Leserkommentare", True),
        ("Alle Kommentare zu diesem Artikel", True),
        ("Kommentare im Netz machten den Minister wütend", False),
        ("1 Kommentar", True),
        ("Kommentar", False),
        ("Meinungen gehen auseinander", False),
    ],
)
def test_titles_of_comments(line: str, expected: bool) -> None:
    assert opens_comments(line) is expected


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("(ssi, dan)", ["ssi", "dan"]),
        ("ssi, dan; Foto [M]: Archiv; 4.4.18", ["ssi", "dan"]),
        ("Der Rat tagt am Montag. (aha)", ["aha"]),
        ("lo/dpa", ["lo", "dpa"]),
        ("Der Rat tagt am Montag.", []),
        ("Der Rat (das Plenum) tagt am Montag.", []),
    ],
)
def test_signatures(last: str, expected: list[str]) -> None:
    assert signatures(["Erster Absatz.", last]) == expected
    assert signatures([]) == []


@pytest.mark.parametrize(
    "line",
    [
        "© dpa-infocom, dpa:261005-930-123456/1",
        "lo/dpa",
        "(dpa)",
        "Quelle: Radio Herford",
        "Mit Material von AFP",
    ],
)
def test_credits_are_no_text_and_yet_kept(line: str) -> None:
    lines = ["Der Rat tagt am Montag wieder im Rathaus.", line]
    assert credits(lines) == (line,)
    assert without_labels(lines, titles=(), authors=()) == lines[:1]


def test_credits_of_pictures_are_not_those_of_the_text() -> None:
    assert (
        credits(["Quelle: dpa", *(f"Satz {n} steht hier." for n in range(3))])
        == ()
    )
    assert (
        credits(["Der Rat tagt.", "Foto: Max Muster/dpa", "© Max Muster"])
        == ()
    )
