"""Our figures as metric families of Prometheus' own client."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from monitor import __version__
from monitor.store.running.metric_facts import MetricFacts
from monitor.types.health import HealthCheck


@dataclass(frozen=True, slots=True, eq=False)  # the registry keeps it as a key
class MonitorCollector(Collector):
    """Figures of one moment. `disk_free` is None where the disk cannot be
    asked.
    """

    facts: MetricFacts
    checks: Sequence[HealthCheck]
    now: datetime
    disk_free: int | None

    def collect(self) -> Iterable[Metric]:
        """Every family, in the order of the documentation."""
        facts = self.facts
        yield _gauge(
            "monitor_info",
            "Version of the program.",
            {__version__: 1},
            "version",
        )
        well = {check.name: int(check.well) for check in self.checks}
        yield _gauge(
            "monitor_check_well",
            "1: what `monitor health` checks is well.",
            well,
            "check",
        )
        yield from self._times()
        late = {
            name: self._age(since)
            for name, since in facts.health.late_ticks.items()
        }
        yield _gauge(
            "monitor_late_tick_seconds",
            "Ticks that run for too long.",
            late,
            "tick",
        )
        yield _gauge(
            "monitor_oldest_waiting_seconds",
            "Age of the oldest.",
            self._ages(),
            "work",
        )
        yield _gauge(
            "monitor_waiting", "How many wait.", facts.waiting, "work"
        )
        yield _gauge(
            "monitor_mails_waiting",
            "Mails not sent yet.",
            facts.mails,
            "state",
        )
        yield _gauge(
            "monitor_feeds",
            "Listed feeds, and those in trouble.",
            facts.feeds,
            "state",
        )
        yield _single(
            "monitor_daemons",
            "Daemons that are alive.",
            facts.daemons,
        )
        yield _single(
            "monitor_quarantined",
            "Items that wait for a person.",
            facts.quarantined,
        )
        yield _single(
            "monitor_database_bytes",
            "Size of the database.",
            facts.database_bytes,
        )
        if self.disk_free is not None:
            yield _single(
                "monitor_disk_free_bytes",
                "Free where the data is.",
                self.disk_free,
            )
        yield _outcomes(facts.outcomes)

    def _times(self) -> Iterator[Metric]:
        health = self.facts.health
        newest = max(health.news, default=None)
        times = {
            "alive": health.alive_at,
            "polled": health.polled_at,
            "answered": health.answered_at,
            "news": newest,
        }
        known = {
            name: time.timestamp() for name, time in times.items() if time
        }
        yield _gauge(
            "monitor_last_timestamp_seconds",
            "When it last happened.",
            known,
            "event",
        )

    def _ages(self) -> dict[str, float]:
        health = self.facts.health
        oldest = {
            "polls": health.poll_due_at,
            "pages": health.read_due_at,
            "matching": health.unmatched_since,
            "mail": health.unsent_since,
            "index": health.index_complete_until,
        }
        return {name: self._age(time) for name, time in oldest.items()}

    def _age(self, since: datetime | None) -> float:
        return max((self.now - since).total_seconds(), 0.0) if since else 0.0


def _gauge(
    name: str, about: str, values: Mapping[str, float], label: str
) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for value, figure in values.items():
        family.add_metric([value], figure)
    return family


def _single(name: str, about: str, value: float) -> Metric:
    return GaugeMetricFamily(name, about, value=value)


def _outcomes(outcomes: Mapping[str, Mapping[str, int]]) -> Metric:
    about = "Items by step and outcome; begins anew at midnight UTC, as after a restart."
    family = CounterMetricFamily(
        "monitor_items", about, labels=["step", "outcome"]
    )
    for step, ended in outcomes.items():
        for outcome, items in ended.items():
            family.add_metric([step, outcome], items)
    return family
