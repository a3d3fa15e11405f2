"""The test servers themselves: a suite that trusts them must not be the first
to find out.
"""

from __future__ import annotations

import smtplib
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import EmailMessage
from pathlib import Path

import psycopg
import pytest

from tests.services import ending_with_us, wait_until
from tests.services.postgres import PostgresServer
from tests.services.replay import Replay
from tests.services.smtp import CLOSE, Mailbox
from tests.services.web import Answer, Site


def ask(url: str, **headers: str) -> tuple[int, bytes]:
    request = urllib.request.Request(
        url,
        headers={
            name.replace("_", "-"): value for name, value in headers.items()
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


STARTING = """
import subprocess, sys
from tests.services import ending_with_us
sleeping = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(600)"]
print(subprocess.Popen([*ending_with_us(), *sleeping]).pid, flush=True)
sys.stdin.read()
"""


@pytest.mark.slow
@pytest.mark.skipif(not ending_with_us(), reason="this system has no setpriv")
def test_a_killed_run_leaves_no_server_behind() -> None:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(
        [sys.executable, "-c", STARTING], text=True, **pipes
    ) as run:  # type: ignore[call-overload]
        said = {run.stdout.readline().strip() for _ in range(2)}
        (pid,) = said - {"up"}
        run.kill()
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


def test_a_page_changes_fails_and_is_logged(site: Site) -> None:
    url = site.put("/feed.rss", Answer(b"one", etag='"1"'))
    assert ask(url) == (200, b"one")
    assert ask(url, If_None_Match='"0", "1"') == (304, b"")
    site.put("/feed.rss", Answer(b"two", etag='"2"'))
    assert ask(url, If_None_Match='"1"') == (200, b"two")
    site.fail("/feed.rss", status=500)
    assert [ask(url)[0], ask(url)[0]] == [500, 200]
    assert ask(site.url("/other"))[0] == 404
    assert [asked.status for asked in site.log("/feed.rss")] == [
        200,
        304,
        200,
        500,
        200,
    ]


def test_a_page_may_depend_on_the_request(site: Site) -> None:
    url = site.put(
        "/who",
        lambda asked: Answer(
            asked.headers["from"].encode(), last_modified="yesterday"
        ),
    )
    assert ask(url, From="us") == (200, b"us")
    assert ask(url, From="us", If_Modified_Since="yesterday") == (304, b"")


def send(mailbox: Mailbox, subject: str) -> None:
    message = EmailMessage()
    message["From"] = "a@example.org"
    message["To"] = "b@example.org"
    message["Subject"] = subject
    message.set_content("Grüße")
    with smtplib.SMTP(mailbox.host, mailbox.port, timeout=10) as client:
        client.send_message(message)


def test_mail_is_kept_or_refused(mailbox: Mailbox) -> None:
    send(mailbox, "Frühling")
    mailbox.answer("RCPT", "550 5.1.1 unknown")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(mailbox, "refused")
    mailbox.answer("DATA", "451 4.3.0 later")
    with pytest.raises(smtplib.SMTPDataError):
        send(mailbox, "later")
    mailbox.answer("DATA", CLOSE)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mailbox, "unknown")
    assert [mail.message["Subject"] for mail in mailbox.received] == [
        "Frühling",
        "unknown",
    ]
    assert mailbox.received[0].message.get_content().strip() == "Grüße"


@pytest.mark.external_service
def test_each_database_is_fresh(
    postgres: PostgresServer, postgres_url: str
) -> None:
    def prepare(url: str) -> None:
        with psycopg.connect(url.replace("+psycopg", "")) as db:
            db.execute("CREATE TABLE marker (word text)")
            db.execute("INSERT INTO marker VALUES (lower('ÜBUNG'))")

    template = postgres.template("marked", prepare)
    name = postgres.create(template)
    with psycopg.connect(postgres.url(name).replace("+psycopg", "")) as db:
        assert db.execute("SELECT word FROM marker").fetchall() == [("übung",)]
    postgres.drop(name)
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as db:
        assert db.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename = 'marker'"
        ).fetchone() == (0,)


@pytest.mark.replay
def test_the_replay_obeys(replay: Replay) -> None:
    hosts = replay.hosts()
    assert ask(replay.url("radioherford"))[0] == 200
    replay.outage("radioherford", answers=2)
    assert [ask(replay.url("radioherford"))[0] for _ in range(3)] == [
        503,
        503,
        200,
    ]
    assert [asked["status"] for asked in replay.log("radioherford")] == [
        200,
        503,
        503,
        200,
    ]
    assert len({host["address"] for host in hosts.values()}) == len(hosts)
    replay.reset()
    assert replay.log() == []
    assert replay.manifest()["publishers"]
