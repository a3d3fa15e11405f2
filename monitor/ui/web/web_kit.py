"""What the pages work with: handed in once, when the web page is put together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.press_review.review_content import Masthead
from monitor.flow.requests.bounded_calls import BoundedCalls
from monitor.flow.requests.feed_finder import Candidate
from monitor.flow.requests.watched_catalog import WatchedCatalog
from monitor.notify.signed_links import LinkSigner
from monitor.ports import Clock, Index
from monitor.store.engine import Database
from monitor.ui.web.mail_links.link_pages import Pages as LinkPages

Survey = Callable[[str], tuple[Candidate, ...]]
"""The feeds of a site, for a person to choose from; takes some seconds."""


@dataclass(frozen=True, slots=True)
class LinkKit:
    """What the links of mails need: their signatures and their pages."""

    signatures: LinkSigner
    pages: LinkPages


@dataclass(frozen=True, slots=True)
class WebKit:
    """The parts of one web page. `index` only reads; `listen` is where it
    really listens.

    `folder` holds the data. `language` is spoken where neither a person nor
    the browser says which. `mail_links` is None where mails have none.
    `catalog` is feeds.yaml, if this machine has it. `login_header` is a
    trusted proxy's header that names who asks; requests of `trusted_proxies`
    also say for whom they ask. `survey` asks a site for its feeds; None where
    nobody may. `masthead` is that of press reviews, `mail` what their mails
    need; None where no mail is sent.
    """

    database: Database
    index: Index
    clock: Clock
    timezone: str
    language: str
    folder: Path = Path()
    public_url: str = ""
    listen: tuple[str, int] = ("127.0.0.1", 0)
    mail_links: LinkKit | None = field(default=None)
    bounded: BoundedCalls = field(default_factory=BoundedCalls)
    catalog: WatchedCatalog = field(default_factory=WatchedCatalog)
    login_header: str = ""
    trusted_proxies: tuple[str, ...] = ()
    survey: Survey | None = None
    masthead: Masthead = field(default_factory=Masthead)
    mail: MailKit | None = None


EXTENSION = "monitor"


def web_kit() -> WebKit:
    """Those of the application that answers now."""
    # Imported here: a daemon has these parts before anybody opens its page.
    from flask import current_app  # noqa: PLC0415

    return cast(WebKit, current_app.extensions[EXTENSION])
