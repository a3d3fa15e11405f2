"""Turns one page into an article: `extract_article` is the room's pipeline, pure, and runs in a child process.

    load > structured data > prune furniture > trafilatura > drop boilerplate > weigh > name what it is

Knows nothing of downloads, of other pages, or of what is kept. Whatever the page is, the answer is a value.
"""

from __future__ import annotations

import re

import trafilatura
from trafilatura.settings import Document

from monitor.extract.document import load
from monitor.types.page import Extracted, ExtractFailed, ExtractOutcome, PageTask

EXTRACTOR = f"monitor-1/trafilatura-{trafilatura.__version__}"


def extract_article(task: PageTask) -> ExtractOutcome:
    """The article on a page. Never raises for what a page contains, except MemoryError and RecursionError."""
    tree = load(task)
    if isinstance(tree, ExtractFailed):
        return tree
    document = trafilatura.bare_extraction(tree, url=task.url, include_comments=False, with_metadata=True)
    if not isinstance(document, Document) or not document.text:
        return ExtractFailed("empty", "the page has no article text")
    text = document.text
    return Extracted(
        kind="article",
        title=document.title or task.title_hint,
        lead="",
        text="\n".join(line for line in text.splitlines() if line.strip()),
        word_count=len(re.findall(r"\w+", text)),
        extractor=EXTRACTOR,
    )
