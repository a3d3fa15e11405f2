"""Opens the search index in Elasticsearch and the operations index beside it."""

from __future__ import annotations

from monitor.config.settings import Settings
from monitor.index.elastic.connection import Access, connect
from monitor.index.elastic.engine import ElasticIndex
from monitor.index.elastic.operations import OperationsIndex
from monitor.match.topics import match_query
from monitor.ports import Index


def open_elastic(settings: Settings, *, writer: bool) -> Index:
    """The search index, not yet prepared."""
    name = settings.elasticsearch_index
    return ElasticIndex(
        access_of(settings), name, writer=writer, verify=match_query
    )


def open_operations_index(settings: Settings) -> OperationsIndex:
    """The index of what the daemons did."""
    return OperationsIndex(
        connect(access_of(settings)), settings.elasticsearch_index
    )


def access_of(settings: Settings) -> Access:
    """How the servers are reached."""
    return Access(
        settings.elasticsearch_urls,
        ca_file=settings.elasticsearch_ca_file,
        fingerprint=settings.elasticsearch_fingerprint,
        user=settings.elasticsearch_user,
        password=settings.elasticsearch_password.get_secret_value(),
        api_key=settings.elasticsearch_api_key.get_secret_value(),
    )
