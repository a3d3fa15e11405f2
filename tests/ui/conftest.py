"""The command line in this process: its words, what it printed, how it ended."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from monitor.extract.pool import ExtractPool
from monitor.ui.cli.main import main
from tests.flow.world import Item, World, feeds_yaml, page, rss
from tests.services.web import Answer, Site, SiteServer

WAR = Item("krieg", "Neue Gespräche über die Ukraine")
TOWN = Item("rat", "Der Rat tagt in Löhne")
LOST = Item("weg", "Eine Seite, die es nicht gibt")


@dataclass(frozen=True)
class Ended:
    """How one command ended."""

    code: int
    out: str
    err: str


Command = Callable[..., Ended]


@pytest.fixture
def command(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Command]:
    """Runs one command in the world's folder, as the console script does."""
    for name in [
        name
        for name in os.environ
        if name.startswith("MONITOR_") or "PROXY" in name.upper()
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MONITOR_LANGUAGE", "en")
    monkeypatch.setenv("MONITOR_ALLOWED_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("MONITOR_FETCH_MIN_GAP", "0 s")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(world.folder)

    def run(*arguments: str) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr()
        code = ended.value.code
        return Ended(
            code if isinstance(code, int) else 0 if code is None else 1,
            printed.out,
            printed.err,
        )

    yield run
    # its lines would go to a stream that is closed by now
    structlog.reset_defaults()


@pytest.fixture
def catalog(world: World, site: Site) -> World:
    """A feed with three items, one of whose pages is missing. Nothing has run
    yet.
    """
    return lay_catalog(world, site)


def lay_catalog(world: World, site: Site) -> World:
    document = rss(site.url("/"), WAR, TOWN, LOST).encode()
    site.put("/rss", Answer(document, content_type="application/rss+xml"))
    site.put("/krieg", page(WAR.title))
    site.put("/rat", page(TOWN.title))
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    return world


@pytest.fixture(scope="session")
def filled_folder(
    tmp_path_factory: pytest.TempPathFactory,
    pool: ExtractPool,
    site_server: SiteServer,
) -> Path:
    """What one pass leaves; made once, for each test takes a copy."""
    shown = site_server.site
    site_server.site = Site(shown.port)
    world = lay_catalog(
        World(tmp_path_factory.mktemp("filled"), pool.extract),
        site_server.site,
    )
    with world.life() as life:
        life.one_pass()
    site_server.site = shown
    return world.folder


@pytest.fixture
def filled(filled_folder: Path, catalog: World) -> World:
    """The same after one pass."""
    shutil.copytree(filled_folder, catalog.folder, dirs_exist_ok=True)
    return catalog


@pytest.fixture
def empty_postgres(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that holds nothing."""
    server = request.getfixturevalue("postgres")
    name = server.create()
    yield server.url(name)
    server.drop(name)
