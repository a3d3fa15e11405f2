"""Which words fit which wildcards, and that the memory of words is bounded."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.match.wildcards import Wildcards, name_of, pattern_of
from monitor.query.tree import Form

FORMS = [
    Form("kreis", open_end=True),
    Form("krieg", open_start=True),
    Form("krieg", open_start=True, open_end=True),
    Form("m?ller"),
    Form("muelle?"),
    Form("?a?"),
    Form("?haus", open_end=True),
    Form("rz?", open_start=True),
    Form("rat", open_start=True, open_end=True),
    Form("kreis"),
]


def check(word: str, expected: set[str]) -> None:
    wildcards = Wildcards(FORMS)
    assert wildcards.fitting([word, "zzz"]) == expected
    assert wildcards.fitted_by([word, "zzz"]) == {
        name: [word] for name in expected
    }


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("kreistag", {"kreis*"}),
        ("kreis", {"kreis*"}),
        ("landkreis", set()),
        ("weltkrieg", {"*krieg", "*krieg*"}),
        ("kriegs", {"*krieg*"}),
        ("mueller", {"m?ller", "muelle?"}),
        ("muller", {"m?ller"}),
        ("rathaus", {"*rat*"}),
        ("iaesser", set()),
        ("aehauses", {"?haus*"}),
        ("haehauses", set()),
        ("herzen", set()),
        ("herzoe", {"*rz?"}),
        ("tag", {"?a?"}),
        ("", set()),
    ],
)
def test_fitting(word: str, expected: set[str]) -> None:
    check(word, expected)


@given(st.text(alphabet="aehkrisugz", max_size=12))
def test_the_files_find_what_every_pattern_by_itself_finds(word: str) -> None:
    open_forms = [form for form in FORMS if not form.exact]
    fits = {
        name_of(f)
        for f in open_forms
        if pattern_of(f.text, f.open_start, f.open_end).fullmatch(word)
    }
    check(word, fits)


def test_without_wildcards_nothing_fits() -> None:
    assert Wildcards([Form("kreis")]).fitting(["kreis"]) == set()
    assert Wildcards([]).fitted_by(["kreis"]) == {}


def test_memory_of_words_is_bounded_and_changes_no_answer() -> None:
    wildcards = Wildcards(FORMS, remembered=2)
    for _ in range(2):
        assert wildcards.fitting(
            ["kreistag", "weltkrieg", "haus", "x" * 100]
        ) == {
            "kreis*",
            "*krieg",
            "*krieg*",
        }
        assert wildcards.fitting(["hof"]) == set()
