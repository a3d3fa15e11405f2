"""Every character of a scalar's value leads back to the character of the file
that it came from.
"""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
)

from monitor.config.places import locate_characters
from monitor.config.source import Source, Unusable
from monitor.config.yaml_nodes import compose
from monitor.types.catalog import Located


def located(text: str) -> Located:
    source = Source("feeds.yaml", text)
    root = compose(source)
    assert isinstance(root, MappingNode), root
    node = root.value[-1][1]
    assert isinstance(node, ScalarNode)
    return locate_characters(source, node)


def check(yaml: str, needle: str, expected: tuple[int, int]) -> None:
    """The first character of `needle` in the value stands at `expected` in the
    file.
    """
    found = located(yaml)
    assert found.places[found.text.index(needle)] == expected, found
    assert len(found.places) == len(found.text) + 1


@pytest.mark.parametrize(
    ("yaml", "needle", "expected"),
    [
        ("query: Kreis Herford\n", "Herford", (1, 14)),
        ("query: Kreis\n  Herford\n  Haushalt\n", "Haushalt", (3, 3)),
        ("query: 'Kreis ''Herford'' Bünde'\n", "Bünde", (1, 27)),
        ("query: 'Kreis\n\n  Herford'\n", "Herford", (3, 3)),
        ('query: "a \\" b \\u00e4 c"\n', "c", (1, 23)),
        ('query: "a \\" b \\u00e4 c"\n', "ä", (1, 16)),
        ('query: "Kreis \\\n   Herford"\n', "Herford", (2, 4)),
        ('query: "Kreis \\\n\n   Herford"\n', "Herford", (3, 4)),
        ("query: >\n  Kreis\n  Herford OR\n\n  Bünde\n", "Bünde", (5, 3)),
        ("query: >-\n  Kreis\n    mehr\n  Bünde\n", "mehr", (3, 5)),
        ("query: >2\n    tief\n  Bünde\n", "Bünde", (3, 3)),
        ("query: |\n\n  Kreis\n  Herford\n", "Herford", (4, 3)),
        ("query: |+ # mit Rest\n  Kreis\n\n\n", "Kreis", (2, 3)),
        ("a: 1\r\nquery: >\r\n  Kreis\r\n  Herford\r\n", "Herford", (4, 3)),
        ("query: 🙂 Herford\n", "Herford", (1, 10)),
        ("query: |\n  ohne Ende", "Ende", (2, 8)),
    ],
)
def test_places(yaml: str, needle: str, expected: tuple[int, int]) -> None:
    check(yaml, needle, expected)


def test_place_after_the_end() -> None:
    found = located("query: 'abc'\n")
    assert found.place(3).column == 12
    assert found.place(99).column == 12


@pytest.mark.parametrize(
    "yaml", ['query: "a\x85b c"\n', "query: |\n  a\x85\n"]
)
def test_the_start_stands_for_what_cannot_be_traced(yaml: str) -> None:
    """NEL is a line break for the parser, but for no editor."""
    assert set(located(yaml).places) == {(1, 8)}


def test_empty_text_has_one_place() -> None:
    assert located('query: ""\n').places == ((1, 8),)


WORDS = st.text(st.sampled_from("aäß Z\n'\"\\#:-*>|🙂\t"), max_size=40)
STYLES = [
    DoubleQuotedScalarString,
    FoldedScalarString,
    LiteralScalarString,
    SingleQuotedScalarString,
    str,
]


@given(
    text=WORDS,
    style=st.sampled_from(STYLES),
    width=st.sampled_from([10, 4000]),
)
def test_written_by_a_library(text: str, style: type[str], width: int) -> None:
    """Whatever ruamel writes and reads back, each visible character is found
    again in the file.
    """
    writer = YAML()
    writer.width = width
    stream = io.StringIO()
    writer.dump({"query": style(text)}, stream)
    yaml = stream.getvalue()
    if has_text(yaml):  # the writer's own slips are not ours
        assert_traced(yaml)


@given(
    body=st.text(st.sampled_from("aäß \n'\"\\#:-x\t"), max_size=60),
    style=st.sampled_from(["", "'", '"', ">", "|"]),
)
def test_written_by_anybody(body: str, style: str) -> None:
    """Odd indentation, blank lines and escapes: where the text parses, its
    characters are found again.
    """
    if style in (">", "|"):
        yaml = f"query: {style}\n" + "\n".join(
            "  " + line for line in body.split("\n")
        )
    else:
        yaml = f"query: {style}{body}{style}\n"
    if has_text(yaml):
        assert_traced(yaml)


def has_text(yaml: str) -> bool:
    try:
        root = compose(Source("f", yaml))
    except Unusable:
        return False
    return isinstance(root, MappingNode) and isinstance(
        root.value[-1][1], ScalarNode
    )


def assert_traced(yaml: str) -> None:
    found = located(yaml)
    lines = yaml.split("\n")
    for char, (line, column) in zip(found.text, found.places, strict=False):
        if char.strip():
            there = lines[line - 1][column - 1]
            assert there in (char, "\\"), (char, line, column, yaml)
