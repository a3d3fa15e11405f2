"""Opens a connection to one checked address, by TCP or TLS, directly or through
a proxy, within the bounds of one request.

The address that was judged is the address that is connected to, so a name
cannot change its mind in between. Knows bytes only: no HTTP beyond the CONNECT
that opens a tunnel.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import ssl
import threading
import time
from pathlib import Path

import certifi

from monitor.errors import FetchError
from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.address_policy import (
    Address,
    AddressPolicy,
    parse_address,
)
from monitor.fetch.transport.dns import Reachability, Resolver
from monitor.fetch.transport.proxy_route import ProxyRoute
from monitor.fetch.transport.request_budget import Bounds
from monitor.fetch.transport.url_target import Target
from monitor.fetch.transport.wire import Wire, wait_for
from monitor.types.web import FailureKind, Retry

# tried in turn; a host with more of them does not get more of our time
_MOST_ADDRESSES = 4
_LEAST_TRY_SECONDS = 1.0
_MOST_CONNECT_REPLY = 16 * 1024
_OWN_NETWORK = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}


class Dialer:
    """Opens connections, as `route` says: directly, or through a plain HTTP
    proxy, which is trusted because the operator named it.

    Through a proxy, names are looked up by the proxy; we still refuse literal
    addresses that the policy refuses. `extra_ca_file` adds certificates (PEM)
    to those that the system trusts.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        resolver: Resolver,
        *,
        route: ProxyRoute = ProxyRoute(),
        extra_ca_file: Path | None = None,
    ) -> None:
        self._policy = policy
        self._resolver = resolver
        self._route = route
        self._reachability = Reachability()
        # A file of certificates is read at once: a wrong path then fails the
        # start, not the first feed.
        self._contexts = (
            {True: _tls_context(extra_ca_file)} if extra_ca_file else {}
        )
        self._lock = threading.Lock()

    def dial(
        self, target: Target, bounds: Bounds, *, verify_tls: bool
    ) -> Wire:
        """A connection on which `target` can be asked. Raises RequestFailed,
        marked `unreached`.
        """
        try:
            return self._dial(target, bounds, verify_tls)
        except RequestFailed as failed:
            failed.unreached = True
            raise

    def _dial(self, target: Target, bounds: Bounds, verify_tls: bool) -> Wire:
        proxy = self._route.proxy_for(target.host, target.port)
        near = proxy or target
        if proxy:
            self._refuse_literal(target)
        addresses = self._addresses(
            near,
            bounds,
            trusted=near is not target,
            seconds=bounds.connect_seconds,
        )
        sock = self._connect(
            near, addresses, bounds, seconds=bounds.connect_seconds
        )
        try:
            if target.scheme == "https":
                if proxy:
                    _open_tunnel(
                        Wire(sock, bounds), target, proxy.authorization
                    )
                sock = self._secured(sock, target, bounds, verify=verify_tls)
        except BaseException:
            sock.close()
            raise
        wire = Wire(sock, bounds)
        if proxy and target.scheme == "http":
            wire.proxied, wire.proxy_authorization = True, proxy.authorization
        return wire

    def _refuse_literal(self, target: Target) -> None:
        literal = parse_address(target.host)
        loopback_name = target.host == "localhost" or target.host.endswith(
            ".localhost"
        )
        if loopback_name and target.host not in self._policy.hosts:
            raise _refused(f"{target.host} is this machine")
        if literal is not None and (
            refusal := self._policy.refusal(target.host, literal)
        ):
            raise _refused(refusal)

    def _addresses(
        self, near: Target, bounds: Bounds, *, trusted: bool, seconds: float
    ) -> list[Address]:
        try:
            found = self._resolver.lookup(
                near.host, near.port, seconds=min(bounds.left(), seconds)
            )
        except (TimeoutError, socket.gaierror) as failed:
            passing = (
                isinstance(failed, TimeoutError)
                or failed.errno == socket.EAI_AGAIN
            )
            ours = near is self._route.proxy or (
                passing and self._reachability.is_ours(near.host)
            )
            detail = f"no address for {near.host}: {failed.strerror or failed}"
            raise RequestFailed(
                FailureKind.OFFLINE if ours else FailureKind.DNS, detail
            ) from failed
        except OSError as failed:
            raise RequestFailed(
                FailureKind.DNS, f"no address for {near.host}: {failed}"
            ) from failed
        if not found:
            raise RequestFailed(FailureKind.DNS, f"no address for {near.host}")
        refusals = [
            None if trusted else self._policy.refusal(near.host, address)
            for address in found
        ]
        open_ones = [
            address
            for address, refusal in zip(found, refusals, strict=True)
            if refusal is None
        ]
        if not open_ones:
            raise _refused(
                f"{near.host}: {refusals[0]}"
                if parse_address(near.host) is None
                else str(refusals[0])
            )
        return open_ones

    def _connect(
        self,
        near: Target,
        addresses: list[Address],
        bounds: Bounds,
        *,
        seconds: float,
    ) -> socket.socket:
        end = time.monotonic() + seconds
        tried = _both_families(addresses)[:_MOST_ADDRESSES]
        failures: list[OSError] = []
        for number, address in enumerate(tried):
            share = max(end - time.monotonic(), 0) / (len(tried) - number)
            family = (
                socket.AF_INET if address.version == 4 else socket.AF_INET6
            )
            sock = socket.socket(family, socket.SOCK_STREAM)
            try:
                sock.setblocking(False)
                limit = min(
                    max(share, _LEAST_TRY_SECONDS), seconds, bounds.left()
                )
                _connect_within(limit, sock, str(address), near.port)
            except OSError as failed:
                sock.close()
                failures.append(failed)
            except BaseException:
                sock.close()
                raise
            else:
                self._reachability.reached(near.host)
                return sock
        raise self._unconnected(near, tried, failures)

    def _unconnected(
        self, near: Target, tried: list[Address], failures: list[OSError]
    ) -> RequestFailed:
        # Without IPv4 among them, "unreachable" only says that this machine
        # has no IPv6.
        no_way_out = all(f.errno in _OWN_NETWORK for f in failures) and any(
            a.version == 4 for a in tried
        )
        last = failures[-1]
        detail = f"cannot connect to {near.authority}: {last.strerror or last or 'timed out'}"
        if near is self._route.proxy or (
            no_way_out and self._reachability.is_ours(near.host)
        ):
            return RequestFailed(FailureKind.OFFLINE, detail)
        timed_out = all(isinstance(f, TimeoutError) for f in failures)
        return RequestFailed(
            FailureKind.TIMEOUT if timed_out else FailureKind.CONNECT, detail
        )

    def _secured(
        self, sock: socket.socket, to: Target, bounds: Bounds, *, verify: bool
    ) -> ssl.SSLSocket:
        # Ragged ends are errors, as in curl: otherwise a cut answer without a
        # length would pass for a whole one.
        try:
            secure = self._context(verify).wrap_socket(
                sock,
                server_hostname=to.host,
                do_handshake_on_connect=False,
                suppress_ragged_eofs=False,
            )
        except ValueError as unusable:  # an empty or over-long label
            detail = f"{to.host!r} is no name for a certificate"
            raise RequestFailed(
                FailureKind.TLS, detail, retry=Retry.PERMANENT
            ) from unusable
        try:
            secure.settimeout(min(bounds.left(), bounds.connect_seconds))
            secure.do_handshake()
            secure.setblocking(False)
        except ssl.SSLCertVerificationError as bad:
            secure.close()
            detail = f"certificate of {to.host} refused: {bad.verify_message or bad.reason}"
            raise RequestFailed(FailureKind.TLS, detail) from bad
        except TimeoutError:
            secure.close()
            raise RequestFailed(
                FailureKind.TIMEOUT,
                f"TLS handshake with {to.host} not finished in time",
            ) from None
        except OSError as broken:
            secure.close()
            reason = (
                getattr(broken, "reason", None) or broken.strerror or broken
            )
            raise RequestFailed(
                FailureKind.TLS,
                f"TLS handshake with {to.host} failed: {reason}",
            ) from broken
        except BaseException:
            secure.close()
            raise
        return secure

    def _context(self, verify: bool) -> ssl.SSLContext:
        with self._lock:
            if verify not in self._contexts:
                self._contexts[verify] = (
                    _tls_context(None) if verify else _unverified_context()
                )
            return self._contexts[verify]


