"""Sends our objects to Kibana's import interface, and says in our words what it refuses.

Knows HTTP and Kibana's answers; what the objects are is `objects`' part.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from elastic_transport import ConnectionError, HttpHeaders, NodeConfig, TlsError, TransportError, Urllib3HttpNode

from monitor.errors import KibanaError
from monitor.kibana.discover import space_base
from monitor.kibana.objects import to_ndjson

Json = dict[str, Any]
OLDEST = (8, 8)
"""What our objects are written for; an older Kibana refuses them one by one."""
DEADLINE = 60.0
REDIRECT = 300
"""From here on an answer is no success: a redirect is a login page or another address."""
NOT_KIBANA = "is MONITOR_KIBANA_URL the address of Kibana itself, its base path included?"
HINTS = {
    401: "set MONITOR_KIBANA_API_KEY, or MONITOR_KIBANA_USER and MONITOR_KIBANA_PASSWORD",
    403: "the user or key needs the right to write saved objects in this space (Saved Objects Management: All)",
    404: f"{NOT_KIBANA} And does the space exist? Spaces are made in Kibana",
    413: "Kibana or a proxy before it takes no upload of this size",
}


@dataclass(frozen=True, slots=True)
class Access:
    """How Kibana is reached. Either a key or a user; neither where security is off."""

    url: str
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_file: Path | None = None


def install(objects: Sequence[Json], access: Access, *, space: str) -> int:
    """Import `objects`, replacing what has their ids; returns how many Kibana took. Raises KibanaError."""
    base = space_base(access.url, space)
    _check_version(_ask(access, base, "/api/status"), access.url)
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="monitor.ndjson"\r\n'
        "Content-Type: application/ndjson\r\n\r\n"
    )
    body = head.encode() + to_ndjson(objects) + f"\r\n--{boundary}--\r\n".encode()
    answer = _ask(
        access,
        base,
        "/api/saved_objects/_import?overwrite=true",
        body=body,
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    if answer.get("success") is not True:
        raise KibanaError(_refusal(answer), about=base)
    return int(answer.get("successCount", 0))


def _node(access: Access, base: str) -> Urllib3HttpNode:
    """Elastic's own HTTP client: it follows no redirect and asks no proxy, so the password goes nowhere else."""
    parts = urlsplit(base)
    config = NodeConfig(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path_prefix=parts.path,
        request_timeout=DEADLINE,
        ca_certs=str(access.ca_file) if access.ca_file and parts.scheme == "https" else None,
    )
    return Urllib3HttpNode(config)


def _ask(access: Access, base: str, path: str, *, body: bytes | None = None, content_type: str = "") -> Json:
    """One request and its JSON answer. Raises KibanaError."""
    headers = HttpHeaders({"kbn-xsrf": "monitor", "accept": "application/json"})
    if content_type:
        headers["content-type"] = content_type
    if access.api_key:
        headers["authorization"] = f"ApiKey {access.api_key}"
    elif access.user:
        headers["authorization"] = "Basic " + b64encode(f"{access.user}:{access.password}".encode()).decode()
    node = _node(access, base)
    try:
        answer = node.perform_request("GET" if body is None else "POST", path, body=body, headers=headers)
    except TlsError as error:
        raise KibanaError(
            f"Kibana at {access.url} has a certificate that cannot be trusted: {error.message}",
            about=access.url,
            hint="set MONITOR_KIBANA_CA_FILE to the authority of its certificate",
        ) from error
    except TransportError as error:
        hint = "is Kibana running there?" if isinstance(error, ConnectionError) else None
        raise KibanaError(
            f"Kibana at {access.url} cannot be reached: {error.message}", about=access.url, hint=hint
        ) from error
    finally:
        node.close()
    status = answer.meta.status
    found = _read(answer.body)
    if status >= REDIRECT or found is None:
        said = str((found or {}).get("message", ""))
        raise KibanaError(
            f"Kibana answered {status} to {base}{path}{': ' + said if said else ''}",
            about=access.url,
            hint=HINTS.get(status, NOT_KIBANA if found is None else None),
        )
    return found


def _read(content: bytes) -> Json | None:
    """The JSON object in an answer; None for anything else, such as a login page."""
    try:
        found = json.loads(content)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _check_version(status: Json, url: str) -> None:
    """Refuse a Kibana that is too old. One that does not tell strangers its version is believed."""
    version = status.get("version")
    number = str(version.get("number", "")) if isinstance(version, dict) else ""
    parts = tuple(int(part) for part in number.split("-")[0].split(".")[:2] if part.isdigit())
    if len(parts) == len(OLDEST) and parts < OLDEST:
        raise KibanaError(f"Kibana at {url} is {number}; 8.8 or later is needed", about=url)


def _refusal(answer: Json) -> str:
    """What Kibana refused, object by object."""
    lines = []
    for item in answer.get("errors") or ():
        error = item.get("error") or {}
        missing = ", ".join(f"{one.get('type')}:{one.get('id')}" for one in error.get("references") or ())
        why = " ".join(filter(None, (error.get("type", ""), error.get("message", ""), missing)))
        lines.append(f"{item.get('type')}:{item.get('id')}: {why}")
    return "Kibana refused the import" + ("\n  " + "\n  ".join(lines) if lines else "")
