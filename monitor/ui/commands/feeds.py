"""`monitor feeds`: find a site's feeds, add them to the file, look at how they
were polled, exchange lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from rich.console import RenderableType

from monitor.config.address_notation import web_address
from monitor.config.catalog import load_catalog
from monitor.config.edit import NewFeed, add_feeds, free_id, listed_as
from monitor.errors import ConfigError, StoreError
from monitor.flow.requests.catalog_changes import Change, keep_versions
from monitor.flow.requests.feed_finder import Candidate, find_candidates
from monitor.flow.requests.opml_import import read_import
from monitor.parse.opml import ListedFeed, write_opml
from monitor.store.polling.poll_ends import polls_of
from monitor.types.catalog import Catalog, Feed
from monitor.types.overview import GOOD
from monitor.types.state import PollRecord
from monitor.ui.catalog_names import find_feed
from monitor.ui.columns import Column, Row
from monitor.ui.context import ACCOUNT, Session
from monitor.ui.new_place import is_installed
from monitor.ui.tables import shown_table
from monitor.wiring.checker import open_checker

NOT_FOUND = 1
MOST_NAMED = 5  # feeds in the line of a version


def find_at_site(session: Session, url: str, as_json: bool) -> int:
    """Look for the feeds of a site and show what each would bring. Exit 1
    where there is none.
    """
    found = _look(session, _address(url))
    if as_json:
        session.print_json(found)
    else:
        session.out.print(_candidates_table(found, session))
    return 0 if any(candidate.ok for candidate in found) else NOT_FOUND


def add(
    session: Session,
    *,
    url: str,
    feed_id: str | None,
    title: str | None,
    outlet: str | None,
    region: str | None,
    category: str | None,
    offline: bool,
) -> int:
    """Add a feed to feeds.yaml, behind the others; comments and order stay. Of
    a site, its best feed is taken.
    """
    catalog = load_catalog(session.settings.feeds_file)
    address, named = _address(url), title
    _refuse_listed(session, catalog, address, outlet)
    if not offline:
        found = _look(session, address)
        best = next((candidate for candidate in found if candidate.ok), None)
        if best is None:
            session.out.print(_candidates_table(found, session))
            return NOT_FOUND
        address, named = best.url, title or best.title
    _refuse_listed(session, catalog, address, outlet)
    taken = [feed.id for feed in catalog.feeds]
    chosen = feed_id or free_id(
        named or urlsplit(address).hostname or "", taken
    )
    facts = {
        "id": chosen,
        "title": named,
        "outlet": outlet,
        "url": address,
        "region": region,
        "category": category,
    }
    _write(session, [{key: value for key, value in facts.items() if value}])
    file = session.settings.feeds_file
    session.tell(
        session.say("feeds.added", file=file, id=chosen, address=address)
    )
    return 0


def _write(session: Session, new: Sequence[NewFeed]) -> None:
    """Add feeds to the file, and keep a version of it that the page can take
    back.

    Versions begin with the database: before the first run there is none.
    """
    contents = add_feeds(session.settings.feeds_file, new)
    if not is_installed(session):
        return
    about = ", ".join(feed["id"] for feed in new[:MOST_NAMED])
    change = Change(ACCOUNT, "feeds_added", about, seen="")
    try:
        with session.database() as database:
            keep_versions(database, contents, change, now=session.now)
    except StoreError as error:
        problem = session.say.phrase(str(error))
        session.complain(
            session.say("feeds.no_version", problem=problem), "yellow"
        )


def _refuse_listed(
    session: Session, catalog: Catalog, address: str, outlet: str | None
) -> None:
    """Nothing is added that the file has already, under its own address or as
    a site.
    """
    other = listed_as(catalog, address, outlet)
    if other is None:
        return
    hint = f'as "{other.id}"'
    if other.site:
        hint = f'"{other.id}" looks for its feed on {other.site}; for a further one of the house,'
        hint += f' give --outlet "{other.outlet}"'
    about = str(session.settings.feeds_file)
    raise ConfigError(f"{address} is listed already", about=about, hint=hint)


def list_feeds(session: Session, as_json: bool) -> int:
    """Feeds of the file: id, outlet, address, how often they are asked."""
    catalog = load_catalog(session.settings.feeds_file)
    if as_json:
        session.print_json(catalog.feeds)
        return 0
    session.out.print(_feeds_table(catalog, session))
    return 0


def _feeds_table(catalog: Catalog, session: Session) -> RenderableType:
    say = session.say
    columns = (
        Column(say("feeds.id")),
        Column(say("feeds.outlet"), rank=1, least=12),
        Column(say("feeds.region"), rank=2),
        Column(say("feeds.category"), rank=3, least=10),
        Column(say("feeds.priority"), rank=4),
        Column(say("feeds.address"), least=24),
    )
    rows = [
        Row(
            (
                feed.id,
                feed.outlet,
                feed.region or "",
                feed.category or "",
                str(feed.priority),
                feed.address
                if feed.url
                else say("feeds.of_site", address=feed.address),
            )
        )
        for feed in catalog.feeds
    ]
    title = say.count("common.feeds", len(catalog.feeds))
    return shown_table(say, title, columns, rows, width=session.width)


def history(session: Session, feed: str, limit: int, as_json: bool) -> int:
    """A feed's last polls: outcome, status, bytes, time on the network, items,
    and when next and why.
    """
    with session.database() as database, database.read() as connection:
        polls = polls_of(connection, feed, limit=limit)
        if not polls:
            feed = find_feed(session, feed)
            polls = polls_of(connection, feed, limit=limit)
    if as_json:
        session.print_json(polls)
    elif polls:
        session.out.print(_polls_table(polls, session))
    else:
        session.complain(session.say("feeds.not_polled", feed=feed))
    return 0 if polls else NOT_FOUND


def import_list(session: Session, file: Path) -> int:
    """Add the feeds of an OPML file: its folders become region and category.
    What is listed already is left alone.
    """
    catalog = load_catalog(session.settings.feeds_file)
    try:
        found = read_import(file.read_bytes(), catalog)
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read: {error.strerror or error}",
            about=str(file),
        ) from error
    if found is None:
        raise ConfigError(
            f"{file} is no OPML",
            about=str(file),
            hint="export it again from your feed reader",
        )
    if found.new:
        _write(session, found.new)
    say, path = session.say, session.settings.feeds_file
    added = say.count("common.feeds", len(found.new))
    session.tell(
        say(
            "feeds.imported",
            file=path,
            feeds=added,
            listed=say.number(found.listed),
        )
    )
    return 0


def export_list(session: Session, file: Path | None) -> int:
    """Write the feeds as OPML, for other feed readers: a folder for each
    region, in it one for each category.
    """
    catalog = load_catalog(session.settings.feeds_file)
    opml = write_opml(map(_outline, catalog.feeds), title="Monitor")
    if file is None or str(file) == "-":
        session.out.file.write(opml.decode("utf-8"))
    else:
        file.write_bytes(opml)
        feeds = session.say.count("common.feeds", len(catalog.feeds))
        session.complain(
            session.say("feeds.exported", file=file, feeds=feeds), ""
        )
    return 0


def _address(written: str) -> str:
    """What people type: the scheme may be missing."""
    try:
        return web_address(
            written if "://" in written else f"https://{written}"
        )
    except ValueError as error:
        raise ConfigError(
            str(error), hint="write for instance https://www.zdf.de/"
        ) from error


def _look(session: Session, url: str) -> list[Candidate]:
    asking = session.say("feeds.asking", address=url)
    with open_checker(session.settings) as checker, session.err.status(asking):
        return list(find_candidates(url, gatherer=checker.gatherer))


def _outline(feed: Feed) -> ListedFeed:
    folders = tuple(name for name in (feed.region, feed.category) if name)
    return ListedFeed(
        feed.title,
        feed.address,
        site=feed.site or "",
        folders=folders,
        language=feed.language,
    )


def _candidates_table(
    found: list[Candidate], session: Session
) -> RenderableType:
    say = session.say
    columns = (
        Column(say("feeds.address"), least=24),
        Column(say("feeds.title"), rank=2, least=12),
        Column(say("feeds.format"), rank=4),
        Column(say("feeds.items"), rank=1, right=True),
        Column(say("feeds.newest"), rank=3, right=True),
        Column(say("feeds.remark"), least=16),
    )
    rows = [
        Row(
            (
                one.url,
                one.title,
                one.format,
                say.number(one.items),
                say.distance(one.newest),
                _remark(one, session),
            ),
            "" if one.ok else "dim",
        )
        for one in found
    ]
    good = say.number(sum(candidate.ok for candidate in found))
    title = say.count("feeds.found", len(found), good=good)
    return shown_table(say, title, columns, rows, width=session.width)


def _remark(one: Candidate, session: Session) -> str:
    detail, say = session.say.phrase(one.detail), session.say
    if one.ok or not detail:
        return detail or ("" if one.ok else say.outcome(one.outcome))
    return say(
        "feeds.remarked", outcome=say.outcome(one.outcome), detail=detail
    )


def _polls_table(
    polls: tuple[PollRecord, ...], session: Session
) -> RenderableType:
    say = session.say
    columns = (
        Column(say("feeds.at")),
        Column(say("feeds.outcome"), least=12),
        Column(say("feeds.status"), rank=6),
        Column(say("feeds.bytes"), rank=8, right=True),
        Column(say("feeds.ms"), rank=7, right=True),
        Column(say("feeds.items"), rank=3, right=True),
        Column(say("feeds.new"), rank=1, right=True),
        Column(say("feeds.changed"), rank=4, right=True),
        Column(say("feeds.next")),
        Column(say("feeds.why_then"), rank=2, least=16),
        Column(say("feeds.remark"), rank=5, least=20),
    )
    rows = [_poll_row(poll, session) for poll in polls]
    return shown_table(
        say, polls[0].feed_id, columns, rows, width=session.width
    )


def _poll_row(poll: PollRecord, session: Session) -> Row:
    say = session.say
    cells = (
        say.moment(poll.started_at),
        say.outcome(poll.outcome),
        str(poll.status or "–"),
        say.number(poll.bytes),
        say.number(round(poll.seconds * 1000)),
        say.number(poll.items),
        say.number(poll.new_items),
        say.number(poll.changed_items),
        say.moment(poll.next_due_at),
        say.phrase(poll.due_reason),
        say.phrase(poll.detail),
    )
    return Row(cells, "" if poll.outcome in GOOD else "red")
