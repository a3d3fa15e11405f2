"""Posts signed JSON to one address that the operator named; outside, through
the proxy. A `Mailer` by its shape: one attempt, and how it ended.

The receiver checks `Monitor-Signature` (HMAC-SHA256 over the body, as
`sha256=HEX`) and may drop a `Monitor-Delivery` that it has seen before. Only
2xx counts as taken; redirects are not followed.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from monitor.fetch.failure import log_line
from monitor.fetch.transport.address_policy import special_use
from monitor.fetch.transport.dns import Resolve, Resolver, system_resolve
from monitor.fetch.transport.proxy_route import ProxyRoute
from monitor.fetch.transport.url_target import Target
from monitor.total_deadline import total_deadline
from monitor.types.output import Email, SendResult, SendState

SECONDS = 20.0
LOOKUP_SECONDS = 5.0
PORTS = {"http": 80, "https": 443}
TEMPORARY = {407, 408, 421, 425, 429}
TOTAL_SECONDS = 45.0  # for a whole call, however slowly its answer drips
SIGNATURE, DELIVERY = "Monitor-Signature", "Monitor-Delivery"


class Webhook:
    """Opens a connection for each call: calls are rare and the receiver may
    restart in between.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        seconds: float = SECONDS,
        total: float = TOTAL_SECONDS,
        route: ProxyRoute = ProxyRoute(),
        resolve: Resolve = system_resolve,
        extra_ca_file: Path | None = None,
    ) -> None:
        """`url` is http or https; certificates are checked, by `extra_ca_file`
        too: a proxy may open TLS.
        """
        self._target = urlsplit(url)
        self._secret = secret.encode()
        self._seconds = seconds
        self._total = total
        self._route, self._resolver = route, Resolver(resolve)
        self._extra_ca_file = extra_ca_file

    def send(
        self, email: Email, *, handing_over: Callable[[], bool] | None = None
    ) -> SendResult:
        """Post `email.raw`.

        An answer that never comes is UNKNOWN: the receiver may have taken it.
        """
        proxy = self._proxy()
        connection = self._connection(proxy)
        # the answer keeps it where the connection lets go of it
        held: list[socket.socket] = []

        def sock() -> socket.socket | None:
            return held[0] if held else connection.sock

        with contextlib.closing(connection), total_deadline(self._total, sock):
            return self._send(connection, email, proxy, handing_over, held)

    def _send(
        self,
        connection: http.client.HTTPConnection,
        email: Email,
        proxy: Target | None,
        handing_over: Callable[[], bool] | None,
        held: list[socket.socket],
    ) -> SendResult:
        try:
            connection.connect()
            held.append(connection.sock)
        except (OSError, http.client.HTTPException, ValueError) as error:
            return SendResult(
                SendState.TEMPORARY, log_line(f"no connection: {error}")
            )
        try:
            if handing_over is not None and not handing_over():
                return SendResult(SendState.TEMPORARY, "not handed over")
            self._post(connection, email, proxy)
            answer = connection.getresponse()
            words = log_line(
                f"{answer.status} {answer.reason} {answer.read(300).decode('utf-8', 'replace')}"
            )
        except (OSError, http.client.HTTPException, ValueError) as error:
            return SendResult(
                SendState.UNKNOWN, log_line(f"no answer: {error!r}")
            )
        if 200 <= answer.status < 300:
            return SendResult(SendState.SENT, words)
        later = answer.status in TEMPORARY or answer.status >= 500
        return SendResult(
            SendState.TEMPORARY if later else SendState.REJECTED, words
        )

    def close(self) -> None:
        """Nothing is open between two calls."""

    def _proxy(self) -> Target | None:
        """The proxy for this call. A receiver whose name leads to a private
        address is inside, and asked directly.
        """
        host, port = self._place()
        proxy = self._route.proxy_for(host, port)
        if proxy is None:
            return None
        try:
            found = self._resolver.lookup(host, port, seconds=LOOKUP_SECONDS)
        # behind a proxy there is often no DNS for names outside
        except OSError:
            return proxy
        return None if any(map(special_use, found)) else proxy

    def _place(self) -> tuple[str, int]:
        return self._target.hostname or "", self._target.port or PORTS[
            self._target.scheme
        ]

    def _connection(self, proxy: Target | None) -> http.client.HTTPConnection:
        host, port = self._place()
        near = (proxy.host, proxy.port) if proxy else (host, port)
        if self._target.scheme == "http":
            return http.client.HTTPConnection(*near, timeout=self._seconds)
        context = ssl.create_default_context()
        if self._extra_ca_file is not None:
            context.load_verify_locations(self._extra_ca_file)
        secure = http.client.HTTPSConnection(
            *near, timeout=self._seconds, context=context
        )
        if proxy:
            secure.set_tunnel(host, port, headers=_proxy_login(proxy))
        return secure

    def _post(
        self,
        connection: http.client.HTTPConnection,
        email: Email,
        proxy: Target | None,
    ) -> None:
        path, headers = self._path(), self._headers(email)
        if proxy and self._target.scheme == "http":
            path = f"http://{self._target.netloc.rpartition('@')[2]}{path}"
            headers |= _proxy_login(proxy)
        connection.request("POST", path, body=email.raw, headers=headers)

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


def _proxy_login(proxy: Target) -> dict[str, str]:
    return (
        {"Proxy-Authorization": proxy.authorization}
        if proxy.authorization
        else {}
    )
