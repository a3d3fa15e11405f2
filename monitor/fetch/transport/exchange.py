"""One HTTP/1.1 request and its answer over an open connection. Follows
nothing, remembers nothing.

h11 reads the protocol; the bounds, and the rule that a half answer is no
answer, are here. A document that has its own end is no half answer, however
the transport broke off behind it: the answer says so in `flaw`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass, replace

import h11

from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.chunk_framing import without_chunk_framing
from monitor.fetch.transport.completeness import (
    complete_document,
    is_complete,
    lacks_its_end,
)
from monitor.fetch.transport.content_coding import BodyDecoder
from monitor.fetch.transport.lenient_http import MOST_HEADER_BYTES, Incoming
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.url_target import Target
from monitor.fetch.transport.wire import Wire
from monitor.types.web import FailureKind, Retry

_MOST_HEADERS = 1000
# 100 Continue, 103 Early Hints: answers before the answer
_MOST_INFORMATIONAL = 10

# chunks of a few bytes each cost us far more time than they cost the
# server
_MOST_CRUMBS = 20_000
_CRUMB = 64

_SURPLUS_SECONDS = 1.0
"""How long we wait for the rest of a document that was announced too short;
servers that hang up cost nothing.
"""

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer. Header names in lower case, values as latin-1, which keeps
    every byte. `body` only of a 2xx.

    `flaw` says in one line what was wrong with the transport of a complete
    document; "" where nothing was.
    """

    status: int
    reason: str
    headers: Headers
    body: bytes = b""
    flaw: str = ""

    def header(self, name: str) -> str | None:
        """The first value of a header."""
        return next(
            (value for key, value in self.headers if key == name), None
        )

    def joined(self, name: str) -> str:
        """All values of a list-valued header, as one list."""
        return ", ".join(value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Portion:
    """How much of a body is wanted, and what of it counts where the transport
    broke off.
    """

    # about so many bytes, and no more; None for the whole
    cut_at: int | None = None
    # gives b"" where nothing counts
    salvaged: Callable[[bytes], bytes] = complete_document


WHOLE = Portion()
_END = h11.EndOfMessage()


def exchange(
    wire: Wire,
    target: Target,
    headers: Headers,
    *,
    bounds: Bounds,
    portion: Portion = WHOLE,
) -> Answer:
    """Ask `target` and read the whole answer, or that `portion` of its body.

    Raises RequestFailed for everything that is not one complete HTTP answer
    within the bounds.
    """
    protocol = h11.Connection(
        h11.CLIENT, max_incomplete_event_size=MOST_HEADER_BYTES
    )
    incoming = Incoming(wire, protocol)
    try:
        wire.send(_question(protocol, target, headers, wire))
        answer = _head(protocol, incoming)
        if not 200 <= answer.status < 300:
            return answer
        body, flaw = _body(protocol, incoming, answer, bounds, portion)
        return replace(answer, body=body, flaw=flaw)
    except h11.RemoteProtocolError as broken:
        raise _broken(broken) from broken


def _broken(error: h11.RemoteProtocolError) -> RequestFailed:
    return RequestFailed(FailureKind.PROTOCOL, f"broken HTTP: {error}")


def _question(
    protocol: h11.Connection,
    target: Target,
    headers: Headers,
    wire: Wire,
) -> bytes:
    lines = (("Host", target.authority), *headers)
    if target.authorization:
        lines += (("Authorization", target.authorization),)
    if wire.proxy_authorization:
        lines += (("Proxy-Authorization", wire.proxy_authorization),)
    request = _request(target.url if wire.proxied else target.path, lines)
    question = protocol.send(request)
    protocol.send(_END)
    assert question is not None
    return question


@functools.lru_cache(maxsize=512)
def _request(place: str, lines: Headers) -> h11.Request:
    """Kept, as h11 reads each header anew, and a feed is asked the same each
    time. Raises RequestFailed.
    """
    coded = [
        (name.encode("ascii"), value.encode("latin-1"))
        for name, value in lines
    ]
    try:
        return h11.Request(method=b"GET", target=place, headers=coded)
    except h11.LocalProtocolError as unusable:
        raise RequestFailed(
            FailureKind.REFUSED_ADDRESS, str(unusable), retry=Retry.PERMANENT
        ) from unusable


def _next_event(
    protocol: h11.Connection, incoming: Incoming
) -> h11.Event | type[h11.PAUSED]:
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
                raise RequestFailed(
                    FailureKind.PROTOCOL,
                    f"more than {_MOST_HEADERS} header fields",
                )
            headers = tuple(
                (name.decode("ascii"), value.decode("latin-1"))
                for name, value in event.headers
            )
            return Answer(
                event.status_code, event.reason.decode("latin-1"), headers
            )
        if (
            not isinstance(event, h11.InformationalResponse)
            or event.status_code == 101
        ):
            raise RequestFailed(
                FailureKind.PROTOCOL,
                "the server changed to another protocol unasked",
            )
    raise RequestFailed(
        FailureKind.PROTOCOL,
        f"more than {_MOST_INFORMATIONAL} interim answers",
    )


def _body(
    protocol: h11.Connection,
    incoming: Incoming,
    answer: Answer,
    bounds: Bounds,
    portion: Portion,
) -> tuple[bytes, str]:
    """The body, and what was wrong with its transport."""
    announced = answer.header("content-length")
    if (
        portion.cut_at is None
        and announced
        and int(announced) > bounds.limits.wire_bytes
    ):
        detail = f"announces {announced} bytes, more than {bounds.limits.wire_bytes}"
        raise RequestFailed(
            FailureKind.TOO_LARGE, detail, retry=Retry.PERMANENT
        )
    chunked = answer.header("transfer-encoding") is not None
    if chunked:
        incoming.keep_raw_body()
    decoder = BodyDecoder(answer.joined("content-encoding"), bounds.limits)
    try:
        if not _receive(protocol, incoming, decoder, bounds, portion.cut_at):
            return decoder.so_far()[: portion.cut_at], ""
        if incoming.length_is_void and not chunked:
            raise RequestFailed(
                FailureKind.PROTOCOL,
                "announces a length that cannot be read, or two",
            )
        longer = (
            _receive_surplus(incoming, decoder)
            if announced and not chunked
            else False
        )
        return (
            decoder.finish(),
            f"announces {announced} bytes and sends more" if longer else "",
        )
    except h11.RemoteProtocolError as broken:
        failed = _broken(broken)
    except RequestFailed as broke_off:
        failed = broke_off
    if failed.retry is not Retry.TEMPORARY:
        raise failed
    body = portion.salvaged(decoder.salvage()[: portion.cut_at])
    if chunked and not is_complete(body):
        fresh = BodyDecoder(answer.joined("content-encoding"), bounds.limits)
        body = (
            portion.salvaged(_reframed(incoming, fresh)[: portion.cut_at])
            or body
        )
    if not body:
        raise failed
    return body, failed.detail


def _receive(
    protocol: h11.Connection,
    incoming: Incoming,
    decoder: BodyDecoder,
    bounds: Bounds,
    cut_at: int | None,
) -> bool:
    """Take the body to its end; False where it was cut before."""
    parts = 0
    while True:
        event = _next_event(protocol, incoming)
        if isinstance(event, h11.EndOfMessage):
            return True
        if not isinstance(event, h11.Data):
            raise RequestFailed(
                FailureKind.PROTOCOL, "more than one answer at once"
            )
        parts += 1
        if parts > _MOST_CRUMBS and bounds.received < parts * _CRUMB:
            raise RequestFailed(
                FailureKind.PROTOCOL,
                "the body comes in crumbs",
                retry=Retry.PERMANENT,
            )
        decoder.feed(bytes(event.data))
        if cut_at is not None and decoder.size >= cut_at:
            return False


def _receive_surplus(incoming: Incoming, decoder: BodyDecoder) -> bool:
    """Take what comes behind the announced length: a length in characters
    instead of bytes, or of another body.

    The end is where the server hangs up, as we asked it to. True where
    something came.
    """
    body = decoder.so_far()
    if is_complete(body):
        return False
    came = False
    for data in incoming.surplus(
        wait=_SURPLUS_SECONDS if lacks_its_end(body) else 0.0
    ):
        decoder.feed(data)
        came = True
    return came


def _reframed(incoming: Incoming, decoder: BodyDecoder) -> bytes:
    """What the body says where its chunks break the rules."""
    try:
        decoder.feed(
            without_chunk_framing(
                incoming.raw_body_to_its_end(wait=_SURPLUS_SECONDS)
            )
        )
    except RequestFailed as failed:
        if failed.retry is not Retry.TEMPORARY:
            raise
    return decoder.salvage()
