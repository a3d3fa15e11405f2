"""`monitor mail preview`, `mail check`, `mail test`; `monitor recipients`: who
gets what, and who wants none.
"""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from monitor.ui.cli.options import Json, TopicName
from monitor.ui.cli.spoken import Commands

Language = Literal["de", "en"]
Address = Annotated[
    str, typer.Argument(help="Name or mail address of a recipient.")
]
OneTopic = Annotated[
    str | None,
    typer.Option("--topic", help="Only this topic. Default: everything."),
]
commands = Commands("See mails before they are sent, and ask the mail server.")
recipients = Commands("Who gets mail: list, pause, resume, unsubscribe.")


@commands.runs("mail.preview")
def _preview(
    context: typer.Context,
    topic: TopicName,
    since: Annotated[
        str,
        typer.Option(
            help="What was first seen since: 24h, 7d, or 2026-11-01."
        ),
    ] = "24h",
    as_json: Json = False,
) -> None:
    """Write the mails that this topic would send as .eml files into
    data/preview.

    Sends nothing, opens nothing.
    """


@commands.runs("mail.check_mail_server")
def _check(
    context: typer.Context,
    recipient: Annotated[
        str | None,
        typer.Argument(
            help="Whom to ask about, by name or address. Default: the sender."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Speak to the mail server up to the message itself and show its answers.

    Sends no mail. Exit 1 if it refuses.
    """


@commands.runs("mail.send_test", name="test")
def _send_test(
    context: typer.Context,
    address: Annotated[
        str,
        typer.Argument(
            help="Who gets it: a name of feeds.yaml, or any address."
        ),
    ],
    lang: Annotated[
        Language, typer.Option(help="Its language: de or en.")
    ] = "de",
    as_json: Json = False,
) -> None:
    """Send one test mail the way alerts go: over the mail server, or as a file
    into data/outbox.

    Exit 1 if it was not taken.
    """


@recipients.runs("recipients.list_recipients", name="list")
def _list_recipients(context: typer.Context, as_json: Json = False) -> None:
    """Everybody in feeds.yaml with topics and modes, and what they said about
    getting mail.
    """


@recipients.runs("recipients.pause")
def _pause(
    context: typer.Context,
    address: Address,
    until: Annotated[
        str | None,
        typer.Option(help="End: 3d, 2w, or a day. Default: until resumed."),
    ] = None,
    topic: OneTopic = None,
) -> None:
    """Hold this person's mail; when the pause ends, what waited comes as one
    digest.
    """


@recipients.runs("recipients.resume")
def _resume(
    context: typer.Context, address: Address, topic: OneTopic = None
) -> None:
    """End a pause, or undo an unsubscription."""


@recipients.runs("recipients.unsubscribe")
def _unsubscribe(
    context: typer.Context, address: Address, topic: OneTopic = None
) -> None:
    """Send this person nothing more, not even what waits already.

    It is recorded and can be undone with resume.
    """
