"""One HTTP/1.1 request and its answer over an open connection. Follows nothing, remembers nothing.

h11 reads the protocol; the bounds, and the rule that a half answer is no answer, are here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import h11

from monitor.fetch.bounds import Bounds
from monitor.fetch.connection import Wire
from monitor.fetch.decoding import BodyDecoder
from monitor.fetch.failure import RequestFailed
from monitor.fetch.heads import MOST_HEADER_BYTES, Incoming
from monitor.fetch.target import Target
from monitor.types.web import FailureKind, Retry

_MOST_HEADERS = 1000
_MOST_INFORMATIONAL = 10  # 100 Continue, 103 Early Hints: answers before the answer

_MOST_CRUMBS, _CRUMB = 20_000, 64  # chunks of a few bytes each cost us far more time than they cost the server

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. Header names in lower case, values as latin-1, which keeps every byte. `body` only of a 2xx."""

    status: int
    reason: str
    headers: Headers
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next((value for key, value in self.headers if key == name), None)

    def joined(self, name: str) -> str:
        """All values of a list-valued header, as one list."""
        return ", ".join(value for key, value in self.headers if key == name)


def exchange(
    wire: Wire, target: Target, headers: Sequence[tuple[str, str]], *, bounds: Bounds, cut_at: int | None = None
) -> Answer:
    """Ask `target` and read the whole answer; with `cut_at`, no more of its body than about so many bytes.

    Raises RequestFailed for everything that is not one complete HTTP answer within the bounds.
    """
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=MOST_HEADER_BYTES)
    incoming = Incoming(wire, protocol)
    try:
        wire.send(_question(protocol, target, headers, wire))
        answer = _head(protocol, incoming)
        if not 200 <= answer.status < 300:
            return answer
        return Answer(answer.status, answer.reason, answer.headers, _body(protocol, incoming, answer, bounds, cut_at))
    except h11.RemoteProtocolError as broken:
        raise RequestFailed(FailureKind.PROTOCOL, f"broken HTTP: {broken}") from broken


def _question(protocol: h11.Connection, target: Target, headers: Sequence[tuple[str, str]], wire: Wire) -> bytes:
    lines = [("Host", target.authority), *headers]
    if target.authorization:
        lines.append(("Authorization", target.authorization))
    if wire.proxy_authorization:
        lines.append(("Proxy-Authorization", wire.proxy_authorization))
    coded = [(name.encode("ascii"), value.encode("latin-1")) for name, value in lines]
    try:
        request = h11.Request(method=b"GET", target=target.url if wire.proxied else target.path, headers=coded)
    except h11.LocalProtocolError as unusable:
        raise RequestFailed(FailureKind.REFUSED_ADDRESS, str(unusable), retry=Retry.PERMANENT) from unusable
    question = protocol.send(request)
    protocol.send(h11.EndOfMessage())
    assert question is not None
    return question


def _next_event(protocol: h11.Connection, incoming: Incoming) -> h11.Event | type[h11.PAUSED]:
    while True:
        event = protocol.next_event()
        if event is not h11.NEED_DATA:
            return event  # type: ignore[return-value]
        incoming.feed()


def _head(protocol: h11.Connection, incoming: Incoming) -> Answer:
    for _ in range(_MOST_INFORMATIONAL):
        event = _next_event(protocol, incoming)
        if isinstance(event, h11.Response):
            if len(event.headers) > _MOST_HEADERS:
                raise RequestFailed(FailureKind.PROTOCOL, f"more than {_MOST_HEADERS} header fields")
            headers = tuple((name.decode("ascii"), value.decode("latin-1")) for name, value in event.headers)
            return Answer(event.status_code, event.reason.decode("latin-1"), headers)
        if not isinstance(event, h11.InformationalResponse) or event.status_code == 101:
            raise RequestFailed(FailureKind.PROTOCOL, "the server changed to another protocol unasked")
    raise RequestFailed(FailureKind.PROTOCOL, f"more than {_MOST_INFORMATIONAL} interim answers")


def _body(protocol: h11.Connection, incoming: Incoming, answer: Answer, bounds: Bounds, cut_at: int | None) -> bytes:
    announced = answer.header("content-length")
    if cut_at is None and announced and int(announced) > bounds.limits.wire_bytes:
        detail = f"announces {announced} bytes, more than {bounds.limits.wire_bytes}"
        raise RequestFailed(FailureKind.TOO_LARGE, detail, retry=Retry.PERMANENT)
    decoder = BodyDecoder(answer.joined("content-encoding"), bounds.limits)
    parts = 0
    while True:
        event = _next_event(protocol, incoming)
        if isinstance(event, h11.Data):
            parts += 1
            if parts > _MOST_CRUMBS and bounds.received < parts * _CRUMB:
                raise RequestFailed(FailureKind.PROTOCOL, "the body comes in crumbs", retry=Retry.PERMANENT)
            decoder.feed(bytes(event.data))
            if cut_at is not None and decoder.size >= cut_at:
                return decoder.so_far()[:cut_at]
        elif isinstance(event, h11.EndOfMessage):
            break
        else:
            raise RequestFailed(FailureKind.PROTOCOL, "more than one answer at once")
    if announced and answer.header("transfer-encoding") is None:
        # A length in characters instead of bytes: the end is where the server hangs up, as we asked it to.
        for data in incoming.surplus():
            decoder.feed(data)
    return decoder.finish()
