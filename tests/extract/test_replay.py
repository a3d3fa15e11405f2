"""Floors over real German pages, where the replay is at hand.

None of its texts is part of this repository.
"""

from __future__ import annotations

import gzip
import json
import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pytest

from monitor.extract.article import extract_article
from monitor.types.page import Extracted, PageTask

ROOT = Path(__file__).parents[2]
REPLAY = (
    Path(os.environ.get("MONITOR_REPLAY", ROOT.parent / "shared" / "replay"))
    / "data"
    / "fundus_de"
)
MEAN_F1 = 0.981
# one page's labels leave out the lists that are most of its article
WORST_F1 = 0.73
DATES = 0.98

pytestmark = [
    pytest.mark.slow,
    pytest.mark.replay,
    pytest.mark.skipif(
        not (REPLAY / "gold.jsonl").exists(),
        reason=f"no labelled pages in {REPLAY}",
    ),
]


def words(text: str) -> Counter[str]:
    return Counter(
        re.findall(r"\w+", normalize("NFC", text).lower().replace("\xad", ""))
    )


def test_floors() -> None:
    scores, right, dated = {}, 0, 0
    for line in (
        (REPLAY / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        gold = json.loads(line)
        outcome = extract_article(
            PageTask(
                gold["url"],
                gzip.decompress((REPLAY / gold["html"]).read_bytes()),
            )
        )
        assert isinstance(outcome, Extracted), gold["id"]
        found = words(f"{outcome.lead}\n{outcome.text}")
        wanted = words(gold["text"])
        scores[gold["id"]] = (
            2 * (found & wanted).total() / (found.total() + wanted.total())
        )
        if gold["publishing_date"]:
            when = datetime.fromisoformat(gold["publishing_date"])
            when = (
                when
                if when.tzinfo
                else when.replace(tzinfo=ZoneInfo("Europe/Berlin"))
            )
            dated += 1
            right += outcome.published is not None and abs(
                outcome.published.when - when.astimezone(UTC)
            ) < timedelta(minutes=1)
    assert sum(scores.values()) / len(scores) >= MEAN_F1
    assert min(scores.values()) >= WORST_F1, min(
        scores, key=lambda page: scores[page]
    )
    assert right >= DATES * dated
