"""Adding feeds to a file: what was there stays, byte for byte, and a broken
file is never left behind.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.catalog import load_catalog
from monitor.config.edit import add_feeds, free_id, listed_as
from monitor.errors import ConfigError

NEW = {
    "id": "neu",
    "title": "Neue: Zeitung",
    "url": "https://neu.test/rss?a=1&b=2",
}
LINES = "- id: neu\n{0}  title: 'Neue: Zeitung'\n{0}  url: https://neu.test/rss?a=1&b=2\n"


def written(indent: int) -> str:
    return " " * indent + LINES.format(" " * indent)


def check(folder: Path, before: str, after: str) -> None:
    path = folder / "feeds.yaml"
    path.write_bytes(before.encode())
    add_feeds(path, [NEW])
    assert path.read_bytes().decode() == after
    assert load_catalog(path).feeds[-1].title == "Neue: Zeitung"
    assert [file.name for file in folder.iterdir()] == ["feeds.yaml"]


OLD = "feeds:\n  - id: alt   # bleibt\n    url: https://alt.test/rss  # auch das\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OLD, OLD + written(2)),
        (
            "# Kopf\n\n" + OLD + "\n# Themen\ndefaults: {country: de}\n",
            "# Kopf\n\n"
            + OLD
            + written(2)
            + "\n# Themen\ndefaults: {country: de}\n",
        ),
        (
            "feeds:\n- id: alt\n  url: https://alt.test/\n",
            "feeds:\n- id: alt\n  url: https://alt.test/\n" + written(0),
        ),
        (OLD.rstrip("\n"), OLD + written(2)),
        (OLD.replace("\n", "\r\n"), (OLD + written(2)).replace("\n", "\r\n")),
        ("\ufeff" + OLD, "\ufeff" + OLD + written(2)),
        (
            "feeds: [{id: alt, url: 'https://alt.test/'}]  # kurz\n",
            "feeds: [{id: alt, url: 'https://alt.test/'}, {id: 'neu', title: 'Neue: Zeitung', "
            "url: 'https://neu.test/rss?a=1&b=2'}]  # kurz\n",
        ),
        (
            "feeds: []\ndefaults: {country: de}\n",
            "feeds:\n" + written(2) + "defaults: {country: de}\n",
        ),
        (
            "feeds:\ndefaults: {country: de}\n",
            "feeds:\n" + written(2) + "defaults: {country: de}\n",
        ),
        (
            "defaults: {country: de}\n",
            "defaults: {country: de}\n\nfeeds:\n" + written(2),
        ),
        ("", "feeds:\n" + written(2)),
        (
            OLD + "    title: >-\n      Alte\n      Zeitung\n# Ende\n",
            OLD
            + "    title: >-\n      Alte\n      Zeitung\n"
            + written(2)
            + "# Ende\n",
        ),
    ],
)
def test_a_feed_is_added_behind_the_others(
    tmp_path: Path, before: str, after: str
) -> None:
    check(tmp_path, before, after)


@pytest.mark.parametrize(
    ("before", "new"),
    [
        (OLD, {"id": "alt", "url": "https://neu.test/"}),
        (OLD, {"id": "neu", "url": "http://alt.test/rss/"}),
        (OLD, {"id": "NICHT gut", "url": "https://neu.test/"}),
        (OLD, {"id": "neu", "url": "gopher://neu.test/"}),
        ("feeds: {a: b\n", NEW),
        ("feeds: 7\n", NEW),
    ],
)
def test_what_could_not_be_used_is_not_written(
    tmp_path: Path, before: str, new: dict[str, str]
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(before, encoding="utf-8")
    with pytest.raises(ConfigError):
        add_feeds(path, [new])
    assert path.read_text(encoding="utf-8") == before
    assert [file.name for file in tmp_path.iterdir()] == ["feeds.yaml"]


def test_rights_and_links_stay(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    real.write_text(OLD, encoding="utf-8")
    real.chmod(0o640)
    link = tmp_path / "feeds.yaml"
    link.symlink_to(real)
    add_feeds(link, [NEW])
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert len(load_catalog(real).feeds) == 2


@pytest.mark.slow
@given(
    title=st.text(
        st.characters(
            blacklist_categories=("Cs", "Cc", "Cf", "Co", "Cn", "Zl", "Zp")
        ),
        min_size=1,
    )
)
def test_any_title_comes_back(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    path = tmp_path_factory.mktemp("edit") / "feeds.yaml"
    path.write_text(OLD, encoding="utf-8")
    if not " ".join(title.split()):
        return
    add_feeds(path, [NEW | {"title": title}])
    assert load_catalog(path).feeds[-1].title == " ".join(title.split())


def test_ids_are_made_and_addresses_compared(tmp_path: Path) -> None:
    assert free_id("Kölner Stadt-Anzeiger", []) == "koelner-stadt-anzeiger"
    assert free_id("ZDF", ["zdf", "zdf-2"]) == "zdf-3"
    assert free_id("日本", []) == "feed"
    path = tmp_path / "feeds.yaml"
    path.write_text(OLD, encoding="utf-8")
    catalog = load_catalog(path)
    found = listed_as(catalog, "http://alt.test/rss/")
    assert found is not None
    assert found.id == "alt"
    assert listed_as(catalog, "https://alt.test/sport") is None


def test_a_feed_of_a_listed_site_is_listed_unless_it_names_the_outlet(
    tmp_path: Path,
) -> None:
    path = tmp_path / "feeds.yaml"
    path.write_text(
        "feeds:\n  - {id: a, title: A, site: 'https://www.a.test/'}\n",
        encoding="utf-8",
    )
    catalog = load_catalog(path)
    assert listed_as(catalog, "https://a.test/rss") == catalog.feeds[0]
    assert listed_as(catalog, "https://www.a.test") == catalog.feeds[0]
    assert listed_as(catalog, "https://a.test/rss", "A") is None
    assert listed_as(catalog, "https://www.a.test", "A") == catalog.feeds[0]
    assert listed_as(catalog, "https://b.test/rss") is None
