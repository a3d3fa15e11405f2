"""Messages with the place in the file, also where the query is folded over
several lines or hostile.
"""

from monitor.query.messages import locate
from monitor.types.catalog import CatalogProblem, Located, Place
from monitor.types.match import QueryProblem


def check(query: Located, problem: QueryProblem, expected: str) -> None:
    assert str(locate(problem, query, topic="T")) == expected


def test_folded_block_shows_the_true_line() -> None:
    text = "Kreis OR Stadt OR (Rat"
    places = (
        [(5, 7 + i) for i in range(8)]
        + [(6, 7 + i) for i in range(9)]
        + [(7, 7 + i) for i in range(6)]
    )
    check(
        Located(text, "feeds.yaml", tuple(places)),
        QueryProblem(
            "E02", "this bracket is never closed", 18, 1, "add a closing )"
        ),
        'feeds.yaml:7:8  topic "T": cannot read the query (column 8)\n'
        "\n"
        "   (Rat\n"
        "   ^ this bracket is never closed\n"
        "  hint: add a closing )",
    )


def test_caret_does_not_leave_its_line() -> None:
    text = "Kreis\nRat OR\nStadt"
    places = (
        [(1, i) for i in range(1, 7)]
        + [(2, i) for i in range(1, 8)]
        + [(3, i) for i in range(1, 7)]
    )
    check(
        Located(text, "f", tuple(places)),
        QueryProblem("W02", "mixed", 6, 12, ""),
        'f:2:1  topic "T": check the query (column 1)\n\n  Rat OR\n  ^^^^^^ mixed',
    )


def test_long_line_is_cut_around_the_place() -> None:
    text = "x" * 500 + "(" + "y" * 500
    problem = locate(
        QueryProblem("E02", "m", 500, 1),
        Located(text, "f", tuple((1, i) for i in range(1, 1003))),
        topic="T",
    )
    shown, caret = problem.excerpt.split("\n")
    assert shown == "x" * 60 + "(" + "y" * 39
    assert caret == " " * 60 + "^ m"


def test_control_characters_neither_steer_nor_shift() -> None:
    text = "a\x1b[31m\tb("
    places = tuple((1, i) for i in range(1, len(text) + 2))
    problem = locate(
        QueryProblem("E02", "m", 8, 1), Located(text, "f", places), topic="T"
    )
    assert problem.excerpt == "a\ufffd[31m b(\n        ^ m"


def test_place_after_the_end_and_empty_query() -> None:
    problem = locate(
        QueryProblem("E03", "m", 2, 1),
        Located("ab", "f", ((1, 1), (1, 2), (1, 3))),
        topic="T",
    )
    assert problem.excerpt == "ab\n  ^ m"
    assert (problem.place.column, problem.length, problem.fatal) == (
        3,
        1,
        True,
    )
    assert (
        locate(
            QueryProblem("E03", "m", 0, 1), Located("", "f", ()), topic="T"
        ).excerpt
        == "\n^ m"
    )


def test_message_without_excerpt_and_hint() -> None:
    assert str(CatalogProblem(Place("f", 3), "wrong")) == "f:3:1  wrong"
