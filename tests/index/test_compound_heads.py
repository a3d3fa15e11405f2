"""Free search finds compounds by their last part, on every engine alike, below
the word itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from monitor.ports import Index
from monitor.types.output import SearchRequest
from tests.index.conftest import OpenIndex
from tests.index.corpus import document

TEXTS = (
    "Der Krieg ist vorbei.",
    "Ein Angriffskrieg gegen das Nachbarland.",
    "Der Handelskrieg der Zölle, ein Zollkrieg.",
    "Das Kriegsrecht gilt.",
    "Ich krieg die Krise.",
    "Mit voller Absicht, unter Aufsicht, in klarer Fernsicht.",
    "Sperrung der Hauptstraße.",
    "Das Verwaltungsgericht tagt im Landkreis-Zentrum.",
    "Sie wollen ihn umbringen.",
)
FOUND = {
    "Krieg": {1, 2, 3, 5},
    "krieg": {1, 5},
    '"Krieg"': {1, 5},
    "Krieg -Zölle": {1, 2, 5},
    "Zölle -Krieg": {3},
    "Krieg Nachbarland": {2},
    "Handelskrieg": {3},
    "Sicht": {6},
    "Straße": {7},
    "Strasse": {7},
    "Gericht": {8},
    "Gericht AND Kreis": {8},
    "gericht": set(),
    "Bringen": set(),
    "bringen": set(),
    "Recht": {4},
    "Zentrum": {8},
    "Kreis OR Nachbarland": {2, 8},
    "title:Krieg": set(),
}


@pytest.fixture(scope="module")
def index(open_index: OpenIndex) -> Iterator[Index]:
    made = open_index()
    made.put(
        [
            document(number, text=text)
            for number, text in enumerate(TEXTS, start=1)
        ]
    )
    return made


def search(index: Index, query: str) -> list[int]:
    request = SearchRequest(query=query, sort="relevance", limit=50)
    return [hit.article_id for hit in index.search(request).hits]


@pytest.mark.parametrize(("query", "found"), FOUND.items())
def test_compounds_are_found_by_their_head(
    index: Index, query: str, found: set[int]
) -> None:
    assert set(search(index, query)) == found


def test_the_word_itself_comes_first(index: Index) -> None:
    assert set(search(index, "Krieg")[:2]) == {1, 5}


def test_a_compound_is_marked(index: Index) -> None:
    (hit,) = (
        one
        for one in index.search(SearchRequest(query="Krieg")).hits
        if one.article_id == 2
    )
    marked = [hit.snippet.text[start:end] for start, end in hit.snippet.marks]
    assert marked == ["Angriffskrieg"]
