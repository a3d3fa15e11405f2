"""`monitor demo`: watch a made-up newsroom publish, and the mails come."""

from __future__ import annotations

import email
import email.policy
import shutil
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from rich.text import Text

from monitor.config.environment import load_settings
from monitor.config.settings import Settings
from monitor.errors import ConfigError
from monitor.ui.context import Session
from monitor.ui.demo.newsroom import Newsroom, read_newsroom
from monitor.ui.demo.serving import serving_newsroom
from monitor.ui.logs import configure_logs
from monitor.wiring.daemon import open_monitor, run_daemon

FOLDER = Path("demo")
MARK = ".monitor-demo"
"""A file in the folder by which the demo knows it as its own and may empty it.
"""

ELSEWHERE = "name another: --folder PATH"
LOOK = 0.5  # seconds between two looks into the outbox
REST = timedelta(seconds=25)  # after the last story, for its mails
POLL = "5 s"

FEEDS = """# Made by `monitor demo`: edit it while the demo runs, and watch it being picked up.
defaults: {{min_interval: {poll}, max_interval: {poll}}}
feeds:
{feeds}
recipients:
  - {{name: presse, email: presse@lindental.example}}
topics:
  - {{name: Hochwasser, any: ["Hochwasser*", Pegel], recipients: [presse]}}
  - {{name: Sperrungen, query: "Sperrung AND (Straße* OR *straße OR Brücke)", recipients: [presse]}}
  - {{name: Klinik, any: ["Klinik*"], recipients: [presse]}}
  - {{name: Kreisspitze, any: [Landrätin, Kreisverwaltung], recipients: [presse]}}
  - {{name: Blaulicht, any: [Polizei, Feuerwehr], recipients: [presse]}}
"""


@dataclass(slots=True)
class Screen:
    """What was shown so far."""

    session: Session
    newsroom: Newsroom
    outbox: Path
    stories: int = 0
    mails: set[Path] = field(default_factory=set)

    def show_news(self) -> None:
        """Tell what was published and which mails came since the last call."""
        published = self.newsroom.published(datetime.now(UTC))
        for story in published[self.stories :]:
            names = ", ".join(
                self.newsroom.outlets[outlet] for outlet in story.outlets
            )
            self._say(f"{names}: {story.title}", "dim" if not story.at else "")
        self.stories = len(published)
        for path in sorted(set(self.outbox.glob("*.eml")) - self.mails):
            self.mails.add(path)
            message = email.message_from_bytes(
                path.read_bytes(), policy=email.policy.default
            )
            assert isinstance(message, EmailMessage)
            self._say(
                self.session.say("demo.mail", subject=message["Subject"]),
                "bold green",
            )
            self._say(f"         {path}", "green")

    def _say(self, line: str, style: str) -> None:
        clock = self.session.now.astimezone(self.session.say.zone)
        self.session.out.print(
            Text(f"{clock:%H:%M:%S}  {line}", style=style), soft_wrap=True
        )


def demo(
    session: Session, *, folder: Path | None, seconds: float | None
) -> int:
    """Run until the last story is told, or Ctrl-C; 0."""
    home = _empty(folder or FOLDER)
    configure_logs(session.settings.log_format, "error")
    began = time.monotonic()
    newsroom = read_newsroom(datetime.now(UTC))
    lasts = (
        (newsroom.lasts + REST).total_seconds() if seconds is None else seconds
    )
    with serving_newsroom(newsroom) as base:
        settings = _settings(home, newsroom, base)
        session.out.print(
            session.say(
                "demo.intro",
                outlets=len(newsroom.outlets),
                address=base,
                seconds=round(lasts),
            ),
            highlight=False,
            soft_wrap=True,
        )
        screen = Screen(session, newsroom, settings.data_dir / "outbox")
        _watch(settings, screen, began + lasts)
    _say_what_next(session, screen, home)
    return 0


def _watch(settings: Settings, screen: Screen, end: float) -> None:
    with open_monitor(settings, spread=False) as running:
        daemon = threading.Thread(
            target=run_daemon,
            args=(running,),
            kwargs={"speed": 1.0},
            name="daemon",
            daemon=True,
        )
        daemon.start()
        while time.monotonic() < end and not running.stop.wait(LOOK):
            screen.show_news()
        running.stop.set()
        daemon.join()
    screen.show_news()


def _empty(folder: Path) -> Path:
    """A fresh folder in place of an earlier demo's. Raises ConfigError for
    anybody else's.
    """
    try:
        if folder.exists():
            if not (folder / MARK).exists():
                raise ConfigError(
                    f"{folder} is there and is no demo's", hint=ELSEWHERE
                )
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
        (folder / MARK).touch()
    except OSError as error:
        problem = f"{folder} cannot be made: {error.strerror}"
        raise ConfigError(problem, hint=ELSEWHERE) from error
    return folder


def _settings(folder: Path, newsroom: Newsroom, base: str) -> Settings:
    feeds = "\n".join(
        f"  - {{id: {each}, title: '{name}', url: '{base}/{each}/feed'}}"
        for each, name in newsroom.outlets.items()
    )
    file = folder / "feeds.yaml"
    file.write_text(FEEDS.format(poll=POLL, feeds=feeds), encoding="utf-8")
    overrides = {
        "feeds_file": str(file),
        "data_dir": str(folder / "data"),
        "allowed_networks": "127.0.0.0/8",
        "fetch_min_gap": "0 s",
        "mail_mode": "file",
    }
    return load_settings({}, overrides=overrides)


def _say_what_next(session: Session, screen: Screen, folder: Path) -> None:
    options = f"--feeds {folder}/feeds.yaml --data {folder}/data"
    mails = session.say.count("common.mails", len(screen.mails))
    session.out.print(
        session.say(
            "demo.next",
            mails=mails,
            folder=screen.outbox,
            program=_program(),
            options=options,
        ),
        highlight=False,
        soft_wrap=True,
    )


def _program() -> str:
    """What starts Monitor here: whoever has just fetched it has no `monitor`
    among the commands.
    """
    return "monitor" if shutil.which("monitor") else "scripts/run"
