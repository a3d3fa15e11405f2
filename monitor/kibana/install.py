"""Sends our objects to Kibana's import interface, and says in our words what
it refuses.

Knows Kibana's answers; what the objects are is `objects`' part.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from monitor.errors import KibanaError
from monitor.kibana.client import Json, KibanaAccess, ask, only_one
from monitor.kibana.discover import space_base
from monitor.kibana.objects import to_ndjson

NOT_FOUND = 404
NOT_ALLOWED = (401, 403)
"""The account may write objects in its space and not list spaces."""
OLDEST = (8, 8)
"""What our objects are written for; an older Kibana refuses them one by one.
"""


def import_objects(
    objects: Sequence[Json], access: KibanaAccess, *, space: str
) -> int:
    """Import `objects`, replacing what has their ids; returns how many Kibana
    took. Raises KibanaError.
    """
    base = space_base(access.url, space)
    _check_version(
        only_one(ask(access, base, "/api/status"), about=access.url),
        access.url,
    )
    if base != space_base(access.url, ""):
        _check_space(access, space)
    boundary = secrets.token_hex(16)
    head = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file";'
        ' filename="monitor.ndjson"\r\nContent-Type: application/ndjson\r\n\r\n'
    )
    found = ask(
        access,
        base,
        "/api/saved_objects/_import?overwrite=true",
        method="POST",
        body=head.encode()
        + to_ndjson(objects)
        + f"\r\n--{boundary}--\r\n".encode(),
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    answer = only_one(found, about=access.url)
    if answer.get("success") is not True:
        raise KibanaError(_refusal(answer), about=base)
    return int(answer.get("successCount", 0))


def _check_space(access: KibanaAccess, space: str) -> None:
    """Refuse a space that does not exist: Kibana takes objects for it all the
    same, and nobody can see them. Without the right to look at spaces it is
    believed.
    """
    try:
        found = ask(
            access, space_base(access.url, ""), f"/api/spaces/space/{space}"
        )
    except KibanaError as error:
        if error.status == NOT_FOUND:
            raise KibanaError(
                f'Kibana at {access.url} has no space "{space}"',
                about=access.url,
                hint="make it in Kibana first (Stack Management > Spaces), or check its identifier",
            ) from error
        if error.status in NOT_ALLOWED:
            return
        raise
    only_one(found, about=access.url)


def _check_version(status: Json, url: str) -> None:
    """Refuse a Kibana that is too old. One that does not tell strangers its
    version is believed.
    """
    version = status.get("version")
    number = (
        str(version.get("number", "")) if isinstance(version, dict) else ""
    )
    parts = tuple(
        int(part)
        for part in number.split("-")[0].split(".")[:2]
        if part.isdecimal()
    )
    if len(parts) == len(OLDEST) and parts < OLDEST:
        raise KibanaError(
            f"Kibana at {url} is {number}; 8.8 or later is needed", about=url
        )


def _refusal(answer: Json) -> str:
    """What Kibana refused, object by object."""
    lines = []
    for item in answer.get("errors") or ():
        error = item.get("error") or {}
        missing = ", ".join(
            f"{one.get('type')}:{one.get('id')}"
            for one in error.get("references") or ()
        )
        why = " ".join(
            filter(
                None,
                (error.get("type", ""), error.get("message", ""), missing),
            )
        )
        lines.append(f"{item.get('type')}:{item.get('id')}: {why}")
    return "Kibana refused the import" + (
        "\n  " + "\n  ".join(lines) if lines else ""
    )
