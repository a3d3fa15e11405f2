"""Made-up German pages of many systems and kinds, with the text of the article
marked in them.

Each page is one file. What a reader would call its text stands between two
comments, which are taken away before anybody reads the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "data" / "extract" / "systems"
MARK = re.compile(r"<!--/?text-->")
MARKED = re.compile(r"<!--text-->(.*?)<!--/text-->", re.DOTALL)
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page without its marks, and what stood between them."""

    name: str
    html: bytes
    text: str


def labelled_pages(folder: Path = FOLDER) -> list[Labelled]:
    """All pages of the corpus, by name."""
    return [_labelled(path) for path in sorted(folder.glob("*.html"))]


def _labelled(path: Path) -> Labelled:
    marked = path.read_text(encoding="utf-8")
    text = "\n".join(
        unescape(TAG.sub(" ", part)) for part in MARKED.findall(marked)
    )
    return Labelled(path.stem, MARK.sub("", marked).encode(), text)
