"""Signed links for pausing, unsubscribing and judging: whoever got the mail
may use them, nobody can make one up. Pure.

A link holds all that it is about, so that nothing is stored and a retry has
the same bytes. It has no end: people unsubscribe from mails that are a year
old. Not known here: what becomes of a wish, who is still a recipient.
"""

from __future__ import annotations

import hashlib
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from monitor.types.catalog import Recipient
from monitor.types.mail import JudgeClaim, LinkAction, LinkClaim

LONGEST = 2000  # characters of a token; ours have about 150
JUDGE = "judge"


class LinkSigner:
    """Makes links under a public address and reads them again.

    The same key makes the same links for ever.
    """

    def __init__(self, public_url: str, secret: str) -> None:
        """`public_url` has no slash at its end."""
        self._public_url = public_url
        self._signers = {
            action: _signer(secret, action)
            for action in ("pause", "unsubscribe")
        }
        self._judge = _signer(secret, JUDGE)

    def make(
        self, action: LinkAction, recipient: Recipient, topic_id: str
    ) -> str:
        """The link that stands in a mail to this recipient on this topic, or
        of this list of ours.
        """
        token = self._signers[action].dumps(
            [recipient.address, topic_id, recipient.language]
        )
        return f"{self._public_url}/{action}/{token}"

    def make_judge(
        self, recipient: Recipient, topic_id: str, article_id: int
    ) -> str:
        """Where the recipient says whether this hit fits the topic; the
        verdict is added.
        """
        about = [recipient.address, topic_id, recipient.language, article_id]
        return f"{self._public_url}/{JUDGE}/{self._judge.dumps(about)}/"

    def read_judge(self, token: str) -> JudgeClaim | None:
        """What a link to a judgement says; None where we did not make it."""
        said = _loaded(self._judge, token)
        return None if said is None else JudgeClaim(*said)

    def read(self, action: LinkAction, token: str) -> LinkClaim | None:
        """What a link says; None where we did not make it, or under another
        key, or for another action.
        """
        said = _loaded(self._signers[action], token)
        return None if said is None else LinkClaim(action, *said)


def _loaded(signer: URLSafeSerializer, token: str) -> list[Any] | None:
    if len(token) > LONGEST or not token.isascii():
        return None
    try:
        said: list[Any] = signer.loads(token)
    except BadData:
        return None
    return said


def _signer(secret: str, action: str) -> URLSafeSerializer:
    kwargs = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return URLSafeSerializer(
        secret, salt=f"monitor.{action}", signer_kwargs=kwargs
    )
