"""Reads pages in killable child processes, several at a time, for callers in
many threads.

Knows nothing of downloads or of what becomes of an article.
"""

from __future__ import annotations

from monitor.children.fork_server import ChildDied, ForkServer
from monitor.children.pool import ChildPool, NoChild
from monitor.children.terms import Terms
from monitor.errors import ExtractError
from monitor.types.page import ExtractFailed, ExtractOutcome, PageTask


class ExtractPool:
    """At most `workers` pages are read at the same time; further callers wait.
    Processes start with the first page.
    """

    def __init__(
        self,
        *,
        workers: int,
        deadline_seconds: float,
        memory_bytes: int,
        pages_per_worker: int,
        server: ForkServer | None = None,
    ) -> None:
        """A worker is replaced after `pages_per_worker` pages."""
        terms = Terms(
            "monitor.extract.worker",
            deadline_seconds,
            memory_bytes,
            tasks=pages_per_worker,
        )
        self._pool: ChildPool[PageTask, ExtractOutcome] = ChildPool(
            terms, children=workers, server=server, spent=_out_of_memory
        )

    def extract(self, task: PageTask) -> ExtractOutcome:
        """What the page says, or why it could not be read. Blocks for a free
        worker, then at most the deadline.

        Raises ExtractError where no worker can be started, and where the pool
        is closed while the page is being read: then nothing is known about the
        page.
        """
        try:
            return self._pool.ask(task)
        except ChildDied as death:
            return ExtractFailed(
                "timeout" if death.timed_out else "crash", str(death)
            )
        except NoChild as none:
            raise ExtractError(str(none), about=task.url) from none

    def rest(self, idle_seconds: float = 0.0) -> None:
        """End workers that have been idle for so long until the next page."""
        self._pool.rest(idle_seconds)

    def close(self) -> None:
        """End idle workers, kill busy ones.

        Whoever waits or reads gets ExtractError. Idempotent; under 2 seconds.
        """
        self._pool.close()


def _out_of_memory(outcome: ExtractOutcome) -> bool:
    return isinstance(outcome, ExtractFailed) and outcome.reason == "memory"
