"""Sets of topics: broken ones beside good ones, where they are broken, hashes,
and candidates that miss nothing.
"""

import gc
import weakref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.match.topics import (
    clause_trees,
    compile_topics,
    match_query,
    whole_query,
)
from monitor.query.parser import parse_query
from monitor.types.catalog import Located, Place, Topic
from monitor.types.match import MatchText


def _at(text: str, line: int = 7, column: int = 12) -> Located:
    return Located(
        text,
        "feeds.yaml",
        tuple((line, column + i) for i in range(len(text) + 1)),
    )


def _query(topic_id: str, query: str) -> Topic:
    return Topic(topic_id, topic_id.title(), query=_at(query))


def test_a_broken_topic_does_not_stop_the_others() -> None:
    topics = [
        _query("a", "Kreis"),
        _query("b", "(Kreis"),
        _query("c", "Stadt"),
        _query("d", "Rat Haus"),
    ]
    compiled = compile_topics(topics)
    assert len(compiled) == 3
    assert [
        match.topic_id
        for match in compiled.match(
            MatchText("Kreis und Stadt", "", "Rat im Haus")
        )
    ] == [
        "a",
        "c",
        "d",
    ]
    assert [
        (problem.code, problem.fatal) for problem in compiled.problems
    ] == [
        ("E02", True),
        ("W01", False),
    ]
    assert compiled.hash_of("b") is None
    assert compiled.hash_of("unknown") is None
    assert (
        compiled.hash_of("a")
        == compiled.match(MatchText("Kreis", "", ""))[0].query_hash
    )


def test_hash_covers_where_and_no_formatting() -> None:
    where = (("lang", ("de",)),)
    topics = [
        _query("a", "Kreis AND Stadt"),
        _query("b", "kreis UND  stadt"),
        Topic("c", "C", query=_at("Kreis AND Stadt"), where=where),
        Topic("d", "D", all=(_at("Stadt"), _at("Kreis"))),
        Topic("e", "E", query=_at("Kreis AND Stadt"), where=(("lang", ()),)),
    ]
    compiled = compile_topics(topics)
    hashes = [compiled.hash_of(topic.id) for topic in topics]
    assert hashes[0] == hashes[1] == hashes[3] == hashes[4]
    assert hashes[0] != hashes[2]


def check(topic: Topic, expected: str) -> None:
    """The first problem of the topic, as people read it."""
    tree, problems = whole_query(topic)
    assert (tree is None) == any(problem.fatal for problem in problems)
    assert str(problems[0]) == expected


def test_problem_in_a_query() -> None:
    check(
        Topic(
            "k",
            "Kreishaushalt",
            query=_at(
                'title:(Kreis* NEAR/3 Haushalt* OR "Kreis Herford', 14, 13
            ),
        ),
        'feeds.yaml:14:47  topic "Kreishaushalt": cannot read the query (column 47)\n'
        "\n"
        '  title:(Kreis* NEAR/3 Haushalt* OR "Kreis Herford\n'
        "                                    ^ this quote is never closed\n"
        r'  hint: add a closing " or escape it as \"',
    )


def test_problem_in_an_item() -> None:
    check(
        Topic("k", "Kreis", any=(_at("Herford"), _at("Kr*", 9, 20))),
        'feeds.yaml:9:20  topic "Kreis": cannot read the query (column 20)\n'
        "\n"
        "  Kr*\n"
        "  ^^^ Kr* is too short\n"
        "  hint: a beginning needs at least 3 letters before the *",
    )


def test_problem_of_a_topic_that_only_excludes() -> None:
    check(
        Topic("k", "Kreis", none=(_at("Herford", 9, 20),)),
        'feeds.yaml:9:20  topic "Kreis": cannot read the query (column 20)\n'
        "\n"
        "  Herford\n"
        "  ^ this only excludes\n"
        "  hint: add any: or all: with what the articles must contain",
    )


def test_problem_of_a_topic_without_words() -> None:
    check(
        Topic("k", "Kreis", place=Place("feeds.yaml", 4, 5)),
        'feeds.yaml:4:5  topic "Kreis": there is nothing to search for\n'
        "  hint: add any: or all: with what the articles must contain",
    )


def test_problem_in_where() -> None:
    check(
        Topic(
            "k", "Kreis", any=(_at("Herford"),), where=(("sprache", ("de",)),)
        ),
        'feeds.yaml:1:1  topic "Kreis": where: has no field sprache:\n  hint: write lang:',
    )


def test_single_query_and_no_match() -> None:
    tree = parse_query("Kreis NOT Stadt").tree
    assert tree
    assert match_query(tree, MatchText("Kreis", "Stadt", "")) is None
    assert match_query(tree, MatchText("Kreis", "", "")) is not None


