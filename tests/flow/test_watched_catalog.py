"""feeds.yaml as the page sees it: read again after each edit, compiled once
beside a daemon.
"""

from __future__ import annotations

from pathlib import Path

from monitor.flow.catalog_file import read_catalog
from monitor.flow.requests.watched_catalog import WatchedCatalog

FEEDS = "feeds: [{id: bote, title: Bote, url: 'https://bote.example/rss'}]\n"
TOPIC = "topics: [{name: Haushalt, any: [Haushalt]}]\n"
OTHER = "topics: [{name: Brücke, any: [Brücke]}]\n"


def written(folder: Path, text: str = FEEDS + TOPIC) -> Path:
    path = folder / "feeds.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_beside_a_daemon_nothing_is_compiled_twice(tmp_path: Path) -> None:
    path = written(tmp_path)
    loaded = read_catalog(path)
    watched = WatchedCatalog(path, loaded=lambda: loaded)
    assert watched.current().topics is loaded[1]
    assert watched.current().catalog is loaded[0]


def test_an_edit_is_seen_before_the_daemon_sees_it_and_shared_after(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    loaded = [read_catalog(path)]
    watched = WatchedCatalog(path, loaded=lambda: loaded[-1])
    watched.current()
    written(tmp_path, FEEDS + OTHER)
    assert [topic.name for topic in watched.current().catalog.topics] == [
        "Brücke"
    ]
    loaded.append(read_catalog(path))
    assert watched.current().topics is loaded[-1][1]


def test_a_broken_edit_is_said_although_the_daemon_works_on(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    loaded = read_catalog(path)
    watched = WatchedCatalog(path, loaded=lambda: loaded)
    watched.current()
    written(tmp_path, FEEDS + "topics: [{name: Kaputt, query: 'A AND ('}]\n")
    for _ in range(2):
        view = watched.current()
        assert view.problem
        assert view.topics is loaded[1]
    path.unlink()
    assert watched.current().catalog.topics == ()


def test_without_a_daemon_it_compiles_itself(tmp_path: Path) -> None:
    watched = WatchedCatalog(written(tmp_path))
    assert len(watched.current().topics) == 1
    assert watched.current() is watched.current()
    assert WatchedCatalog().current().catalog.topics == ()
