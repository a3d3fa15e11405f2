"""Copies of one story: how many are found, how many are wrong, and what a
window of 100,000 articles costs.

    python -m benchmarks.stories [ARTICLES] [--seed N] [--table]

The articles are made by tests/identify/agency_copies.py: agency texts, their
copies in other outlets, and near misses. `--table` shows what other thresholds
would have done, from which those in monitor/identify/near.py were chosen.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import combinations

from monitor.identify import exchanges, near
from monitor.identify.near import NearWindow, Prints, nearest, take_prints
from tests.identify.agency_copies import Labelled, world

START = datetime(2026, 11, 23, tzinfo=UTC)
TABLE = ((4, 0.55), (6, 0.45), (6, 0.55), (6, 0.65), (8, 0.55))


def main() -> None:
    """Size first, so that nothing else has taken memory yet; then quality."""
    parser = argparse.ArgumentParser(description="find copies of one story")
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--table", action="store_true")
    options = parser.parse_args()
    if not options.table:
        fill(options.articles, options.seed + 1)
    articles = world(options.seed, 1500)
    if options.table:
        for near.RUN, near.SHARED in TABLE:
            exchanges.RUN = near.RUN
            print(
                f"runs of {near.RUN} words, {near.SHARED:.0%} shared: {judged(articles)}"
            )
        return
    print(judged(articles))


def judged(articles: list[Labelled]) -> str:
    """Precision and recall over pairs, and what kinds of pairs went wrong."""
    window = NearWindow()
    known: dict[int, Prints] = {}
    stories: list[int] = []
    candidates = 0
    carried: Counter[str] = Counter()
    started = time.process_time()
    for number, article in enumerate(articles):
        # Each outlet carries an event once, and all near misses meet within
        # the first.
        feed_id = f"outlet-{carried[article.event]}"
        carried[article.event] += 1
        known[number] = take_prints(
            article.title, article.lead, article.text, feed_id=feed_id
        )
        proposed = window.candidates(known[number])
        candidates += len(proposed)
        found = nearest(known[number], proposed, known.get)
        stories.append(stories[found[0]] if found else number)
        window.add(number, known[number], seen_at=START)
    seconds = time.process_time() - started
    truth, told = pairs([a.event for a in articles]), pairs(stories)
    wrong = Counter(
        " + ".join(sorted((articles[a].kind, articles[b].kind)))
        for a, b in told - truth
    )
    missed = Counter(
        " + ".join(sorted((articles[a].kind, articles[b].kind)))
        for a, b in truth - told
    )
    return (
        f"{len(articles)} articles, {len(truth)} pairs: precision"
        f" {len(truth & told) / len(told):.4f}, recall {len(truth & told) / len(truth):.4f},"
        f" {len(articles) / seconds:.0f} articles a CPU second, {candidates / len(articles):.1f}"
        f" candidates each; wrong {dict(wrong.most_common(3))}, missed"
        f" {dict(missed.most_common(3))}"
    )


def pairs(labels: Iterable[object]) -> set[tuple[int, int]]:
    """Every two that have the same label."""
    groups: dict[object, list[int]] = defaultdict(list)
    for number, label in enumerate(labels):
        groups[label].append(number)
    return {
        pair for group in groups.values() for pair in combinations(group, 2)
    }


def fill(wanted: int, seed: int) -> None:
    """Fill a window of 72 hours, then let it roll on by half: memory must stop
    growing.
    """
    window = NearWindow()
    before = memory()
    pause = near.WINDOW / wanted
    now, number = START, 0
    started = time.process_time()
    while number < wanted * 3 // 2:
        for article in world(seed + number, 500):
            prints = take_prints(article.title, article.lead, article.text)
            window.candidates(prints)
            window.add(number, prints, seen_at=now)
            number += 1
            now += pause
            if number % 1000 == 0:
                window.forget(before=now - near.WINDOW)
            if number in (wanted // 2, wanted, wanted * 3 // 2):
                print(
                    f"after {number} articles: {len(window)} in the window,"
                    f" {(memory() - before) / 1e6:.0f} MB",
                    flush=True,
                )
    print(
        f"{number / (time.process_time() - started):.0f} articles a CPU second, making them"
        " included"
    )


def memory() -> int:
    """Bytes that this process holds now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


if __name__ == "__main__":
    assert timedelta(hours=72) == near.WINDOW
    main()
