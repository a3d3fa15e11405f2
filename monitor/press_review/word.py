"""A press review as a Word file: styles, live links, contents that lead to
their stories.

Only the child process imports python-docx.
"""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from monitor.press_review.sheet import (
    Sheet,
    SheetEntry,
    SheetLink,
    SheetSection,
)

_LANGUAGES = {"de": "de-DE", "en": "en-GB"}
_BLUE = RGBColor(0x14, 0x56, 0xA8)
_MUTED = RGBColor(0x56, 0x60, 0x70)
_MOST_WIDTH = Cm(7)  # of the logo
_MOST_HEIGHT = Cm(2.2)
_EDGE_SPACE = "8"  # points between the rule and the comment


def to_docx(sheet: Sheet) -> bytes:
    """The file."""
    return _WordFile(sheet).to_bytes()


class _WordFile:
    """Builds one file from top to bottom."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._document: WordDocument = Document()
        self._bookmarks = 0

    def to_bytes(self) -> bytes:
        self._prepare()
        self._cover()
        if self._sheet.sections:
            self._contents()
            self._stories()
        else:
            self._document.add_paragraph(self._sheet.words.nothing)
        target = BytesIO()
        self._document.save(target)
        return target.getvalue()

    def _prepare(self) -> None:
        """Language, page, fonts and what the file says about itself."""
        sheet, document = self._sheet, self._document
        properties = document.core_properties
        properties.title = f"{sheet.title} – {sheet.day}"
        properties.author = sheet.office
        properties.comments = ""
        properties.language = _LANGUAGES[sheet.language]
        properties.created = properties.modified = sheet.made_at.replace(
            tzinfo=None
        )
        _set_language(document, _LANGUAGES[sheet.language])
        section = document.sections[0]
        section.page_width = Cm(21)
        section.page_height = Cm(29.7)
        section.left_margin = section.right_margin = section.top_margin = Cm(
            2.5
        )
        document.styles["Normal"].font.size = Pt(11)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        footer.add_run(f"{sheet.title}, {sheet.day} · {sheet.words.page} ")
        _add_field(footer, "PAGE")

    def _cover(self) -> None:
        sheet, document = self._sheet, self._document
        if sheet.logo is not None:
            self._logo()
        if sheet.office:
            document.add_paragraph(sheet.office, style="Subtitle")
        document.add_heading(sheet.title, level=0)
        document.add_paragraph(sheet.day, style="Subtitle")
        _muted(document.add_paragraph(), f"{sheet.count} · {sheet.made}")
        if sheet.late:
            _add_edge(document.add_paragraph(sheet.late), "B08A1E")
        for line in sheet.note:
            document.add_paragraph(line)

    def _logo(self) -> None:
        logo = self._sheet.logo
        assert logo is not None
        picture = self._document.add_picture(BytesIO(logo.data))
        ratio = min(
            _MOST_WIDTH / picture.width, _MOST_HEIGHT / picture.height, 1
        )
        picture.width = round(picture.width * ratio)
        picture.height = round(picture.height * ratio)
        said = filter(None, [self._sheet.words.logo, self._sheet.office])
        picture._inline.docPr.set("descr", ": ".join(said))

    def _contents(self) -> None:
        """Static, because Word asks before it fills a table of contents by
        itself.
        """
        _title(self._document.add_paragraph(), self._sheet.words.contents)
        for part, section in enumerate(self._sheet.sections, 1):
            if section.heading:
                named = self._document.add_paragraph()
                _link_within(named, section.heading, f"abschnitt-{part}")
            for number, entry in enumerate(section.entries, 1):
                line = self._document.add_paragraph(style="List Bullet")
                _link_within(line, entry.title, f"meldung-{part}-{number}")
                if entry.facts:
                    _muted(line, f" {entry.facts[0]}")
        self._document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)

    def _stories(self) -> None:
        for part, section in enumerate(self._sheet.sections, 1):
            self._section(part, section)

    def _section(self, part: int, section: SheetSection) -> None:
        if section.heading:
            heading = self._document.add_heading(section.heading, level=1)
            self._bookmark(heading, f"abschnitt-{part}")
        for number, entry in enumerate(section.entries, 1):
            self._entry(entry, f"meldung-{part}-{number}")

    def _entry(self, entry: SheetEntry, name: str) -> None:
        level = 2 if self._sheet.has_headings else 1
        self._bookmark(
            self._document.add_heading(entry.title, level=level), name
        )
        _muted(self._document.add_paragraph(), " · ".join(entry.facts))
        for line in entry.comment:
            paragraph = self._document.add_paragraph()
            paragraph.add_run(f"{self._sheet.words.comment}: ").bold = True
            paragraph.add_run(line)
            _add_edge(paragraph, "1456A8")
        for line in entry.paragraphs or (entry.snippet,):
            if line:
                self._document.add_paragraph(line)
        if entry.also_in:
            self._others(entry.also_in)
        if entry.url:
            said = f"{self._sheet.words.original}: {entry.site}"
            _link_outside(self._document.add_paragraph(), said, entry.url)

    def _others(self, also_in: tuple[SheetLink, ...]) -> None:
        paragraph = self._document.add_paragraph()
        _muted(paragraph, f"{self._sheet.words.also_in}: ")
        for place, other in enumerate(also_in):
            if place:
                paragraph.add_run(", ")
            if other.url:
                _link_outside(paragraph, other.text, other.url)
            else:
                paragraph.add_run(other.text)

    def _bookmark(self, paragraph: Paragraph, name: str) -> None:
        self._bookmarks += 1
        number = str(self._bookmarks)
        start = _element("w:bookmarkStart", {"w:id": number, "w:name": name})
        paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
        paragraph._p.append(_element("w:bookmarkEnd", {"w:id": number}))


def _set_language(document: WordDocument, language: str) -> None:
    """What the text is spelled and hyphenated in."""
    for known in document.styles.element.iter(qn("w:lang")):
        known.set(qn("w:val"), language)
    document.settings.element.append(
        _element("w:autoHyphenation", {"w:val": "true"})
    )


def _element(tag: str, attributes: dict[str, str]) -> BaseOxmlElement:
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    return made


def _title(paragraph: Paragraph, text: str) -> None:
    """A heading that is no part of the outline."""
    run = paragraph.add_run(text)
    run.bold = True
    run.font.size = Pt(14)


def _muted(paragraph: Paragraph, text: str) -> None:
    font = paragraph.add_run(text).font
    font.color.rgb = _MUTED
    font.size = Pt(9.5)


def _link_outside(paragraph: Paragraph, text: str, url: str) -> None:
    target = paragraph.part.relate_to(
        url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True
    )
    _add_link(paragraph, text, {"r:id": target})


def _link_within(paragraph: Paragraph, text: str, bookmark: str) -> None:
    _add_link(paragraph, text, {"w:anchor": bookmark})


def _add_link(paragraph: Paragraph, text: str, target: dict[str, str]) -> None:
    link = _element("w:hyperlink", target)
    run = paragraph.add_run(text)
    run.font.color.rgb = _BLUE
    run.font.underline = True
    link.append(run._r)
    paragraph._p.append(link)


def _add_field(paragraph: Paragraph, name: str) -> None:
    field = _element("w:fldSimple", {"w:instr": name})
    field.append(paragraph.add_run("1")._r)
    paragraph._p.append(field)


def _add_edge(paragraph: Paragraph, colour: str) -> None:
    """A rule at the left side."""
    edges = _element("w:pBdr", {})
    looks = {
        "w:val": "single",
        "w:sz": "18",
        "w:space": _EDGE_SPACE,
        "w:color": colour,
    }
    edges.append(_element("w:left", looks))
    paragraph._p.get_or_add_pPr().append(edges)
