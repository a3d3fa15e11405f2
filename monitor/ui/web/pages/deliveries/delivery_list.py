"""What an address of the deliveries says: the same for the page, its exports
and the API. Pure.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from monitor.store.alerting.delivery_views import DeliveryQuestion
from monitor.ui.web.addresses import Address, to_pairs
from monitor.ui.web.parameters import LARGEST_NUMBER

MailState = Literal[
    "dead", "unknown", "sending", "pending", "sent", "replaced"
]
STATES: tuple[MailState, ...] = (
    "dead",
    "unknown",
    "sending",
    "pending",
    "sent",
    "replaced",
)
"""The worst first."""


class DeliveryParameters(BaseModel):
    """The list as its address has it."""

    model_config = ConfigDict(frozen=True)

    state: MailState | None = Field(
        default=None, description="Only mails in this state."
    )
    recipient: str = Field(
        default="", max_length=320, description="Only mails to this address."
    )
    topic: str = Field(
        default="", max_length=200, description="Only mails on this topic."
    )
    limit: int = Field(
        default=50, ge=1, le=200, description="Mails on a page."
    )
    before: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST_NUMBER,
        description="Where the page begins: `next`.",
    )

    def address(self, path: str) -> Address:
        """The address that says the same from its first page on."""
        fields = [
            ("state", self.state),
            ("recipient", self.recipient),
            ("topic", self.topic),
        ]
        return Address(path, to_pairs(fields))


def to_question(
    asked: DeliveryParameters, *, limit: int | None = None
) -> DeliveryQuestion:
    """The question to the database."""
    return DeliveryQuestion(
        state=asked.state or "",
        recipient=asked.recipient,
        topic_id=asked.topic,
        before=asked.before,
        limit=limit or asked.limit,
    )
