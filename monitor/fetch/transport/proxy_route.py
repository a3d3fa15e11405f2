"""Whether a request goes through the proxy or directly. Knows no DNS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from monitor.errors import FetchError
from monitor.fetch.failure import RequestFailed
from monitor.fetch.transport.address_policy import (
    AddressPolicy,
    Network,
    parse_address,
)
from monitor.fetch.transport.proxy_bypass import (
    BypassRules,
    bypasses_proxy,
    read_bypass_rules,
)
from monitor.fetch.transport.url_target import Target, parse_target


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """The proxy, if there is one, and what does not go through it."""

    proxy: Target | None = None
    rules: BypassRules = field(default_factory=BypassRules)
    policy: AddressPolicy = field(default_factory=AddressPolicy)

    def proxy_for(self, host: str, port: int) -> Target | None:
        """The proxy that `host` is asked through; None where it is asked
        directly.

        Direct are the hosts of the bypass list, the allowed names, and literal
        addresses in the allowed networks. Other names are not looked up here:
        behind a proxy there is often no DNS for names outside.
        """
        if self.proxy is None or bypasses_proxy(host, port, self.rules):
            return None
        if host.lower().removesuffix(".") in self.policy.hosts:
            return None
        literal = parse_address(host)
        return (
            None
            if literal is not None and self.policy.names(literal)
            else self.proxy
        )


def read_proxy_route(
    proxy: str | None,
    *,
    no_proxy: Iterable[str] = (),
    allowed_networks: Iterable[str | Network] = (),
) -> ProxyRoute:
    """The route for settings as the operator writes them.

    Raises FetchError where the proxy's address or the list without proxy
    cannot be used.
    """
    rules = read_bypass_rules(no_proxy)
    policy = AddressPolicy.allowing(allowed_networks)
    return ProxyRoute(_proxy(proxy) if proxy else None, rules, policy)


def _proxy(address: str) -> Target:
    try:
        target = parse_target(address)
    except RequestFailed as unusable:
        raise FetchError(
            f"the proxy's address cannot be used: {unusable.detail}",
            hint="write it as http://proxy.example.org:3128",
        ) from unusable
    if target.scheme != "http":
        raise FetchError(
            "the proxy must be a plain http:// one; pages over https go through it in a tunnel"
        )
    return target
