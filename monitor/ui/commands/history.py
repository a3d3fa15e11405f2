"""`monitor versions` and `monitor reextract`: what an article said when, and
kept pages read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.text import Text

from monitor.flow.catalog_file import read_catalog
from monitor.flow.ingest.learned_boilerplate import LearnedBoilerplate
from monitor.flow.ingest.page_result import PageMaker
from monitor.flow.requests.version_history import (
    Step,
    steps_between,
    version_text,
)
from monitor.flow.upkeep.reextract import Reextractor
from monitor.language.changes import Paragraph
from monitor.store.reading.article_views import get_articles, versions_of
from monitor.ui.catalog_names import find_feed
from monitor.ui.commands.progress import progress_bar
from monitor.ui.commands.times import since as since_when
from monitor.ui.context import Session
from monitor.ui.names import LARGEST_NUMBER
from monitor.ui.say import Say
from monitor.wiring.fetch_kit import open_pool

STYLES = {"same": "", "added": "bold green", "removed": "red strike"}
MARKS = {"same": ("", ""), "added": ("[+", "+]"), "removed": ("[-", "-]")}
"""What shows a change where the terminal has no colours, as `wdiff` writes it.
"""


def versions(
    session: Session, article: int, whole: bool, as_json: bool
) -> int:
    """Show how an article changed: every version we read, word by word against
    the one before.
    """
    with session.database() as database, database.read() as connection:
        found = (
            get_articles(connection, [article])
            if article <= LARGEST_NUMBER
            else ()
        )
        kept = versions_of(connection, article) if found else ()
    if not found:
        session.complain(session.say("show.none", id=article))
        return 1
    steps = steps_between(kept)
    if as_json:
        session.print_json(
            {"article": article, "url": found[0].url, "versions": steps}
        )
        return 0
    session.out.print(
        Text(
            f"{found[0].content.title} ({found[0].provenance.outlet})",
            style="bold",
        )
    )
    for line in _shown(session, steps, whole=whole):
        session.out.print(line)
    if found[0].state.text_deleted_at:
        session.tell(session.say.phrase(found[0].content.note), "yellow")
    return 0


def _shown(
    session: Session, steps: Sequence[Step], *, whole: bool
) -> Iterator[Text]:
    say = session.say
    for step in steps:
        version = step.version
        when = say.moment(version.created_at)
        words = len(version_text(version).split())
        facts = (
            say("versions.version", n=version.version),
            when,
            say.outcome(version.kind),
            say.count("show.words", words),
            version.extractor,
        )
        yield Text("\n" + " · ".join(facts), "dim")
        same = 0
        for paragraph in step.changes:
            if paragraph.changed or whole:
                if same:
                    yield _left_out(same, say)
                same = 0
                yield _marked(paragraph, plain=not session.out.color_system)
            else:
                same += 1
        if same:
            yield _left_out(same, say)


def _left_out(count: int, say: Say) -> Text:
    return Text(f"  … {say.count('versions.unchanged', count)} …", style="dim")


def _marked(paragraph: Paragraph, *, plain: bool) -> Text:
    shown = Text("  ")
    for piece in paragraph.pieces:
        opening, closing = MARKS[piece.sort] if plain else ("", "")
        shown.append(
            f"{opening}{piece.text}{closing}", style=STYLES[piece.sort]
        )
    return shown


def reextract(
    session: Session,
    *,
    since: str | None,
    feed: list[str] | None,
    everything: bool,
    as_json: bool,
) -> int:
    """Read kept pages again with today's extractor. Alerts nobody; may be
    stopped and started again at any time.

    Pages are kept only if MONITOR_RAW_PAGES_RETENTION is set. A running daemon
    brings the index up to date.
    """
    settings = session.settings
    when = (
        since_when(since, zone=settings.timezone, now=session.now)
        if since
        else None
    )
    catalog, _ = read_catalog(settings.feeds_file)
    feeds = {known.id: known for known in catalog.feeds}
    chosen = tuple(find_feed(session, each) for each in feed or ())
    with session.database() as database, open_pool(settings) as pool:
        maker = PageMaker(
            extract=pool.extract,
            boilerplate=LearnedBoilerplate(database=database),
            catalog=lambda: catalog,
        )
        again = Reextractor(
            database=database,
            maker=maker,
            clock=session.clock,
            feed_of=feeds.get,
            obey_reservations=settings.obey_reservations,
        )
        waiting = again.waiting(
            since=when, feeds=chosen, everything=everything
        )
        what = session.say("reextract.progress")
        with progress_bar(session, what) as progress:
            task = progress.add_task(what, total=len(waiting))
            counts = again.run(
                waiting,
                workers=settings.extract_workers,
                progress=lambda _: progress.advance(task),
            )
    if as_json:
        session.print_json({"articles": len(waiting), "outcomes": counts})
        return 0
    say = session.say
    ended = (
        say.outcomes(sorted(counts.items()))
        if counts
        else say("reextract.nothing")
    )
    session.tell(say.count("reextract.done", len(waiting), ended=ended))
    if not waiting and not settings.raw_pages_retention:
        session.tell(say("reextract.none_kept"), "yellow")
    return 0
