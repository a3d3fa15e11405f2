"""Files that are no YAML or no catalogue at all, and the excerpts in messages."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from monitor.config.catalog import load_catalog
from monitor.config.source import Source
from monitor.config.yaml_nodes import compose
from tests.config.files import FEED, Write, check, problems_of


@pytest.mark.parametrize(
    ("yaml", "expected"),
    [
        ("feeds:\n\t- id: a\n", (2, 1, "a tab", "blanks")),
        ("feeds: [*krieg]\n", (1, 9, "*krieg", "write krieg;")),
        ("feeds: [* ]\n", (1, 10, "YAML itself", "quotes")),
        ("feeds: @x\n", (1, 8, '"@"', "single quotes")),
        ("feeds: a: b\n", (1, 9, 'second ": "', "single quotes")),
        ('feeds: "a" OR b\n', (1, 12, "closed quote", "single quotes")),
        ('feeds:\n  - "a\nb: c\n', (2, 5, "never closed", "closing quote")),
        ("feeds: [a\n", (1, 8, "never closed", "closing bracket")),
        ("feeds:\n  - a\n b: c\n", (3, 2, "indentation", "align")),
        ("feeds: a\n---\nb: c\n", (2, 1, "second document", "one document")),
        ('feeds: "\\q"\n', (1, 10, "in double quotes", "single quotes")),
        ("feeds: x\x01\n", (1, 9, "U+0001", "delete")),
        ("feeds: {a: ]}\n", (1, 12, "not YAML", "quotes")),
        ("- " * 3000, (1, 1, "nested too deeply", "")),
        (
            "[" * 50_000,
            (1, 51, "brackets are nested too deeply", "at most 50 levels"),
        ),
        (
            "feeds:\n" + "  [\n" * 50_000,
            (52, 3, "brackets are nested too deeply", "at most 50"),
        ),
        (
            "feeds: " + "{a: [" * 9000,
            (1, 133, "brackets are nested too deeply", "at most 50"),
        ),
        (
            "feeds: " + "[x, {" * 26,
            (1, 133, "brackets are nested too deeply", "at most 50"),
        ),
        (
            f"a: {'[' * 50}{']' * 50}\nb: {'[' * 51}",
            (2, 54, "too deeply", "at most 50"),
        ),
        ("", (1, 1, "empty", "feeds:")),
        ("# nur ein Kommentar\n", (1, 1, "empty", "feeds:")),
    ],
)
def test_not_yaml(
    write: Write, yaml: str, expected: tuple[int, int, str, str]
) -> None:
    check(write(yaml), expected)


@pytest.mark.parametrize(
    "yaml",
    [
        f"feeds: {'[' * 50}a{']' * 50}",
        f"feeds: [{', '.join(['[a]'] * 60)}]",
        f"feeds: '{'[' * 60}'",
        f'feeds: "{"{" * 60}"',
        f"feeds: a  # {'[' * 60}",
        f"feeds: a{'[' * 60}",
        f"feeds: |\n  {'[' * 60}\n",
        "".join(f"k{n}: [[{{a: b}}]]\n" for n in range(60)),
    ],
)
def test_brackets_that_are_not_too_deep(yaml: str) -> None:
    assert compose(Source("feeds.yaml", yaml)) is not None


def test_message_with_excerpt(write: Write) -> None:
    path = write("feeds:\n  - id: zdf\n    utl: https://www.zdf.de/\n")
    (problem,) = problems_of(path)
    assert str(problem) == (
        'feeds.yaml:3:5  feed "zdf": unknown key "utl"\n'
        "\n"
        "      utl: https://www.zdf.de/\n"
        "      ^^^\n"
        '  hint: did you mean "url"?'
    )


def test_a_long_line_is_cut_around_the_place(write: Write) -> None:
    (problem,) = problems_of(
        write(FEED + f"    title: {'x' * 300}\n    region: {'a' * 300} \x01\n")
    )
    text, caret = problem.excerpt.splitlines()
    assert len(text) < 120
    assert text[caret.index("^")] == "␁"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("feeds: ü\n".encode("latin-1"), "encoding"),
        ("feeds: ü\n".encode("utf-16"), "encoding"),
        (b"#" * 10_000_000, "too-large"),
    ],
)
def test_files_that_are_no_catalogue(
    write: Write, content: bytes, code: str
) -> None:
    (problem,) = problems_of(write(content))
    assert problem.code == code


def test_no_file_and_folder(tmp_path: Path) -> None:
    (missing,) = problems_of(tmp_path / "gone.yaml")
    (folder,) = problems_of(tmp_path)
    (name_too_long,) = problems_of(tmp_path / ("x" * 300))
    assert [missing.code, folder.code, name_too_long.code] == [
        "missing",
        "folder",
        "unreadable",
    ]


def test_byte_order_mark_and_digest(write: Write) -> None:
    path = write("\ufeff" + FEED)
    assert load_catalog(path).feeds[0].id == "zdf"
    assert (
        load_catalog(path).digest
        == hashlib.sha256(path.read_bytes()).hexdigest()
    )
    assert (
        load_catalog(write(FEED)).digest
        != load_catalog(write(FEED + "# neu\n")).digest
    )
