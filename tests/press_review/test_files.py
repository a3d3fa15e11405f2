"""The three formats, read back by other libraries: nothing is missing, hostile
texts are texts.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
from io import BytesIO
from typing import Any

import docx
import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.press_review.files import make_files
from monitor.press_review.page import to_html
from monitor.press_review.setting_task import SettingTask
from monitor.press_review.sheet import sheet_of
from monitor.press_review.typesetting import coverage, printable, to_pdf
from monitor.press_review.word import to_docx
from monitor.press_review.worker import set_review
from monitor.types.press_review import REVIEW_FORMATS, Logo, ReviewDocument
from tests.press_review.samples import EMPTY, FULL, entry, of

HOSTILE = [
    '#eval(read("/etc/passwd"))',
    "$ x $ *fett* _kursiv_ = Titel",
    '<script>alert(1)</script> & "Zitat"',
    "\\ \\n #{ ] ) // kein Kommentar",
    "{{ 7 * 7 }} {% raw %}",
    "Feuer 🚒 in 中文 und \U0001f1e9\U0001f1ea",
    "\u202eumgekehrt\u202c \u200b\ufeff\u00ad",
    "Київ, Αθήνα, Łódź, Škoda, ﬁnal",
    "e\u0301 a\u0308 ½ ² € „Zitat“ – Gedanke",
    "العربية",
    '@import "x.typ": *',
    "a" * 300,
]


def pdf_of(document: ReviewDocument) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(to_pdf(sheet_of(document))))


def text_of(pdf: pypdf.PdfReader) -> str:
    return " ".join(
        " ".join(page.extract_text() for page in pdf.pages).split()
    )


def test_the_pdf_is_tagged_titled_and_german() -> None:
    pdf = pdf_of(FULL)
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data().replace(
        b'="', b">"
    ).replace(b'"', b"<")
    assert pdf.metadata is not None
    assert (
        pdf.metadata.title
        == "Pressespiegel der Stadt Löhne – Samstag, 28. November 2026"
    )
    kinds = {str(each.get("/S")) for each in tags(root["/StructTreeRoot"])}
    assert {"/H1", "/H2", "/P", "/Link", "/TOC", "/TOCI", "/Figure"} <= kinds


def tags(node: Any) -> list[Any]:
    """Every structure element below this one."""
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for each in node for found in tags(each)]
    if not isinstance(node, dict):
        return []
    return [node, *tags(node.get("/K", []))]


def test_all_fonts_are_embedded() -> None:
    found = 0
    for page in pdf_of(FULL).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            found += 1
    assert found


def test_links_are_live() -> None:
    targets = set()
    for page in pdf_of(FULL).pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            targets.add(str(action.get("/URI", "")))
    wanted = {entry.url for entry in FULL.entries} | {
        "https://tageblatt.example/2"
    }
    assert wanted <= targets


def test_the_pdf_says_all_facts() -> None:
    text = text_of(pdf_of(FULL))
    for words in (
        "Stadt Löhne, Pressestelle",
        "Samstag, 28. November 2026",
        "Verspätet",
        "Haushalt",
        "Weitere Meldungen",
        "Bitte an die Kämmerei.",
        "Löhner Tageblatt",
        "Zweiter.",
        "Zum Original: weserbote.example",
    ):
        assert words in text, words


def test_the_same_review_gives_the_same_pdf() -> None:
    sheet = sheet_of(FULL)
    assert to_pdf(sheet) == to_pdf(sheet)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_texts_in_every_format(text: str) -> None:
    document = of(
        entry(title=text, outlet=text, comment=text, snippet=text),
        heading=text,
        title=text,
        office=text,
        note=text,
    )
    made = set_review(SettingTask(sheet_of(document), REVIEW_FORMATS))
    assert [each.problem for each in made] == ["", "", ""]
    html = made[0].body.decode()
    assert "<script>alert" not in html
    assert "49" not in html.partition("<body>")[2].replace("{{ 7 * 7 }}", "")
    word = docx.Document(BytesIO(made[2].body))
    said = [paragraph.text for paragraph in word.paragraphs]
    shown = sheet_of(document).sections[0].entries[0].title
    assert shown in said


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_file(text: str) -> None:
    document = of(entry(title=text, snippet=text), title=text)
    made = set_review(SettingTask(sheet_of(document), REVIEW_FORMATS))
    assert [each.problem for each in made] == ["", "", ""]


def test_every_character_that_counts_as_printable_is() -> None:
    characters = sorted(coverage())
    lines = [
        "x".join(characters[n : n + 100])
        for n in range(0, len(characters), 100)
    ]
    assert len(characters) > 4000
    sheet = sheet_of(of(*(entry(snippet=line) for line in lines)))
    assert to_pdf(sheet).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Feuer", "Feuer"),
        ("Grüße „aus“ Łódź – 5 €", "Grüße „aus“ Łódź – 5 €"),
        ("🚒 Feuer", "□ Feuer"),
        ("中文字 und 中", "□ und □"),
        ("Київ", "Київ"),
        ("a\u00a0b", "a\u00a0b"),
        ("\U0001f1e9\U0001f1ea", "□"),
        ("", ""),
        ("½ ² ✓", "½ ² ✓"),
        ("x\U000e0041y", "x□y"),
    ],
)
def test_what_fonts_cannot_show_is_a_square(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_the_word_file_has_styles_links_and_language() -> None:
    word = docx.Document(BytesIO(to_docx(sheet_of(FULL))))
    styles = {
        str(each.style.name)
        for each in word.paragraphs
        if each.style is not None
    }
    assert {"Title", "Heading 1", "Heading 2"} <= styles
    assert word.core_properties.language == "de-DE"
    assert word.core_properties.title.startswith(
        "Pressespiegel der Stadt Löhne"
    )
    targets = {
        each.target_ref for each in word.part.rels.values() if each.is_external
    }
    assert {entry.url for entry in FULL.entries} <= targets
    xml = word.element.xml
    assert xml.count('w:anchor="meldung-1-1"') == 1
    assert xml.count('w:name="meldung-1-1"') == 1
    assert 'descr="Logo: Stadt Löhne, Pressestelle"' in xml


def test_html_needs_nothing_beside_it() -> None:
    html = to_html(sheet_of(FULL)).decode()
    body = html.partition("<body>")[2]
    assert "<script" not in html
    assert "<link" not in html
    assert 'src="data:image/png;base64,' in body
    assert body.count("<article") == 3
    assert '<a href="#meldung-1-2">' in body
    assert 'id="meldung-1-2"' in body


@pytest.mark.parametrize("wanted", REVIEW_FORMATS)
def test_an_empty_review_has_every_format(wanted: str) -> None:
    made = {
        each.format: each
        for each in set_review(SettingTask(sheet_of(EMPTY), REVIEW_FORMATS))
    }
    assert not made[wanted].problem  # type: ignore[index]
    assert made[wanted].body  # type: ignore[index]


@pytest.mark.slow
def test_a_hundred_stories() -> None:
    pdf = pdf_of(of(*(entry(number) for number in range(100))))
    assert len(pdf.pages) > 10
    assert text_of(pdf).count("Zum Original") == 100


@pytest.mark.slow
def test_files_are_made_in_a_child_with_their_digests() -> None:
    files = make_files(FULL, REVIEW_FORMATS)
    assert [file.format for file in files] == list(REVIEW_FORMATS)
    assert all(
        hashlib.sha256(file.body).hexdigest() == file.digest for file in files
    )
    assert files[1].name == "2026-11-28-pressespiegel-der-stadt-loehne.pdf"


@pytest.mark.slow
@pytest.mark.parametrize(
    "picture", [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff no jpeg"]
)
def test_a_broken_picture_costs_no_file(picture: bytes) -> None:
    broken = of(entry(), logo=Logo(picture, "png"))
    made = make_files(broken, REVIEW_FORMATS)
    assert [file.format for file in made] == list(REVIEW_FORMATS)


@pytest.mark.slow
def test_nobody_loads_the_libraries_without_need() -> None:
    """The daemon, the page and the command line import neither."""
    code = (
        "import sys, monitor.wiring.daemon, monitor.ui.cli.main, monitor.ui.web.application;"
        "import monitor.press_review.files;"
        "sys.exit(any(name in sys.modules for name in ('typst', 'docx')))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], check=False).returncode
        == 0
    )
