"""Which indices there are, and which of them are searched: builds, each with one index per
month.

    ALIAS                           what people search: the indices of the serving build
    ALIAS-building                  a build that is being filled beside it, if there is one
    ALIAS-f1-0a1b2c3d-first         empty; so that the alias always has a mapping
    ALIAS-f1-0a1b2c3d-articles-2025-03

A build is made with a name that never was there before, so whoever fills it notices. Knows the
client and names; knows no documents.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError

from monitor.errors import IndexingError
from monitor.index.elastic.mapping import FORMAT, build_mapping, build_settings

FIRST = "first"
PRIORITY = 500  # above the templates that every Elasticsearch brings


@dataclass(frozen=True, slots=True)
class IndexBuild:
    """One build of the index and its indices, as they are now."""

    name: str
    indices: frozenset[str]

    @property
    def format(self) -> int:
        """The format that it was made with."""
        return int(self.name[1 : self.name.index("-")])


@dataclass(frozen=True, slots=True)
class BuildPair:
    """The build that serves searches, and the one that is built."""

    serving: IndexBuild | None
    building: IndexBuild | None


class IndexBuilds:
    """The indices behind one alias. Raises the client's errors."""

    def __init__(self, client: Elasticsearch, alias: str) -> None:
        self._client, self.alias = client, alias
        self._built = f"{alias}-building"
        self._name = re.compile(rf"{re.escape(alias)}-(f\d+-[0-9a-f]{{8}})-(.+)")

    def look(self) -> BuildPair:
        """What there is now. One request."""
        found = self._found()
        serving, building = self._first(found[self.alias]), self._first(found[self._built])
        return BuildPair(
            serving,
            building if building and (not serving or building.name != serving.name) else None,
        )

    def _found(self) -> dict[str, dict[str, set[str]]]:
        """The indices of each build behind each of our two aliases."""
        found: dict[str, dict[str, set[str]]] = {self.alias: {}, self._built: {}}
        try:
            answer = self._client.indices.get_alias(name=f"{self.alias},{self._built}").body
        except NotFoundError as error:
            answer = (
                error.body if isinstance(error.body, dict) else {}
            )  # it still lists the aliases that are there
        for index, facts in answer.items():
            name = self._name.fullmatch(index)
            if name is None or not isinstance(facts, dict):
                continue
            for alias in facts.get("aliases", {}):
                if alias in found:
                    found[alias].setdefault(name[1], set()).add(index)
        return found

    def install_templates(self) -> None:
        """Put our templates.

        Raises IndexingError where those of a newer version of ours are there.
        """
        package = f"{self.alias}@package"
        try:
            found = self._client.cluster.get_component_template(name=package)[
                "component_templates"
            ][0]
            version = int(found["component_template"].get("version") or 0)
        except NotFoundError:
            version = 0
        if version > FORMAT:
            raise IndexingError(
                f"the index belongs to a newer version of this program (format {version})",
                about=self.alias,
                hint="install that version, or set elasticsearch_index to another name",
            )
        template = {"settings": {"index": build_settings()}, "mappings": build_mapping()}
        self._client.cluster.put_component_template(name=package, template=template, version=FORMAT)
        custom = f"{self.alias}@custom"
        self._client.indices.put_index_template(
            name=self.alias,
            index_patterns=[f"{self.alias}-f*-*"],
            composed_of=[package, custom],
            ignore_missing_component_templates=[custom],
            priority=PRIORITY,
            version=FORMAT,
            # an index that somebody removed must not come back without its alias
            allow_auto_create=False,
            meta={
                "description": (
                    "articles of Monitor; put settings of your own into the component template"
                    " @custom"
                )
            },
        )

    def start(self, *, serving: bool) -> None:
        """Make a new, empty build: the serving one, or one to be built beside it."""
        name = f"f{FORMAT}-{secrets.token_hex(4)}"
        self._create(f"{self.alias}-{name}-{FIRST}", self.alias if serving else self._built)

    def settle(self) -> BuildPair:
        """Where two processes started at once, keep one of their builds; both see the same
        one.

        By one look: what another makes meanwhile, as the index of a new month, is none of a build
        that goes.
        """
        found = self._found()
        serving = min(found[self.alias], default="")
        for builds in found.values():
            for name in builds.keys() - {min(builds, default=""), serving}:
                self.remove(builds[name])
        return self.look()

    def index_of(self, build: IndexBuild, index_name: str, *, missing: bool = False) -> str:
        """The index for documents of `index_name`; made where it is not there, or `missing`
        although it was.
        """
        index = f"{self.alias}-{build.name}-{index_name}"
        if missing or index not in build.indices:
            builds = self.look()
            serves = builds.serving is not None and builds.serving.name == build.name
            self._create(index, self.alias if serves else self._built)
        return index

    def swap(self) -> None:
        """Let the built build serve and remove the one before, in one step."""
        builds = self.look()
        if builds.building is None:
            return
        new, old = (
            builds.building.indices,
            builds.serving.indices if builds.serving else frozenset(),
        )
        actions: list[dict[str, object]] = [
            {"add": {"index": index, "alias": self.alias}} for index in new
        ]
        actions += [{"remove": {"index": index, "alias": self._built}} for index in new]
        actions += [{"remove_index": {"index": index}} for index in old]
        self._client.indices.update_aliases(actions=actions)
        # In the background: one segment a month is what a search looks up once, and a merge drops
        # what the engine keeps of `search` for the recovery of copies: a third of the disk.
        self._client.indices.forcemerge(
            index=sorted(new), max_num_segments=1, wait_for_completion=False
        )

    def give_up(self) -> None:
        """Remove the build that is being built."""
        builds = self.look()
        if builds.building:
            self.remove(builds.building.indices)

    def older_than(self, before: datetime) -> list[str]:
        """The indices of the months that end before then."""
        oldest_kept = f"articles-{before:%Y-%m}"
        builds = self.look()
        return sorted(
            index
            for build in (builds.serving, builds.building)
            for index in (build.indices if build else ())
            if (name := self._name.fullmatch(index)) and name[2] != FIRST and name[2] < oldest_kept
        )

    def _create(self, index: str, alias: str) -> None:
        try:
            self._client.indices.create(index=index, aliases={alias: {}})
        except BadRequestError as error:
            if "resource_already_exists" not in str(error):
                raise

    def remove(self, indices: Iterable[str]) -> None:
        """Delete indices; one that is gone is gone."""
        for index in indices:
            self._client.indices.delete(index=index, ignore_unavailable=True)

    def _first(self, found: dict[str, set[str]]) -> IndexBuild | None:
        """One of several that two processes made at once: the same for all."""
        return IndexBuild(min(found), frozenset(found[min(found)])) if found else None


def is_taken(error: ApiError) -> bool:
    """True where an index has the name that our alias should have."""
    return "invalid_alias_name" in str(error) or "an index exists with the same name" in str(error)
