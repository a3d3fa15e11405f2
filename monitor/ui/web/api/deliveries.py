"""GET /api/v1/deliveries: the outbox as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.types.overview import DeliveryLine, WaitingAlerts
from monitor.ui.web.api.endpoint import Endpoint
from monitor.ui.web.pages.deliveries.delivery_list import DeliveryParameters
from monitor.ui.web.pages.deliveries.routes import find_mails


@dataclass(frozen=True, slots=True)
class Refusal:
    """Somebody who wants no mail now. `topic` None: on any topic; `until`
    None: no end is set.
    """

    recipient: str
    topic: str | None
    state: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryList:
    """Mails, newest first. `next` is the `before` of the next page, None at
    the end.

    `waiting`: alerts that stand in no mail yet. `states`: all mails by state.
    """

    mails: tuple[DeliveryLine, ...]
    next: int | None
    states: dict[str, int]
    waiting: tuple[WaitingAlerts, ...]
    refusals: tuple[Refusal, ...]


def _answer(asked: DeliveryParameters) -> DeliveryList:
    found = find_mails(asked)
    refusals = (
        Refusal(change.recipient, change.topic_id, change.state, change.until)
        for change in found.refusals
    )
    return DeliveryList(
        mails=found.mails,
        next=found.before,
        states=dict(found.counts),
        waiting=found.waiting,
        refusals=tuple(refusals),
    )


endpoint = Endpoint(
    "/deliveries",
    "Mails and what became of them, what waits, and who wants no mail",
    DeliveryParameters,
    DeliveryList,
    _answer,
    role="admin",
)
