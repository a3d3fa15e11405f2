"""Which words mark the free part of a paid article."""

from __future__ import annotations

import pytest

from monitor.extract.article import extract_article
from monitor.types.page import Extracted, PageTask

TEXT = (
    "Im Goldenen Anker brennt noch Licht, aber die Stühle stehen schon auf den Tischen. "
    * 4
)


def kind(text: str, last: str) -> str:
    body = (
        "<html><body><article><h1>Wirte geben"
        f" auf</h1><p>{text}</p></article><div>{last}</div></body></html>"
    )
    outcome = extract_article(
        PageTask("https://z.example/wirte", body.encode())
    )
    assert isinstance(outcome, Extracted)
    return outcome.kind


@pytest.mark.parametrize(
    "last",
    [
        "Weiterlesen mit F+",
        "Weiterlesen mit NWplus",
        "Weiter mit BLATTplus",
        "Diesen Artikel weiterlesen mit SZ Plus",
        "Lesen Sie diesen Artikel mit Z+",
        "Sie möchten diesen Artikel lesen?",
        "Jetzt weiterlesen",
        "Registrieren Sie sich kostenlos, um weiterzulesen",
        "Jetzt Abonnent werden und weiterlesen",
        "4 Wochen gratis testen und weiterlesen",
        "Jetzt für 1 Euro weiterlesen",
        "Dieser Inhalt ist nur mit Abo verfügbar",
        "Um diesen Artikel zu lesen, benötigen Sie ein Abo",
        "Mit Ihrem Abo weiterlesen",
        "Als Abonnent:in lesen Sie mehr",
        "Bereits Abonnent?",
    ],
)
def test_paid(last: str) -> None:
    assert kind(TEXT, last) == "paywall"
    assert kind(TEXT * 9, last) == "article", (
        "below a whole text it is only advertising"
    )


@pytest.mark.parametrize(
    "last",
    [
        "Er wollte weiterlesen mit seiner Tochter.",
        "Die Karten gibt es auch ohne Abo.",
        "Das Plus in der Kasse bleibt.",
    ],
)
def test_not_paid(last: str) -> None:
    assert kind(TEXT, last) == "article"
