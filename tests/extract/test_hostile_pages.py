"""Hostile pages in one pool with honest ones: each ends as a value, and every
honest page is read.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from monitor.extract.pool import ExtractPool
from monitor.types.page import Extracted, ExtractOutcome, PageTask

pytestmark = pytest.mark.slow

SENTENCE = (
    "Der Rat der Stadt hat am Dienstag über den Haushalt beraten und ihn nach langer Debatte"
    " beschlossen. "
)
HONEST = f"<html><body><article><h1>Haushalt der Stadt</h1><p>{SENTENCE * 4}</p></article></body></html>".encode()
HOSTILE = {
    "spans": b"<html><body><p>"
    + b"<span>ab </span>" * 52_000
    + b"</p></body></html>",
    "depth": (
        b"<html><body>"
        + b"<div>" * 300
        + f"<p>{SENTENCE}</p>".encode()
        + b"</div>" * 300
        + b"</body></html>"
    ),
    "pdf": b"%PDF-1.4 " + b"\x00\xff" * 5000,
    "charset": f"<html><body><h1>Größe</h1><p>{SENTENCE}</p></body></html>".encode(
        "cp1252"
    ),
    "huge": b"<html><body><h1>T</h1>"
    + f"<p>{SENTENCE}</p>".encode() * 180_000
    + b"</body></html>",
    "slow": (
        b"<html><body><h1>T</h1>"
        + b"<p>Der Rat hat heute getagt.</p>" * 100_000
        + b"</body></html>"
    ),
    "giant": b"<html>" + b"x" * (21 * 1024 * 1024),
}
REASONS = {
    "pdf": {"not_html"},
    "huge": {"too_large", "timeout"},
    "slow": {"timeout"},
    "giant": {"too_large"},
}


def test_only_the_hostile_task_dies() -> None:
    pool = ExtractPool(
        workers=2,
        deadline_seconds=4,
        memory_bytes=1024**3,
        pages_per_worker=50,
    )
    tasks = {
        name: PageTask(
            f"https://z.example/{name}", body, "text/html; charset=utf-8"
        )
        for name, body in HOSTILE.items()
    }
    honest = [
        PageTask(f"https://z.example/gut-{i}", HONEST) for i in range(20)
    ]
    with ThreadPoolExecutor(6) as threads:
        bad = {
            name: threads.submit(pool.extract, task)
            for name, task in tasks.items()
        }
        good = [threads.submit(pool.extract, task) for task in honest]
        ends: dict[str, ExtractOutcome] = {
            name: future.result() for name, future in bad.items()
        }
        read = [future.result() for future in good]
    pool.close()
    assert all(
        isinstance(outcome, Extracted) and "Haushalt" in outcome.text
        for outcome in read
    )
    for name, outcome in ends.items():
        if isinstance(outcome, Extracted):
            assert name not in REASONS
        else:
            assert outcome.reason in REASONS.get(name, {"timeout"}), (
                name,
                outcome,
            )
    charset = ends["charset"]
    assert isinstance(charset, Extracted)
    assert charset.title == "Größe"
    assert "über den Haushalt" in charset.text
    assert isinstance(ends["depth"], Extracted)
