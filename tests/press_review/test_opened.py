"""The files as other programs see them: veraPDF judges the PDF, LibreOffice
opens the Word file.
"""

from __future__ import annotations

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from monitor.press_review.sheet import sheet_of
from monitor.press_review.typesetting import to_pdf
from monitor.press_review.word import to_docx
from tests.press_review.samples import EMPTY, FULL, entry, of
from tests.press_review.test_files import HOSTILE
from tests.services import missing
from tests.services.verapdf import problems_of

pytestmark = [pytest.mark.slow, pytest.mark.external_service]
DOCUMENTS = {
    "full": FULL,
    "empty": EMPTY,
    "many": of(
        *(entry(number, comment="Anmerkung") for number in range(60)),
        heading="Alles",
    ),
    "flat": of(
        entry(1, url=""),
        entry(2, snippet=""),
        entry(3, outlet="", published_at=None),
    ),
    "hostile": of(
        *(entry(title=text, snippet=text, comment=text) for text in HOSTILE)
    ),
    "english": of(entry(), language="en", office="Press office"),
}


def test_verapdf_finds_nothing(tmp_path: Path) -> None:
    files = []
    for name, document in DOCUMENTS.items():
        path = tmp_path / f"{name}.pdf"
        path.write_bytes(to_pdf(sheet_of(document)))
        files.append(path)
    assert problems_of(*files) == []


def test_verapdf_finds_what_is_wrong(tmp_path: Path) -> None:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=200, height=200)
    path = tmp_path / "bare.pdf"
    writer.write(path)
    assert problems_of(path)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_libreoffice_opens_the_word_file(name: str, tmp_path: Path) -> None:
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        missing("LibreOffice")
    source = tmp_path / "review.docx"
    source.write_bytes(to_docx(sheet_of(DOCUMENTS[name])))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        program,
        home,
        "--headless",
        "--convert-to",
        "pdf",
        "--outdir",
        str(tmp_path),
    ]
    subprocess.run(
        [*command, str(source)], check=True, capture_output=True, timeout=120
    )
    pdf = pypdf.PdfReader(BytesIO((tmp_path / "review.pdf").read_bytes()))
    text = " ".join(
        " ".join(page.extract_text() for page in pdf.pages).split()
    )
    sheet = sheet_of(DOCUMENTS[name])
    assert sheet.day in text
    assert text.count(sheet.words.original) == sum(
        bool(e.url) for e in DOCUMENTS[name].entries
    )
