"""The program ends at any moment, starts again on the same folder, and nothing
is lost or sent twice unseen.
"""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, update

from monitor.flow.requests.retry_item import retry_item
from monitor.store.alerting import subscriptions
from monitor.store.engine import Database
from monitor.store.running import operations
from monitor.store.tables import deliveries
from monitor.types.output import Email, SendResult, SendState
from monitor.types.page import Extracted, ExtractOutcome, PageTask
from monitor.wiring.database import open_database
from monitor.wiring.fetch_kit import open_http
from monitor.wiring.search_index import open_index
from tests.flow.world import (
    PEOPLE,
    Item,
    World,
    changed,
    feeds_yaml,
    page,
    rss,
)
from tests.services.web import Site

pytestmark = pytest.mark.slow

ITEMS = (
    Item("krieg", "Neue Gespräche über die Ukraine"),
    Item("rat", "Der Rat tagt in Herford"),
)


class Killed(BaseException):
    """The process ends here: nothing catches it, nothing is cleaned up."""


@dataclass
class Fuse:
    """Burns at the n-th point at which more has been left behind: a commit,
    documents in the index, a mail. A process that ends anywhere between two of
    them leaves what it left at the first.

    Afterwards nothing works any more, as in a process that is gone.
    """

    points: int
    passed: list[str] = field(default_factory=list)

    def pass_by(self, left: str = "") -> None:
        """`left` says what has just been left behind, if anything."""
        if left and not self.is_burnt():
            self.passed.append(left)
        if self.is_burnt():
            raise Killed(self.passed[-1])

    def is_burnt(self) -> bool:
        return len(self.passed) >= self.points


@dataclass
class Wired:
    """A part whose calls pass the fuse before and after. What is asked leaves
    nothing behind.
    """

    part: Any
    fuse: Fuse
    name: str

    def __getattr__(self, method: str) -> Any:
        real = getattr(self.part, method)
        if method not in ("get", "put", "fill", "prepare", "send"):
            return real

        def call(*args: Any, **keywords: Any) -> Any:
            self.fuse.pass_by()
            answer = real(*args, **keywords)
            self.fuse.pass_by(
                "" if method == "get" else f"{self.name}.{method}"
            )
            return answer

        return call


@dataclass
class Outbox:
    """A mail server's memory, which outlives the program."""

    sent: list[Email] = field(default_factory=list)

    def send(
        self, email: Email, *, handing_over: Callable[[], bool] | None = None
    ) -> SendResult:
        assert handing_over is None or handing_over()
        self.sent.append(email)
        return SendResult(SendState.SENT, "250 OK")

    def close(self) -> None:
        """Nothing is open."""


def quick(task: PageTask) -> ExtractOutcome:
    return Extracted(
        "article",
        task.title_hint,
        "",
        f"{task.title_hint}. Ein ganzer Text.",
        word_count=7,
    )


def wire(world: World, fuse: Fuse, outbox: Outbox) -> World:
    """The same program with every way out of the process, and every commit,
    passing the fuse.
    """

    def commits(database: Database) -> None:
        begun: list[str] = []

        @event.listens_for(database.engine, "commit")
        def before_commit(_connection: object) -> None:
            fuse.pass_by()
            begun.append("commit")

        @event.listens_for(database.engine, "checkin")
        def after_transaction(connection: Any, _record: object) -> None:
            try:
                fuse.pass_by(begun.pop() if begun else "")
            except Killed:
                connection.close()  # as the end of a process does
                raise

    return changed(
        world,
        extract=quick,
        http=Wired(world.http, fuse, "http"),
        index=Wired(open_index(world.settings, writer=True), fuse, "index"),
        mailer=Wired(outbox, fuse, "mailer"),
        prepare=commits,
    )


@contextmanager
def killed() -> Iterator[list[bool]]:
    """Says whether the block was ended by the fuse."""
    ended = [False]
    try:
        yield ended
    except Killed:
        ended[0] = True


