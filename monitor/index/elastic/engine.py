"""The search index in Elasticsearch, 8.19 and newer or 9: the archive when one
machine is not enough.

A projection of the store, like the embedded index: it can be dropped and
filled again at any time. Knows documents; never reads the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import Literal

from elasticsearch import BadRequestError

from monitor.errors import IndexingError
from monitor.index.compiler.search_plan import OneOf
from monitor.index.compiler.verification import (
    MOST_VERIFIED,
    Verification,
    Verify,
)
from monitor.index.elastic.builds import (
    BuildPair,
    IndexBuild,
    IndexBuilds,
    is_taken,
)
from monitor.index.elastic.bulk import Bulk, Ended, Operation
from monitor.index.elastic.connection import (
    Access,
    check_version,
    connect,
    translate_errors,
)
from monitor.index.elastic.indices import Indices
from monitor.index.elastic.mapping import FORMAT, known_to, to_body
from monitor.index.elastic.query import lower
from monitor.index.elastic.search import search_articles
from monitor.types.output import Document, PutResult, SearchPage, SearchRequest

_LONGEST_REASON = 300
_WAITS = "what waits is put again; if it stays so, give the server more memory or another node"
_FILLED_BY_DAEMON = "`monitor run` makes and fills it"


class ElasticIndex:
    """The `Index` port on a cluster.

    Thread-safe. Several processes may write at once: ids make repeats
    harmless.
    """

    def __init__(
        self,
        access: Access,
        alias: str,
        *,
        writer: bool,
        verify: Verify | None = None,
        most_verified: int = MOST_VERIFIED,
        refresh: Literal["false", "true"] = "false",
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        """`refresh` "true": what was put is found at once, not within the
        second that the engine takes by itself.
        """
        self._client = connect(access)
        self._alias, self._may_write, self._refresh = alias, writer, refresh
        self._indices = Indices(self._client, alias)
        self._builds = IndexBuilds(self._client, alias)
        self._verification = Verification(verify, most_verified)
        self._bulk = Bulk(self._client, alias, refresh=refresh, wait=wait)

    @property
    def build_name(self) -> str:
        """Which build of the index this is, "" before `prepare`.

        Another name than last time: put everything again.
        """
        with self._engine("ask"):
            serving = self._builds.look().serving
        return serving.name if serving else ""

    @property
    def building(self) -> str:
        """The build that is being filled beside it, "" where there is none."""
        with self._engine("ask"):
            building = self._builds.look().building
        return building.name if building else ""

    def prepare(self) -> None:
        """As the port says.

        Indices of an older format keep serving while those of the new one are
        filled beside.
        """
        with self._engine("prepare"):
            check_version(self._client)
            builds = self._builds.look()
            if self._may_write:
                self._builds.install_templates()
                self._start(builds)
            elif builds.serving is None:
                raise IndexingError(
                    "there is no search index yet",
                    about=self._alias,
                    hint=_FILLED_BY_DAEMON,
                )

    def put(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As the port says.

        While another build is built, both get them: the serving one as far as
        it can.
        """
        with self._engine("write to"):
            builds = self._pair()
            target = builds.building or builds.serving
            assert target is not None
            results = self._write(documents, target, action="index")
            if builds.building and builds.serving:
                self._write_beside(documents, builds.serving)
            return results

    def fill(self, documents: Sequence[Document]) -> tuple[PutResult, ...]:
        """As `put`, into the build that is being built or else the serving
        one, and only what is not there yet.
        """
        with self._engine("write to"):
            builds = self._pair()
            target = builds.building or builds.serving
            assert target is not None
            return self._write(documents, target, action="create")

    def rebuild(self) -> None:
        """Begin an empty build beside the serving one, unless one is being
        built already.
        """
        with self._engine("prepare"):
            if self._pair().building is None:
                self._builds.start(serving=False)
                self._builds.settle()

    def finish(self) -> None:
        """Let the build that was built serve, in one step, and remove the one
        before.
        """
        with self._engine("prepare"):
            self._client.indices.refresh(
                index=f"{self._alias}-building", ignore_unavailable=True
            )
            serving = self._builds.swap()
        # it serves; without the merge it is only larger and slower, and the
        # engine merges later
        with suppress(IndexingError), self._engine("merge"):
            if serving:
                self._builds.merge(serving)

    def prune(self, before: datetime) -> int:
        """As the port says: whole months go, the cheapest way to delete."""
        with self._engine("prune"):
            old = self._builds.older_than(before)
            count = (
                int(
                    self._client.count(index=old, ignore_unavailable=True)[
                        "count"
                    ]
                )
                if old
                else 0
            )
            self._builds.remove(old)
            return count

    def delete(self, doc_ids: Sequence[str]) -> None:
        """As the port says."""
        if not doc_ids:
            return
        with self._engine("delete from"):
            builds = self._pair()
            self._client.indices.refresh(index=self._alias)
            for build in filter(None, (builds.serving, builds.building)):
                self._delete(build, doc_ids)

    def search(self, request: SearchRequest) -> SearchPage:
        """As the port says. Finds what was put at least a second ago."""
        with self._engine("search"):
            return search_articles(
                self._indices, request, verification=self._verification
            )

    def count(self) -> int:
        """As the port says."""
        with self._engine("ask"):
            return int(self._client.count(index=self._alias)["count"])

    def close(self) -> None:
        """As the port says."""
        self._bulk.close()
        self._client.close()

    def _start(self, builds: BuildPair) -> None:
        if builds.serving is None:
            try:
                self._builds.start(serving=True)
            except BadRequestError as error:
                if not is_taken(error):
                    raise
                hint = (
                    "remove or rename that index, or set elasticsearch_index to another name than"
                    f" {self._alias}"
                )
                raise IndexingError(
                    "an index has the name of our alias",
                    about=self._alias,
                    hint=hint,
                ) from error
        elif builds.serving.format < FORMAT and (
            builds.building is None or builds.building.format < FORMAT
        ):
            if builds.building:
                self._builds.give_up()
            self._builds.start(serving=False)
        self._builds.settle()

    def _pair(self) -> BuildPair:
        if not self._may_write:
            raise IndexingError(
                "this process may only read the search index",
                about=self._alias,
            )
        builds = self._builds.look()
        if builds.serving is None:
            raise IndexingError(
                "there is no search index",
                about=self._alias,
                hint=_FILLED_BY_DAEMON,
            )
        return builds

    def _write(
        self,
        documents: Sequence[Document],
        target: IndexBuild,
        *,
        action: Literal["index", "create"],
    ) -> tuple[PutResult, ...]:
        refused: dict[str, str] = {}
        # of a repeat in one put the last one counts
        last = {document.doc_id: document for document in documents}
        operations = self._operations(last.values(), target, action, refused)
        ended = {
            end.operation.doc_id: end for end in self._bulk.write(operations)
        }
        missing = dict.fromkeys(
            end.operation.index
            for end in ended.values()
            if end.index_is_missing
        )
        for index in missing:
            self._builds.index_of(
                target,
                index.removeprefix(f"{self._alias}-{target.name}-"),
                missing=True,
            )
        again = [
            end.operation
            for end in ended.values()
            if end.operation.index in missing
        ]
        ended |= {end.operation.doc_id: end for end in self._bulk.write(again)}
        if len(ended) > 1 and all(end.no_room for end in ended.values()):
            # Not the documents' fault, so no attempt of theirs; one alone may
            # be too large for this server.
            raise IndexingError(
                "Elasticsearch is overloaded and takes no documents",
                about=self._alias,
                hint=_WAITS,
            )
        return tuple(
            _result(document.doc_id, ended, refused) for document in documents
        )

    def _operations(
        self,
        documents: Iterable[Document],
        target: IndexBuild,
        action: Literal["index", "create"],
        refused: dict[str, str],
    ) -> Iterator[Operation]:
        """What to send; what no index can hold goes into `refused` instead."""
        known: dict[str, str] = {}
        for document in documents:
            try:
                body = to_body(document)
            except (ValueError, TypeError, OverflowError) as error:
                refused[document.doc_id] = f"{type(error).__name__}: {error}"[
                    :_LONGEST_REASON
                ]
                continue
            if document.index_name not in known:
                known[document.index_name] = self._builds.index_of(
                    target, document.index_name
                )
            yield Operation(
                action, known[document.index_name], document.doc_id, body
            )

    def _write_beside(
        self, documents: Sequence[Document], serving: IndexBuild
    ) -> None:
        """Keep what people search up to date while the next build grows.

        What it cannot take, that one has.
        """
        operations = list(
            self._operations(
                {each.doc_id: each for each in documents}.values(),
                serving,
                "index",
                {},
            )
        )
        if serving.format != FORMAT and operations:
            mapping = next(
                iter(
                    self._client.indices.get_mapping(
                        index=operations[0].index
                    ).body.values()
                )
            )["mappings"]
            operations = [
                Operation(
                    "index",
                    each.index,
                    each.doc_id,
                    known_to(each.body, mapping),
                )
                for each in operations
            ]
        self._bulk.write(operations)

    def _delete(self, build: IndexBuild, doc_ids: Sequence[str]) -> None:
        for start in range(0, len(doc_ids), 1000):
            query = lower(
                OneOf("doc_id", tuple(doc_ids[start : start + 1000]))
            )
            indices = sorted(build.indices)
            answer = self._client.search(
                index=indices, query=query, size=1000, source=False
            ).body
            found = [
                Operation("delete", hit["_index"], hit["_id"])
                for hit in answer["hits"]["hits"]
            ]
            self._bulk.write(found)

    @contextmanager
    def _engine(self, doing: str) -> Iterator[None]:
        with translate_errors(doing, self._alias):
            yield


def _result(
    doc_id: str, ended: dict[str, Ended], refused: dict[str, str]
) -> PutResult:
    if doc_id in refused:
        return PutResult(doc_id, error=refused[doc_id])
    end = ended[doc_id]
    return PutResult(doc_id, error=end.error, retry=end.retry)
