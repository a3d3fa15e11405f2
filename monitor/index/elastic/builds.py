"""Which indices there are, and which of them are searched: builds, each with
one index per month.

    ALIAS                           what people search: the indices of the serving build
    ALIAS-building                  a build that is being filled beside it, if there is one
    ALIAS-f1-0a1b2c3d-first         empty; so that the alias always has a mapping
    ALIAS-f1-0a1b2c3d-articles-2025-03

Several daemons do this at once, and any of them may stand still between a look
and what it does then. So whoever made an index, or let a build serve, looks
again afterwards. What is left of a build that was removed has no first index
and serves nobody.

A build is made with a name that never was there before, so whoever fills it
notices. Knows the client and names; knows no documents.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from elasticsearch import (
    ApiError,
    BadRequestError,
    Elasticsearch,
    NotFoundError,
)

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
        self._name = re.compile(
            rf"{re.escape(alias)}-(f\d+-[0-9a-f]{{8}})-(.+)"
        )

    def look(self) -> BuildPair:
        """What there is now. One request."""
        found = self._found()
        return self._pair(found)

    def _found(self) -> dict[str, dict[str, set[str]]]:
        """The indices of each build behind each of our two aliases."""
        found: dict[str, dict[str, set[str]]] = {
            self.alias: {},
            self._built: {},
        }
        try:
            answer = self._client.indices.get_alias(
                name=f"{self.alias},{self._built}"
            ).body
        except NotFoundError as error:
            # it still lists the aliases that are there
            answer = error.body if isinstance(error.body, dict) else {}
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
        template = {
            "settings": {"index": build_settings()},
            "mappings": build_mapping(),
        }
        self._client.cluster.put_component_template(
            name=package, template=template, version=FORMAT
        )
        custom = f"{self.alias}@custom"
        self._client.indices.put_index_template(
            name=self.alias,
            index_patterns=[f"{self.alias}-f*-*"],
            composed_of=[package, custom],
            ignore_missing_component_templates=[custom],
            priority=PRIORITY,
            version=FORMAT,
            # an index that somebody removed must not come back without its
            # alias
            allow_auto_create=False,
            meta={
                "description": (
                    "articles of Monitor; put settings of your own into the component template"
                    " @custom"
                )
            },
        )

    def start(self, *, serving: bool) -> None:
        """Make a new, empty build: the serving one, or one to be built beside
        it.
        """
        name = f"f{FORMAT}-{secrets.token_hex(4)}"
        self._create(
            f"{self.alias}-{name}-{FIRST}",
            self.alias if serving else self._built,
        )

    def settle(self) -> BuildPair:
        """Where several processes made or swapped builds at once, keep the
        same one for all.

        By one look: what another makes meanwhile, as the index of a new month,
        is none of a build that goes. A month that was begun while its build
        began to serve serves, too.
        """
        found = self._found()
        pair = self._pair(found)
        kept = {build.name for build in (pair.serving, pair.building) if build}
        for builds in found.values():
            for name in builds.keys() - kept:
                self.remove(builds[name])
        if pair.serving:
            self._serve(found[self._built].get(pair.serving.name, set()))
        return self.look()

    def index_of(
        self, build: IndexBuild, index_name: str, *, missing: bool = False
    ) -> str:
        """The index for documents of `index_name`; made where it is not there,
        or `missing` although it was.

        Raises IndexingError where that build is gone.
        """
        index = f"{self.alias}-{build.name}-{index_name}"
        if missing or index not in build.indices:
            alias = self._alias_of(build)
            self._create(index, alias)
            # it has begun to serve meanwhile
            if self._alias_of(build) != alias:
                self._serve({index})
        return index

    def swap(self) -> frozenset[str]:
        """Let the built build serve and remove the one before, in one step.
        Returns the indices that serve now; none where there was nothing to do.
        """
        builds = self.look()
        if builds.building is None:
            return frozenset()
        new = builds.building.indices
        old = builds.serving.indices if builds.serving else frozenset()
        self._serve(new, instead_of=old)
        self.settle()
        return new

    def merge(self, indices: Iterable[str]) -> None:
        """Merge each to one segment, in the background: that is what a search
        looks up once, and what the engine keeps of `search` for the recovery
        of copies goes: a third of the disk.
        """
        self._client.indices.forcemerge(
            index=sorted(indices),
            max_num_segments=1,
            wait_for_completion=False,
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
            if (name := self._name.fullmatch(index))
            and name[2] != FIRST
            and name[2] < oldest_kept
        )

    def _serve(
        self, indices: Iterable[str], *, instead_of: Iterable[str] = ()
    ) -> None:
        """Put them behind the alias that is searched, in one step with the
        removal of others.
        """
        actions: list[dict[str, object]] = []
        for index in indices:
            actions.append({"add": {"index": index, "alias": self.alias}})
            actions.append(
                {
                    "remove": {
                        "index": index,
                        "alias": self._built,
                        "must_exist": False,
                    }
                }
            )
        actions += [{"remove_index": {"index": index}} for index in instead_of]
        if actions:
            self._client.indices.update_aliases(actions=actions)

    def _alias_of(self, build: IndexBuild) -> str:
        """Behind which alias it stands now."""
        builds = self.look()
        if builds.serving and builds.serving.name == build.name:
            return self.alias
        if builds.building and builds.building.name == build.name:
            return self._built
        raise IndexingError(
            "another daemon has removed this build of the search index",
            about=self.alias,
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

    def _pair(self, found: dict[str, dict[str, set[str]]]) -> BuildPair:
        """Of several that were made at once, the same for all."""
        serves, is_built = found[self.alias], found[self._built]
        # an old version's have no first index, and an operator may have
        # removed an empty one
        serving = min(self._whole(serves) or serves, default="")
        building = min(self._whole(is_built) - {serving}, default="")
        return BuildPair(_build(serving, serves), _build(building, is_built))

    def _whole(self, builds: dict[str, set[str]]) -> set[str]:
        """Those that nobody has removed."""
        return {
            name
            for name in builds
            if f"{self.alias}-{name}-{FIRST}" in builds[name]
        }


def _build(name: str, found: dict[str, set[str]]) -> IndexBuild | None:
    return IndexBuild(name, frozenset(found[name])) if name else None


def is_taken(error: ApiError) -> bool:
    """True where an index has the name that our alias should have."""
    return "invalid_alias_name" in str(
        error
    ) or "an index exists with the same name" in str(error)