@pytest.fixture
def start(world: World, site: Site) -> World:
    site.put("/rss", rss(site.url("/"), *ITEMS))
    for item in ITEMS:
        site.put(f"/{item.key}", page(item.title))
    world.write(
        feeds_yaml(
            f"{{id: zeitung, title: Zeitung, url: '{site.url('/rss')}'}}"
        )
    )
    return changed(world, http=open_http(world.settings, world.clock, None))


def check_end(world: World, outbox: Outbox) -> None:
    """Run to the end without a fuse: everything arrived, and whatever was
    repeated can be seen to be a repeat.
    """
    with changed(
        world, extract=quick, mailer=outbox, index=None
    ).life() as life:
        for _ in range(4):
            life.one_pass(after=timedelta(minutes=16))
        assert [
            (a.content.title, a.content.text) for a in life.articles()
        ] == [
            (item.title, f"{item.title}. Ein ganzer Text.") for item in ITEMS
        ]
        assert life.found("Text") == sorted(item.title for item in ITEMS)
        assert life.entry_count() == len(ITEMS)
        assert life.alerts() == [
            ("ukraine", person, "mailed") for person in PEOPLE
        ]
        assert life.aside() == []
        once = life.outcomes()
    assert once["poll"]["new"] == 1
    assert once["read"] == {"article": len(ITEMS)}
    assert once["match"] == {"hit": 1, "no_hit": 1}
    assert once["deliver"] == {"sent": len(PEOPLE)}
    by_person: dict[str, set[str]] = {}
    for email in outbox.sent:
        by_person.setdefault(email.recipient, set()).add(email.message_id)
    assert sorted(by_person) == sorted(PEOPLE)
    assert all(len(ids) == 1 for ids in by_person.values()), (
        "a repeat carries the same Message-ID"
    )
    assert (
        max(Counter(email.message_id for email in outbox.sent).values()) <= 2
    )


def test_a_pass_that_ends_at_any_point_is_made_good(
    start: World, tmp_path_factory: pytest.TempPathFactory
) -> None:
    open_database(start.settings).close()  # migrated once, copied often
    seen: list[str] = []
    for number in itertools.count(1):
        folder = tmp_path_factory.mktemp("crash") / "folder"
        shutil.copytree(start.folder, folder)
        fuse, outbox = Fuse(number), Outbox()
        world = changed(start, folder=folder)
        with killed() as ended, wire(world, fuse, outbox).life() as life:
            life.one_pass()
        if not ended[0]:
            break
        seen.append(fuse.passed[number - 1])
        check_end(world, outbox)
    names = Counter(seen)
    assert names["index.put"] >= 1
    assert names["mailer.send"] == len(PEOPLE)
    assert names["commit"] >= 12, "each transaction of each step"


def test_crash_after_crash_ends_well(start: World) -> None:
    """Each life ends a little later than the one before; progress made is
    kept.
    """
    outbox = Outbox()
    for number in range(1, 30, 2):
        with killed(), wire(start, Fuse(number), outbox).life() as life:
            life.one_pass(after=timedelta(minutes=1))
    with changed(start, extract=quick, mailer=outbox).life() as life:
        for _ in range(4):
            life.one_pass(after=timedelta(minutes=16))
        assert life.found("Text") == sorted(item.title for item in ITEMS)
    ids = {(email.recipient, email.message_id) for email in outbox.sent}
    assert len(ids) == len(PEOPLE)


def test_a_crash_between_server_and_mark_is_visible(start: World) -> None:
    """The server has the mail, we do not know it: sent once more with the same
    Message-ID, and marked as a repeat.
    """
    outbox = Outbox()
    fuse = Fuse(10**9)

    class Fatal(Outbox):
        def send(
            self,
            email: Email,
            *,
            handing_over: Callable[[], bool] | None = None,
        ) -> SendResult:
            outbox.send(email, handing_over=handing_over)
            raise Killed("after the server took it")

    with (
        killed(),
        changed(wire(start, fuse, outbox), mailer=Fatal()).life() as life,
    ):
        life.one_pass()
    check_end(start, outbox)
    assert [
        count
        for _, count in sorted(
            Counter(e.recipient for e in outbox.sent).items()
        )
    ] == [
        2,
        1,
    ]


