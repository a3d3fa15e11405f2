"""What a child process does with a page: never raises, whatever the page is.
Knows nothing of processes.
"""

from __future__ import annotations

import contextlib
import ctypes
import sys
from collections.abc import Callable

from trafilatura.meta import reset_caches

from monitor.extract.article import extract_article
from monitor.extract.phrases import phrases
from monitor.extract.site import site_suffixes
from monitor.language.spelling_rules import rules
from monitor.types.page import ExtractFailed, ExtractOutcome, PageTask

# trafilatura's caches hold page text: emptied so that memory stays flat
PAGES_PER_CACHE = 50
# what pages took is given back to the system: some 5 MB of a child
PAGES_PER_TRIM = 10


def answering() -> Callable[[PageTask], ExtractOutcome]:
    """The function from a page to what it says."""
    # What nearly every page needs, so that it is there before the fork.
    phrases()
    rules()
    site_suffixes()
    pages = 0

    def answer(task: PageTask) -> ExtractOutcome:
        nonlocal pages
        pages += 1
        if pages % PAGES_PER_CACHE == 0:
            reset_caches()
        outcome = _read(task)
        if pages % PAGES_PER_TRIM == 0:
            _give_back()
        return outcome

    return answer


def _read(task: PageTask) -> ExtractOutcome:
    try:
        return extract_article(task)
    except MemoryError:
        return ExtractFailed(
            "memory", "the page needs more memory than a worker may use"
        )
    except RecursionError:
        return ExtractFailed(
            "too_deep", "the page is nested deeper than can be followed"
        )
    # The loop that isolates one page: whatever a library does with a strange
    # page, the next page must be read.
    except Exception as error:
        return ExtractFailed("error", f"{type(error).__name__}: {error}"[:300])


def _give_back() -> None:
    """Return free pieces of the heap (malloc_trim(3)); other C libraries lack
    it.
    """
    if sys.platform == "linux":
        with contextlib.suppress(AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
