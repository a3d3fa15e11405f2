"""Requests to Kibana: who asks, what may go wrong on the way, and in our words
what Kibana said.

Knows HTTP; what is asked is `install`'s and `leftovers`' part.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import (
    ConnectionError,
    HttpHeaders,
    NodeConfig,
    TlsError,
    TransportError,
    Urllib3HttpNode,
)

from monitor.errors import KibanaError

Json = dict[str, Any]
DEADLINE = 60.0
REDIRECT = 300
"""From here on an answer is no success: a redirect is a login page or another
address.
"""
NOT_KIBANA = "is MONITOR_KIBANA_URL the address of Kibana itself, its base path included?"
HINTS = {
    401: "set MONITOR_KIBANA_API_KEY, or MONITOR_KIBANA_USER and MONITOR_KIBANA_PASSWORD",
    403: (
        "the user or key needs the right to write saved objects in this space (Saved Objects"
        " Management: All)"
    ),
    404: f"{NOT_KIBANA} And does the space exist? Spaces are made in Kibana",
    413: "Kibana or a proxy before it takes no upload of this size",
}


@dataclass(frozen=True, slots=True)
class KibanaAccess:
    """How Kibana is reached. Either a key or a user; neither where security is
    off.
    """

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_file: Path | None = None


def ask(
    access: KibanaAccess,
    base: str,
    path: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    content_type: str = "application/json",
) -> tuple[Json, ...]:
    """One request; the JSON objects of its answer, one where it is no NDJSON.
    Raises KibanaError.
    """
    headers = _headers(access)
    if body is not None:
        headers["content-type"] = content_type
    node = _node(access, base)
    try:
        answer = node.perform_request(method, path, body=body, headers=headers)
    except TlsError as error:
        raise KibanaError(
            f"Kibana at {access.url} has a certificate that cannot be trusted: {error.message}",
            about=access.url,
            hint="set MONITOR_KIBANA_CA_FILE to the authority of its certificate",
        ) from error
    except TransportError as error:
        hint = (
            "is Kibana running there?"
            if isinstance(error, ConnectionError)
            else None
        )
        raise KibanaError(
            f"Kibana at {access.url} cannot be reached: {error.message}",
            about=access.url,
            hint=hint,
        ) from error
    finally:
        node.close()
    status = answer.meta.status
    found = _read(answer.body)
    if status >= REDIRECT or found is None:
        said = str(found[0].get("message", "")) if found else ""
        raise KibanaError(
            f"Kibana answered {status} to {base}{path}{': ' + said if said else ''}",
            about=access.url,
            hint=HINTS.get(status, None if found else NOT_KIBANA),
            status=status,
        )
    return found


def _headers(access: KibanaAccess) -> HttpHeaders:
    headers = HttpHeaders(
        {"kbn-xsrf": "monitor", "accept": "application/json"}
    )
    if access.api_key:
        headers["authorization"] = f"ApiKey {access.api_key}"
    elif access.user:
        login = f"{access.user}:{access.password}".encode()
        headers["authorization"] = f"Basic {b64encode(login).decode()}"
    return headers


def only_one(found: tuple[Json, ...], *, about: str) -> Json:
    """The answer where it must be one JSON object. Raises KibanaError."""
    if len(found) != 1:
        raise KibanaError(
            f"{about} did not answer as Kibana does",
            about=about,
            hint=NOT_KIBANA,
        )
    return found[0]


def _node(access: KibanaAccess, base: str) -> Urllib3HttpNode:
    """Elastic's own HTTP client: it follows no redirect and asks no proxy, so
    the password goes nowhere else.
    """
    parts = urlsplit(base)
    config = NodeConfig(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path_prefix=parts.path,
        request_timeout=DEADLINE,
        ca_certs=str(access.ca_file)
        if access.ca_file and parts.scheme == "https"
        else None,
    )
    return Urllib3HttpNode(config)


def _read(content: bytes) -> tuple[Json, ...] | None:
    """The JSON objects in an answer; None for anything else, such as a login
    page.
    """
    try:
        found = [
            json.loads(line) for line in content.splitlines() if line.strip()
        ]
    except ValueError:
        return _whole(content)
    return (
        tuple(found) if all(isinstance(one, dict) for one in found) else None
    )


def _whole(content: bytes) -> tuple[Json, ...] | None:
    """One JSON object over several lines, as a proxy may write it."""
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return (found,) if isinstance(found, dict) else None
