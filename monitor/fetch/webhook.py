"""Posts signed JSON to one address that the operator named. A `Mailer` by its shape: one attempt,
and how it ended.

The receiver checks `Monitor-Signature` (HMAC-SHA256 over the body, as `sha256=HEX`) and may drop a
`Monitor-Delivery` that it has seen before. Only 2xx counts as taken; redirects are not followed.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import ssl
from collections.abc import Callable
from urllib.parse import urlsplit

from monitor.fetch.failure import one_line
from monitor.types.output import Email, SendResult, SendState

SECONDS = 20.0
TEMPORARY = {408, 421, 425, 429}
SIGNATURE, DELIVERY = "Monitor-Signature", "Monitor-Delivery"


class Webhook:
    """Opens a connection for each call: calls are rare and the receiver may restart in between."""

    def __init__(self, url: str, secret: str, *, seconds: float = SECONDS) -> None:
        """`url` is http or https; certificates are checked."""
        self._target, self._secret, self._seconds = urlsplit(url), secret.encode(), seconds

    def send(self, email: Email, *, handing_over: Callable[[], bool] | None = None) -> SendResult:
        """Post `email.raw`.

        An answer that never comes is UNKNOWN: the receiver may have taken it.
        """
        connection = self._connection()
        try:
            connection.connect()
        except (OSError, ValueError) as error:
            return SendResult(SendState.TEMPORARY, one_line(f"no connection: {error}"))
        try:
            if handing_over is not None and not handing_over():
                return SendResult(SendState.TEMPORARY, "not handed over")
            connection.request("POST", self._path(), body=email.raw, headers=self._headers(email))
            answer = connection.getresponse()
            words = one_line(
                f"{answer.status} {answer.reason} {answer.read(300).decode('utf-8', 'replace')}"
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            return SendResult(SendState.UNKNOWN, one_line(f"no answer: {error!r}"))
        finally:
            connection.close()
        if 200 <= answer.status < 300:
            return SendResult(SendState.SENT, words)
        later = answer.status in TEMPORARY or answer.status >= 500
        return SendResult(SendState.TEMPORARY if later else SendState.REJECTED, words)

    def close(self) -> None:
        """Nothing is open between two calls."""

    def _connection(self) -> http.client.HTTPConnection:
        host, port = self._target.hostname or "", self._target.port
        if self._target.scheme == "https":
            return http.client.HTTPSConnection(
                host, port, timeout=self._seconds, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(host, port, timeout=self._seconds)

    def _path(self) -> str:
        path = self._target.path or "/"
        return f"{path}?{self._target.query}" if self._target.query else path

    def _headers(self, email: Email) -> dict[str, str]:
        digest = hmac.new(self._secret, email.raw, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "User-Agent": "Monitor",
            SIGNATURE: f"sha256={digest}",
            DELIVERY: email.message_id.strip("<>"),
        }