def _connect_within(
    seconds: float, sock: socket.socket, address: str, port: int
) -> None:
    """Connect a socket that does not block. Raises OSError."""
    error = sock.connect_ex((address, port))
    if error == errno.EINPROGRESS:
        wait_for(sock, select.POLLOUT, seconds)
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _plain_context() -> ssl.SSLContext:
    context = ssl.create_default_context()
    # Python before 3.11.4 takes a connection that was cut off for one that
    # ended (python/cpython issue 95494).
    context.options &= ~ssl.OP_IGNORE_UNEXPECTED_EOF
    context.set_alpn_protocols(["http/1.1"])
    return context


def _tls_context(extra_ca_file: Path | None) -> ssl.SSLContext:
    context = _plain_context()
    places = ssl.get_default_verify_paths()
    if not context.get_ca_certs() and not (places.cafile or places.capath):
        # a machine without a store of its own
        context.load_verify_locations(certifi.where())
    if extra_ca_file is not None:
        try:
            context.load_verify_locations(extra_ca_file)
        # ssl.SSLError, no certificate inside, is one too
        except OSError as unreadable:
            hint = "give a PEM file with the certificates of your proxy or intranet"
            raise FetchError(
                f"cannot read certificates: {unreadable}",
                about=str(extra_ca_file),
                hint=hint,
            ) from unreadable
    return context


def _unverified_context() -> ssl.SSLContext:
    context = _plain_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _open_tunnel(
    wire: Wire, target: Target, authorization: str | None
) -> None:
    place = (
        f"[{target.host}]:{target.port}"
        if ":" in target.host
        else f"{target.host}:{target.port}"
    )
    lines = [f"CONNECT {place} HTTP/1.1", f"Host: {place}"]
    if authorization:
        lines.append(f"Proxy-Authorization: {authorization}")
    wire.send("\r\n".join([*lines, "", ""]).encode("latin-1"))
    reply = b""
    while b"\r\n\r\n" not in reply:
        data = wire.receive()
        reply += data
        if not data or len(reply) > _MOST_CONNECT_REPLY:
            raise RequestFailed(
                FailureKind.CONNECT,
                "the proxy gave no readable answer to CONNECT",
            )
    status = reply.split(b"\r\n", 1)[0].decode("latin-1")
    if status.split(" ")[1:2] != ["200"]:
        raise RequestFailed(
            FailureKind.CONNECT,
            f"the proxy refused a tunnel to {place}: {status}",
        )


def _both_families(addresses: list[Address]) -> list[Address]:
    """The same addresses, the families taking turns, so that one broken family
    costs one try.
    """
    first = [a for a in addresses if a.version == addresses[0].version]
    other = [a for a in addresses if a.version != addresses[0].version]
    pairs = [[a, *other[i : i + 1]] for i, a in enumerate(first)]
    return [a for pair in pairs for a in pair] + other[len(first) :]


def _refused(detail: str) -> RequestFailed:
    return RequestFailed(
        FailureKind.REFUSED_ADDRESS, detail, retry=Retry.PERMANENT
    )
