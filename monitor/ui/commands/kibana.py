"""`monitor kibana build` and `install`: the dashboards as files, and into a
running Kibana.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from monitor.config.settings import Settings
from monitor.errors import ConfigError, KibanaError
from monitor.flow.catalog_file import read_catalog
from monitor.kibana.client import KibanaAccess
from monitor.kibana.discover import space_base
from monitor.kibana.install import import_objects
from monitor.kibana.leftovers import Leftovers, find_leftovers, remove_searches
from monitor.kibana.objects import Json, build_objects, to_ndjson
from monitor.ui.columns import Column, Row
from monitor.ui.context import Session
from monitor.ui.tables import shown_table

KINDS = {
    "index-pattern": "data_view",
    "search": "saved_search",
    "dashboard": "dashboard",
}
"""Keys of the words for the kinds of objects."""


def build_files(session: Session, folder: Path, space: str | None) -> int:
    """Write the objects as files, one per kind; Kibana's own import page takes
    them too, data views first.
    """
    objects = _objects(session, space)
    folder.mkdir(parents=True, exist_ok=True)
    for kind, name in (
        ("index-pattern", "data-views"),
        ("search", "searches"),
        ("dashboard", "dashboards"),
    ):
        path = folder / f"{name}.ndjson"
        path.write_bytes(
            to_ndjson([one for one in objects if one["type"] == kind])
        )
        session.tell(str(path))
    return 0


def install_objects(
    session: Session, space: str | None, dry_run: bool, prune: bool
) -> int:
    """Put data views, dashboards and one saved search per topic into Kibana;
    again changes nothing.
    """
    settings, say = session.settings, session.say
    if not settings.kibana_url:
        raise ConfigError(
            "MONITOR_KIBANA_URL is not set",
            hint="set it to the address under which Kibana is opened",
        )
    objects = _objects(session, space)
    base = space_base(settings.kibana_url, _space(settings, space))
    if dry_run:
        _show_objects(session, objects)
        if prune:
            _tell(
                session,
                _leftovers(session, space),
                removed=say("kibana.would_be_removed"),
            )
        session.tell(say.count("kibana.not_sent", len(objects), base=base))
        return 0
    taken = import_objects(
        objects, _access(settings), space=_space(settings, space)
    )
    session.tell(say.count("kibana.taken", taken, base=base))
    if prune:
        left = _leftovers(session, space)
        remove_searches(
            _access(settings),
            [one for one, _ in left.unused],
            space=_space(settings, space),
        )
        _tell(session, left, removed=say("kibana.removed"))
        return 0
    try:
        left = _leftovers(session, space)
    except KibanaError as error:
        session.tell(say("kibana.unseen", reason=say.phrase(str(error))))
        return 0
    _tell(session, left, removed=say("kibana.prune_removes"))
    return 0


def _show_objects(session: Session, objects: Sequence[Json]) -> None:
    say = session.say
    columns = (
        Column(say("kibana.kind"), rank=1),
        Column(say("kibana.title"), least=16),
        Column(say("kibana.id"), rank=2, least=16),
    )
    rows = []
    for one in objects:
        attributes = one["attributes"]
        title = attributes.get("name", attributes["title"])
        rows.append(
            Row((say(f"kibana.{KINDS[one['type']]}"), title, one["id"]))
        )
    session.out.print(shown_table(say, "", columns, rows, width=session.width))


def _leftovers(session: Session, space: str | None) -> Leftovers:
    settings = session.settings
    topics = [
        topic.id for topic in read_catalog(settings.feeds_file)[0].topics
    ]
    return find_leftovers(
        _access(settings), space=_space(settings, space), topics=topics
    )


def _tell(session: Session, left: Leftovers, *, removed: str) -> None:
    for one, title in left.unused:
        session.tell(f"{one} ({title}): {removed}")
    for one, title in left.shown:
        session.tell(f"{one} ({title}): {session.say('kibana.stays')}")


def _space(settings: Settings, space: str | None) -> str:
    return settings.kibana_space if space is None else space


def _objects(session: Session, space: str | None) -> tuple[Json, ...]:
    settings = session.settings
    topics = [
        (topic.id, topic.name)
        for topic in read_catalog(settings.feeds_file)[0].topics
    ]
    return build_objects(
        topics,
        index=settings.elasticsearch_index,
        space=_space(settings, space),
        web_page=settings.public_url,
    )


def _access(settings: Settings) -> KibanaAccess:
    """Kibana's own user or key; else Elasticsearch's, which Kibana knows as
    well.
    """
    own = settings.kibana_user or settings.kibana_api_key.get_secret_value()
    return KibanaAccess(
        url=settings.kibana_url,
        user=settings.kibana_user if own else settings.elasticsearch_user,
        password=(
            settings.kibana_password
            if own
            else settings.elasticsearch_password
        ).get_secret_value(),
        api_key=(
            settings.kibana_api_key if own else settings.elasticsearch_api_key
        ).get_secret_value(),
        ca_file=settings.kibana_ca_file or settings.elasticsearch_ca_file,
    )
