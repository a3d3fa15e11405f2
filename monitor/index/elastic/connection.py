"""The way to an Elasticsearch, and its errors in our words: what is wrong, and
what an operator can do about it.

Knows the client library; knows no indices and no documents. No message ever
holds a password or a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from elastic_transport import ConnectionTimeout, TlsError
from elasticsearch import (
    ApiError,
    AuthenticationException,
    Elasticsearch,
    NotFoundError,
    TransportError,
    UnsupportedProductError,
)

from monitor.errors import IndexingError

REQUEST_SECONDS = 60.0
LEAST_VERSION, FIRST_UNKNOWN_MAJOR = (8, 19), 10
DISK_HINT = (
    "the server has made the index read-only, most often because its disk is full: free some space;"
    " it opens the index again by itself, or: PUT /ALIAS*/_settings"
    ' {"index.blocks.read_only_allow_delete": null}'
)
VERSIONS_HINT = "8.19 or newer and 9 are supported: docs/elasticsearch.md"
LOGIN_HINT = (
    "see elasticsearch_user, elasticsearch_password and elasticsearch_api_key"
)
RIGHTS_HINT = "the account needs the rights of deploy/elasticsearch/role.json"


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach the servers, and as whom."""

    urls: tuple[str, ...]
    ca_file: Path | None = None
    fingerprint: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)


def connect(access: Access) -> Elasticsearch:
    """A client; it connects with the first request. A node that does not
    answer is left out for a while.

    Raises IndexingError for addresses and certificates that cannot be used.
    """
    options: dict[str, Any] = {}
    if any(url.startswith("https://") for url in access.urls):
        if access.fingerprint:
            options["ssl_assert_fingerprint"] = access.fingerprint
        elif access.ca_file is not None:
            options["ca_certs"] = str(access.ca_file)
    if access.api_key:
        options["api_key"] = access.api_key
    elif access.user:
        options["basic_auth"] = (access.user, access.password)
    try:
        return Elasticsearch(
            list(access.urls),
            request_timeout=REQUEST_SECONDS,
            # each node once: a lost one is not an error
            max_retries=max(1, len(access.urls)),
            retry_on_timeout=False,
            retry_on_status=(502, 503, 504),
            connections_per_node=8,
            **options,
        )
    except (ValueError, OSError) as error:
        hint = "docs/elasticsearch.md"
        raise IndexingError(
            f"cannot use the settings for Elasticsearch: {error}", hint=hint
        ) from error


def check_version(client: Elasticsearch) -> None:
    """Raises IndexingError where a node is older or newer than what we know."""
    nodes = client.nodes.info(
        node_id="_all", metric="process", filter_path="nodes.*.version"
    )["nodes"].values()
    for version in sorted({str(node["version"]) for node in nodes}):
        numbers = tuple(
            int(number) for number in version.partition("-")[0].split(".")[:2]
        )
        if numbers < LEAST_VERSION or numbers[0] >= FIRST_UNKNOWN_MAJOR:
            raise IndexingError(
                f"Elasticsearch {version} is the wrong version",
                hint=VERSIONS_HINT,
            )


@contextmanager
def translate_errors(doing: str, about: str) -> Iterator[None]:
    """Turn the client's errors into IndexingError with a hint."""
    try:
        yield
    except UnsupportedProductError as error:
        raise _failed(
            doing,
            "what answers there is no Elasticsearch",
            about,
            "check elasticsearch_urls",
        ) from error
    except ApiError as error:
        raise of_api(error, doing, about) from error
    except TlsError as error:
        hint = (
            "set elasticsearch_ca_file to the authority that signed it, or"
            " elasticsearch_fingerprint"
        )
        raise _failed(
            doing,
            f"its TLS certificate is not accepted: {_reason(error)}",
            about,
            hint,
        ) from error
    except ConnectionTimeout as error:
        raise _failed(
            doing,
            "it does not answer in time",
            about,
            "is the server busy or stuck?",
        ) from error
    except TransportError as error:
        hint = "is it running, and elasticsearch_urls right?"
        raise _failed(
            doing, f"it cannot be reached: {_reason(error)}", about, hint
        ) from error


def of_api(error: ApiError, doing: str, about: str) -> IndexingError:  # noqa: PLR0911 - one per kind of answer
    """An answer that says no."""
    status, reason = error.meta.status, reason_of(error)
    if isinstance(error, AuthenticationException):
        return _failed(
            doing,
            "user, password or API key is not accepted, or has expired",
            about,
            LOGIN_HINT,
        )
    if is_blocked(reason):
        return _failed(
            doing,
            f"the index is read-only: {reason}",
            about,
            DISK_HINT.replace("ALIAS", about),
        )
    if status == 403:
        return _failed(
            doing, f"a right is missing: {reason}", about, RIGHTS_HINT
        )
    if status == 429:
        what = f"cannot {doing} Elasticsearch: it is overloaded: {reason}"
        return IndexingError(what, about=about, hint="it is tried again")
    if "media-type" in reason or "media_type" in reason or status == 406:
        return _failed(
            doing,
            "it does not speak our protocol: the version is wrong",
            about,
            VERSIONS_HINT,
        )
    if isinstance(error, NotFoundError) and "index_not_found" in reason:
        return _failed(
            doing,
            "there is no such index yet",
            about,
            "`monitor run` makes and fills it",
        )
    if (
        "max_nested_depth" in reason
        or "too_many" in reason
        or "nested depth" in reason
    ):
        return _failed(
            doing,
            f"the query is too complex: {reason}",
            about,
            "split it in two",
        )
    return _failed(doing, f"it answered {status}: {reason}", about, None)


def is_blocked(reason: str) -> bool:
    """True where an index may not be written: a full disk, or an operator's
    block.
    """
    return (
        "index_block" in reason
        or "cluster_block" in reason
        or "read-only" in reason
        or "FORBIDDEN/" in reason
    )


def reason_of(error: ApiError) -> str:
    """Type and reason of the deepest cause, one line."""
    body = error.body
    if not isinstance(body, dict) or not isinstance(body.get("error"), dict):
        return str(body)[:300]
    told = body["error"]
    causes = told.get("root_cause") or [told]
    cause = (
        causes[0]
        if isinstance(causes, list) and causes and isinstance(causes[0], dict)
        else told
    )
    return f"{cause.get('type', '')}: {cause.get('reason', '')}"[:500]


def _reason(error: TransportError) -> str:
    return str(error.message).partition("\n")[0][:300]


def _failed(
    doing: str, what: str, about: str, hint: str | None
) -> IndexingError:
    return IndexingError(
        f"cannot {doing} Elasticsearch: {what}", about=about, hint=hint
    )
