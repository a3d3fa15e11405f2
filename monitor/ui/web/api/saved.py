"""What the API says of a change of feeds.yaml."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.flow.requests.catalog_changes import SaveResult, SaveState

_STATUS: dict[SaveState, int] = {
    "saved": 200,
    "unchanged": 200,
    "changed_meanwhile": 409,
    "refused": 422,
    "read_only": 409,
}


@dataclass(frozen=True, slots=True)
class SaveReply:
    """How a change ended. `about`: the topic or the sources. `difference`: the
    changed lines.

    `digest` is that of the file now: sent back as `seen`, it keeps a later
    change from overwriting what somebody else did meanwhile.
    """

    state: SaveState
    about: tuple[str, ...]
    digest: str
    difference: str
    problem: str


def reply_to(result: SaveResult, *about: str) -> SaveReply:
    """The result as the API says it."""
    return SaveReply(
        result.state, about, result.digest, result.difference, result.problem
    )


def status_of(reply: SaveReply) -> int:
    """409 where the file was changed or may not be written, 422 where the
    change is unusable.
    """
    return _STATUS[reply.state]
