"""English phrases are found again with their facts, and German ones say them
all.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor
from monitor.extract.choice import _UPDATED
from monitor.flow.alerting import alert_reason
from monitor.flow.alerting.alert_reason import COPY, TOLD, UNSUBSCRIBED
from monitor.flow.ingest.poll_log import NO_NETWORK
from monitor.flow.ingest.reading_ends import LATE_TEXT
from monitor.flow.requests import alert_explanation
from monitor.flow.requests.alert_explanation import (
    NO_RECIPIENTS,
    NOT_MATCHED,
    TOPIC_CAME_LATER,
)
from monitor.flow.upkeep import reextract
from monitor.flow.upkeep.reextract import QUIET
from monitor.language.phrases import (
    FILE,
    MOST_NESTED,
    labels,
    outcome_label,
    translated,
)
from monitor.query.parser import parse_query
from monitor.query.simple import compile_simple
from monitor.store.alerting.alerts import FIRST_ITEMS
from monitor.types.page import UNREADABLE, ExtractFailed
from monitor.types.web import FailureKind

BROKEN = (
    "a AND (",
    "titel:x",
    "date:x",
    "nix:x",
    "a b",
    "x OR y z",
    "ver*",
    "und Kreis",
    "*ab",
    "ab*",
    "a*b",
    "a NEAR/50 b",
    "[a TO b]",
    "a NEAR (b AND c)",
    "a NEAR NOT b",
    "a NEAR b NEAR c NEAR d NEAR e NEAR f NEAR g",
    '"a',
    ")",
    "()",
    "",
    "NOT a",
    "a OR",
    "OR a",
    "AND",
    "title:",
    "cs(a b)",
    "cs(",
    "ATLEAST/0 a",
    "ATLEAST/3(a AND b)",
    "a^0",
    "^2",
    '"a b"~99',
    "/a.*/",
    ">=5",
    "ALLCAPS(BILD)",
    "PLURAL(Haus)",
    "a w/s b",
    "a NOT w/5 b",
    "a +5 b",
    "Landrat!",
    "L! a",
    "a XOR b",
    "a * b",
    "NEAR/5 a",
    "{BILD}",
    "allintitle:x",
    "inurl:x",
    "link:x",
    "location:x",
    "subject:x",
    "tag:x",
    "raw:x",
    "topics:x",
    "region:x",
    "title.keyword:x",
    "source:*",
    "lang:deutsch",
    "country:deutschland",
    "a OR a",
    "a AND NOT a",
    "a NEAR/15 b",
    "title:(lead:a)",
    "§",
    "?",
    "(" * 60 + "a" + ")" * 60,
    "a????????????b",
    "x" * 200_001,
)
ENGLISH = re.compile(
    r"\b(the|is|are|write|needs|this|nothing|only|must|may|never|for example|there)\b"
)


@pytest.mark.parametrize(
    ("english", "german"),
    [
        (
            "first items of a new feed",
            "gehört zum Anfangsbestand einer neuen Quelle",
        ),
        (
            "failure 3 in a row (not_found)",
            "Fehler Nr. 3 in Folge (nicht gefunden (404))",
        ),
        ("offline: not the feed", "eigenes Netz gestört: liegt nicht am Feed"),
        (
            "asked to wait (rate_limited)",
            "gebeten zu warten (zu viele Anfragen (429))",
        ),
        (
            "its story was told by article 12",
            "ihre Geschichte wurde mit Artikel 12 gemeldet",
        ),
        (
            "certificate of a.de refused: certificate has expired; a publisher known to be sloppy:"
            " verify_tls: false",
            "Zertifikat von a.de abgelehnt: Zertifikat abgelaufen; bei einem Verlag, der als"
            " nachlässig bekannt ist: verify_tls: false",
        ),
        ("page not read: timeout", "Seite nicht gelesen: Zeitüberschreitung"),
        (
            "text and data mining is reserved: header tdm-reservation: 1",
            "Text- und Data-Mining ist vorbehalten: Kopfzeile tdm-reservation: 1",
        ),
        (
            "the feed's is later by 4 days, as after an update",
            "das des Feeds ist um 4 Tage später, wie nach einer Aktualisierung",
        ),
        (
            "html: an HTML page, not a feed: “The page is empty”",
            "eine HTML-Seite, kein Feed: „The page is empty“",
        ),
        ("did you mean a or b?", "meinten Sie a oder b?"),
        ("did you mean a or b or c?", "meinten Sie a oder b oder c?"),
        ("503 Service Unavailable", "503 Service Unavailable"),
        ("Kreis {x} Herford; und mehr", "Kreis {x} Herford; und mehr"),
        ("", ""),
    ],
)
def test_phrases_keep_their_facts(english: str, german: str) -> None:
    assert translated(english, "de") == german
    assert translated(english, "en") == english


@pytest.mark.parametrize(
    "phrase",
    [
        FIRST_ITEMS,
        NO_NETWORK,
        alert_reason.TOLD,
        alert_reason.COPY,
        alert_explanation.NOT_MATCHED,
        alert_explanation.NO_RECIPIENTS,
        alert_explanation.TOPIC_CAME_LATER,
        reextract.QUIET,
        alert_reason.UNSUBSCRIBED,
    ],
)
def test_every_reason_for_silence_is_translated(phrase: str) -> None:
    assert translated(phrase, "de") != phrase


@pytest.mark.parametrize("query", BROKEN, ids=lambda query: query[:20])
def test_no_problem_of_a_query_is_english_in_german(query: str) -> None:
    problems = parse_query(query).problems
    for text in [
        text
        for problem in problems
        for text in (problem.message, problem.hint)
    ]:
        said = translated(text, "de")
        assert not ENGLISH.search(said), said
        assert text == "" or said != text or text.startswith("embedded"), text


def test_problems_of_lists_are_translated() -> None:
    problems = (
        compile_simple(["", "a UND b"], [], []).problems
        + compile_simple([], [], []).problems
    )
    for _, _, problem in problems:
        assert translated(problem.message, "de") != problem.message
        assert translated(problem.hint, "de") != problem.hint


def test_every_way_in_which_a_page_can_fail_has_a_label() -> None:
    documented = re.sub(
        r".*fixed word: (.*)\.",
        r"\1",
        (ExtractFailed.__doc__ or "").replace("\n", " "),
    )
    failures = {word for word in re.split(r"[\s,]+", documented) if word}
    known = UNREADABLE | failures | {kind.value for kind in FailureKind}
    assert known <= labels().keys()


@pytest.mark.parametrize(
    ("outcome", "language", "words"),
    [
        ("consent", "de", "Cookie-Schranke"),
        ("login_wall", "en", "login wall"),
        ("not_modified", "de", "nichts Neues (304)"),
        ("something_new", "de", "something new"),
    ],
)
def test_labels(outcome: str, language: str, words: str) -> None:
    assert outcome_label(outcome, language) == words


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("73.5 GiB free", "73,5 GiB frei"),
        ("0.0 GiB free", "0,0 GiB frei"),
        ("1234.5 GiB free", "1234,5 GiB frei"),
        ("not finished within 20 s", "nicht fertig binnen 20 s"),
        ("not finished within 0.5 s", "nicht fertig binnen 0,5 s"),
        ("not done within 7.25 s", "nicht fertig binnen 7,25 s"),
        ("connected, 8.19", "verbunden, 8.19"),
        ("10.0.0.1 is not a public address (private)", None),
    ],
)
def test_german_figures_have_a_comma(english: str, german: str | None) -> None:
    said = translated(english, "de")
    assert said == german if german else "10.0.0.1" in said
    assert translated(english, "en") == english


_ERRORS = frozenset(
    [
        "CatalogError",
        "ConfigError",
        "DeliveryError",
        "FetchError",
        "IndexingError",
        "KibanaError",
        "StoreError",
        "BadWildcard",
        "ChildDied",
        "ExtractFailed",
        "FetchFailed",
        "Finding",
        "HealthCheck",
        "NoChild",
        "Problem",
        "QueryProblem",
        "RequestFailed",
        "SendResult",
        "Unreadable",
    ]
)
_SAID = {"hint", "detail", "message", "fix", "reason", "note"}
_FOR_PROGRAMMERS = (
    "NoChild: the pool of children is closed",
    "IndexingError: this query needs the matcher, which was not given to the index",
    "IndexingError: cannot count by 7",
    "IndexingError: one of: 7",
    "DeliveryError: not a Message-ID: 7",
    "DeliveryError: a line break in 7 would be another header",
    "DeliveryError: unknown time zone 7",
    "SendResult: no file name: 7",
    # each with one of two texts, which are translated
    "RequestFailed: TLS connection cut off 7",
    "RequestFailed: TLS failed 7: 7",
    "RequestFailed: time ran out 7",
    "ConfigError: 7: 7 is over already",
    'ConfigError: there is no 7 "7"',
)


def _texts(call: ast.Call) -> Iterator[str]:
    """What the call says in English, with 7 for each fact."""
    said = [
        *call.args,
        *(each.value for each in call.keywords if each.arg in _SAID),
    ]
    for node in said:
        pieces = node.values if isinstance(node, ast.JoinedStr) else [node]
        constants = [
            str(each.value) if isinstance(each, ast.Constant) else "7"
            for each in pieces
        ]
        text = "".join(constants)
        if " " in text and re.search("[a-z]{2}", text):
            yield text


def _calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, node


@pytest.mark.slow
def test_what_errors_say_is_said_in_german() -> None:
    modules = sorted(Path(monitor.__file__).parent.rglob("*.py"))
    calls = [
        found
        for path in modules
        for found in _calls(path)
        if found[0] in _ERRORS
    ]
    said = {(name, text) for name, call in calls for text in _texts(call)}
    missing = {
        f"{name}: {text}"
        for name, text in said
        if translated(text, "de") == text
    }
    assert missing == set(_FOR_PROGRAMMERS)


def test_both_sides_of_a_phrase_have_the_same_facts() -> None:
    read = tomllib.loads(FILE.read_text(encoding="utf-8"))
    read.pop("outcomes")
    for english, german in [
        pair for part in read.values() for pair in part.items()
    ]:
        facts = (
            set(re.findall(r"\{(\w+)\}", text)) for text in (english, german)
        )
        given, used = facts
        lower = {name.casefold() for name in given}
        assert {name.casefold() for name in used} <= lower, english
        assert used <= given, english


@pytest.mark.parametrize(
    "said",
    [
        FIRST_ITEMS,
        UNSUBSCRIBED,
        TOLD,
        COPY,
        LATE_TEXT,
        NOT_MATCHED,
        NO_RECIPIENTS,
        TOPIC_CAME_LATER,
        QUIET,
        _UPDATED,
    ],
)
def test_every_reason_of_the_code_has_its_german(said: str) -> None:
    assert translated(said, "de") != said


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("quiet hours", "Ruhezeit"),
        (
            "the page is not the article: consent",
            "die Seite ist nicht der Artikel: Cookie-Schranke",
        ),
        (
            "the feed gives none; the page states only the day",
            "der Feed nennt keine; die Seite nennt nur den Tag",
        ),
        (
            "text deleted after 14 days, as the feed is configured",
            "Text nach 14 Tagen gelöscht, wie es für die Quelle eingestellt ist",
        ),
        ("page not read: broken", "Seite nicht gelesen: Programmfehler"),
        # A phrase of its own, where "{one} or {OTHERS}" would translate a word
        # of it.
        (
            "write for instance intern.example.de, 10.0.0.0/8, [fd00::1]:8080 or *",
            "zum Beispiel intern.example.de, 10.0.0.0/8, [fd00::1]:8080 oder * schreiben",
        ),
        (
            "the database cannot be written: disk I/O error",
            "die Datenbank lässt sich nicht beschreiben: disk I/O error",
        ),
        (
            "something that nobody translated {x}",
            "something that nobody translated {x}",
        ),
        ("quiet hours; something new", "Ruhezeit; something new"),
        (
            "its story was told by article {number.__class__}",
            "ihre Geschichte wurde mit Artikel {number.__class__} gemeldet",
        ),
        ("", ""),
    ],
)
def test_a_reason_in_german(said: str, german: str) -> None:
    assert translated(said, "de") == german


def test_reasons_of_reasons_are_followed_so_far_and_no_further() -> None:
    english = "connection broken while we asked: "
    german = "Verbindung abgebrochen, während wir fragten: "
    assert (
        translated(english * MOST_NESTED + "x", "de")
        == german * MOST_NESTED + "x"
    )
    deeper = translated(english * (MOST_NESTED + 1) + "x", "de")
    assert deeper == german * MOST_NESTED + english + "x"