@pytest.mark.parametrize(
    ("query", "text", "hits"),
    [
        ('"!!!" OR Tee', "Tee", 1),
        ('"!!!" AND Tee', "Tee", None),
        ("title:(text:Tee)", "Tee", None),
        ("title:(text:Tee) OR Tee", "Tee", 1),
        ("title:(title:Tee)", "Tee", None),
        ("(title:Rum OR text:Tee) NEAR/2 Milch", "Tee mit Milch", 1),
        ("Tee^2 NEAR/2 Milch", "Tee mit Milch", 1),
        ("lead:(Tee NEAR/2 Milch)", "Tee mit Milch", None),
        ("M?l?h OR ??tter", "Milch und Butter", 2),
        ("*?utt?r*", "Milch und Buttermilch", 1),
        ("*utte?*", "Milch und Buttermilch", 1),
        ("source:zdf OR Tee", "Tee", 1),
        (
            "Tee" + "x" * 60 + "* OR " + "y" * 60,
            "tee" + "x" * 70 + " " + "y" * 60,
            2,
        ),
        ("cs(Ukraine-Krieg)", "Ukraine-Krieg", 1),
        ("cs(Ukraine-Krieg)", "ukraine-Krieg", None),
        ("cs(Ukraine-Krieg)", "UkraineKrieg", 1),
    ],
)
def test_unusual_trees(query: str, text: str, hits: int | None) -> None:
    found = compile_topics([_query("t", query)]).match(
        MatchText("", "", text, source=("wdr",))
    )
    assert ([match.hits for match in found] or [None]) == [hits]


_WORDS = [
    "Kreis",
    "Kreistag",
    "Ukraine-Krieg",
    "Krieg",
    "Müller",
    "Rat",
    "Stadt",
    "der",
    "A2",
]
_LEAVES = [
    "Kreis",
    "Kreis*",
    "*krieg",
    "*kreis*",
    "M?ller",
    "Rat",
    '"der Rat"',
    '"Stadt Rat"~2',
    "Ukraine-Krieg",
    "cs(Rat)",
]
_LEAVES += [
    "Kreis NEAR/2 Rat",
    "title:Krieg",
    "ATLEAST/2 Kreis*",
    "lang:de",
    "A?",
    "(Rat OR der) ONEAR/1 Stadt",
]
_QUERIES = st.recursive(
    st.sampled_from(_LEAVES),
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("({} NOT {})".format, inner, inner),
    ),
    max_leaves=6,
)
_TEXTS = st.lists(st.sampled_from(_WORDS), max_size=12).map(" ".join)


@pytest.mark.slow
@settings(max_examples=150)
@given(
    st.lists(_QUERIES, min_size=1, max_size=8),
    st.lists(st.tuples(_TEXTS, _TEXTS), min_size=1, max_size=4),
)
def test_filing_never_loses_a_match(
    queries: list[str], texts: list[tuple[str, str]]
) -> None:
    """What the set of topics finds is what each query finds when it is asked
    alone.
    """
    compiled = compile_topics(
        [_query(str(number), query) for number, query in enumerate(queries)]
    )
    assert len(compiled) == len(queries)
    for title, body in texts:
        text = MatchText(title, "", body, lang="de")
        found = {
            match.topic_id: match.clauses for match in compiled.match(text)
        }
        for number, query in enumerate(queries):
            tree = parse_query(query).tree
            assert tree
            assert found.get(str(number)) == match_query(tree, text)


@given(_QUERIES, _TEXTS)
def test_places_lie_in_the_text_and_do_not_overlap(
    query: str, body: str
) -> None:
    for match in compile_topics([_query("t", query)]).match(
        MatchText("", "", body)
    ):
        for clause in match.clauses:
            end = 0
            for span in clause.spans:
                assert end <= span.start < span.end <= len(body)
                end = span.end


def test_many_topics_cost_little_where_they_do_not_hit() -> None:
    """A counted measure, not a timed one: the candidates of an article do not
    grow with topics about other things.
    """
    text = MatchText(
        "Der Kreis Herford spart", "", "Der Rat der Stadt berät den Haushalt."
    )
    few = compile_topics([_query("a", "Kreis* AND Haushalt")])
    many = compile_topics(
        [_query("a", "Kreis* AND Haushalt")]
        + [_query(f"w{n}", f"Thema{n} AND der") for n in range(500)]
        + [
            _query(f"p{n}", f'Anfang{n}* OR *ende{n} OR "der Rat{n}"')
            for n in range(500)
        ]
    )
    assert [match.clauses for match in many.match(text)] == [
        match.clauses for match in few.match(text)
    ]
    assert many.candidates(text) == few.candidates(text) == 1


def test_topics_hold_no_circles_so_that_they_end_without_garbage_collection() -> (
    None
):
    compiled = compile_topics(
        [
            _query(
                "a",
                'Kr?is* AND (title:"der Rat" OR ATLEAST/2 *haus*) NOT (a NEAR b) source:zdf',
            )
        ]
    )
    compiled.match(MatchText("Kreishaus", "der Rat", "Haus Rathaus"))
    last = weakref.ref(compiled)
    gc.disable()
    try:
        known = len(gc.get_objects())
        del compiled
        assert last() is None
        assert len(gc.get_objects()) < known - 20
        gc.collect()
        assert gc.collect() == 0
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Kreis", ("Kreis",)),
        ("(Kreis OR Rat*) AND NOT Sport", ("Kreis", "Rat*")),
        (
            "title:(a OR b NEAR c) AND (a OR a)",
            ("title:a", "title:(b NEAR/4 c)", "a"),
        ),
        ("source:zdf AND ATLEAST/2 (a OR b)", ("ATLEAST/2 (a OR b)",)),
    ],
)
def test_the_clauses_that_a_match_can_report(
    query: str, expected: tuple[str, ...]
) -> None:
    tree = parse_query(query).tree
    assert tree is not None
    assert tuple(clause_trees(tree)) == expected
