"""`monitor demo`: the newsroom, and the whole of it as a process."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.ui.demo.newsroom import read_newsroom
from tests.flow.program import Daemon, monitor
from tests.services import free_port
from tests.ui.web.conftest import Visitor

START = datetime(2026, 11, 28, 12, tzinfo=UTC)
NEWSROOM = read_newsroom(START)


def test_a_story_is_out_from_its_moment_on() -> None:
    story = NEWSROOM.stories[-1]
    before, after = START + story.at - timedelta(seconds=1), START + story.at
    outlet = story.outlets[0]
    assert NEWSROOM.page(outlet, story.path, before) is None
    assert story.title in (NEWSROOM.page(outlet, story.path, after) or "")
    assert story.title not in (NEWSROOM.feed(outlet, "http://x", before) or "")
    assert f"http://x/{outlet}/{story.path}" in (
        NEWSROOM.feed(outlet, "http://x", after) or ""
    )


def test_others_have_no_feed_and_no_page() -> None:
    end = START + NEWSROOM.lasts
    assert NEWSROOM.feed("nix", "http://x", end) is None
    assert NEWSROOM.page("radio", "meldung-1", end) is None  # another paper's


def open_to_others(folder: Path) -> list[Path]:
    """The folder and all in it that others may read, write or enter."""
    return [
        path
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & 0o077
    ]


@pytest.mark.slow
def test_the_demo_shows_stories_and_mails(tmp_path: Path) -> None:
    ended = monitor(tmp_path, "demo", "--seconds", "30", umask=0)
    assert ended.returncode == 0, ended.stderr
    assert "All of it takes about 30 seconds." in ended.stdout
    assert open_to_others(tmp_path / "demo" / "data") == []
    assert "Radio Lindental: Pegel der Linde steigt" in ended.stdout
    assert "mail  [Hochwasser] Pegel der Linde steigt" in ended.stdout
    assert (
        " --feeds demo/feeds.yaml --data demo/data search Linde\n"
        in ended.stdout
    )
    assert " --feeds demo/feeds.yaml --data demo/data web " in ended.stdout
    (file,) = re.findall(r"demo/data/outbox/hochwasser\S+", ended.stdout)
    assert (tmp_path / file).is_file()
    options = ("--feeds", "demo/feeds.yaml", "--data", "demo/data")
    assert monitor(tmp_path, *options, "check").returncode == 0
    assert (
        "Pegel der *Linde* steigt"
        in monitor(tmp_path, *options, "search", "Linde").stdout
    )
    port = free_port()
    page = Daemon.start(
        tmp_path,
        env={"MONITOR_LISTEN": f"127.0.0.1:{port}"},
        command=(*options, "web"),
    )
    try:
        page.until(lambda: page.said("web page: "), seconds=120)
        assert "Pegel der" in Visitor(port, "").get("/suche?q=Linde").text
    finally:
        page.kill()


@pytest.mark.slow
def test_a_folder_of_somebody_else_is_not_emptied(tmp_path: Path) -> None:
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "wichtig").touch()
    ended = monitor(tmp_path, "demo")
    assert ended.returncode == 2
    assert "is no demo's" in ended.stderr
    assert (tmp_path / "demo" / "wichtig").exists()