@pytest.mark.parametrize(("setting", "times"), [("resend", 2), ("hold", 1)])
def test_killed_again_and_again_before_the_answer_it_is_handed_over_no_more(
    start: World, setting: str, times: int
) -> None:
    """Then it waits for a person, and for another try when that person wants
    one.
    """
    outbox = Outbox()

    class Fatal(Outbox):
        def send(
            self,
            email: Email,
            *,
            handing_over: Callable[[], bool] | None = None,
        ) -> SendResult:
            if email.recipient != PEOPLE[0]:
                return SendResult(SendState.SENT, "250 OK")
            outbox.send(email, handing_over=handing_over)
            raise Killed("before the answer came")

    world = changed(
        start, extract=quick, settings_changed={"unknown_delivery": setting}
    )
    for _ in range(4):
        with killed(), changed(world, mailer=Fatal()).life() as life:
            life.one_pass(after=timedelta(minutes=16))
    assert len(outbox.sent) == times
    with changed(world, mailer=outbox).life() as life:
        life.one_pass(after=timedelta(days=3))
        assert len(outbox.sent) == times
        with life.database.write() as connection:
            (item,) = operations.list_quarantine(connection)
            assert (item.step, item.reason) == ("deliver", "unknown")
            retry_item(connection, item, now=start.clock.now())
        life.one_pass()
        assert len(outbox.sent) == times + 1
        assert life.aside() == []
    assert len({email.message_id for email in outbox.sent}) == 1


def test_killed_before_it_hands_over_it_is_tried_until_it_is_taken(
    start: World,
) -> None:
    class Fatal(Outbox):
        def send(
            self,
            email: Email,
            *,
            handing_over: Callable[[], bool] | None = None,
        ) -> SendResult:
            raise Killed("on the way to the server")

    for _ in range(4):
        with (
            killed(),
            changed(start, extract=quick, mailer=Fatal()).life() as life,
        ):
            life.one_pass(after=timedelta(minutes=1))
    outbox = Outbox()
    check_end(start, outbox)
    assert len(outbox.sent) == len(PEOPLE)


def test_who_unsubscribes_while_the_server_is_slow_gets_nothing(
    start: World,
) -> None:
    outbox = Outbox()

    class Slow(Outbox):
        def send(
            self,
            email: Email,
            *,
            handing_over: Callable[[], bool] | None = None,
        ) -> SendResult:
            if email.recipient == PEOPLE[0]:
                with life.database.write() as connection:
                    said = {
                        "topic_id": None,
                        "said_by": "link",
                        "now": start.clock.now(),
                    }
                    subscriptions.add_change(
                        connection, email.recipient, "unsubscribed", **said
                    )
            assert handing_over is not None
            return (
                outbox.send(email)
                if handing_over()
                else SendResult(SendState.TEMPORARY, "not handed over")
            )

    with changed(start, extract=quick, mailer=Slow()).life() as life:
        life.one_pass()
        assert [email.recipient for email in outbox.sent] == [PEOPLE[1]]
        with life.database.read() as connection:
            states = select(deliveries.c.state).order_by(
                deliveries.c.recipient
            )
            assert connection.execute(states).scalars().all() == [
                "dead",
                "sent",
            ]
        assert life.aside() == []


def test_a_mail_that_another_daemon_took_over_is_not_handed_over(
    start: World,
) -> None:
    """This one slept so long that its lease ran out."""
    outbox = Outbox()

    class Sleepy(Outbox):
        def send(
            self,
            email: Email,
            *,
            handing_over: Callable[[], bool] | None = None,
        ) -> SendResult:
            with life.database.write() as connection:
                connection.execute(
                    update(deliveries).values(claimed_by="another")
                )
            assert handing_over is not None
            assert not handing_over()
            return SendResult(SendState.TEMPORARY, "not handed over")

    with changed(start, extract=quick, mailer=Sleepy()).life() as life:
        life.one_pass()
        with life.database.read() as connection:
            assert connection.execute(
                select(deliveries.c.state).distinct()
            ).scalars().all() == ["sending"]
    check_end(start, outbox)
    assert len(outbox.sent) == len(PEOPLE)
