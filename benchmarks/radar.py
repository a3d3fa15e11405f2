"""What the radar finds in a made-up month with 30 planted subjects and 30
decoys, and what it costs.

    python benchmarks/radar.py [--seeds 1 2 3] [--articles 600] [--replay
    FOLDER] python benchmarks/radar.py --cost [--articles 20000]

Five weeks of articles from 60 outlets. Everyday articles take their words from
topics that come and go. A planted subject begins at some hour of the last
week: a new name, a word nobody wrote before, or a known word that suddenly
many write, in 5 to 14 stories over a day. Decoys: one agency text in 30
papers, what comes every week or every day, advertising, weather, football
tables, and a word that one outlet alone repeats. The radar is looked at every
hour. Printed are the subjects found, the false ones, and how long after a
subject's first story it was named, beside the hour in which it had four
stories of three outlets, before which nobody could name it.

With `--replay`, everyday articles are made of the sentences of saved pages of
real news (`gold.jsonl`, one JSON object a line with `text`). `--cost` prints
seconds of processor time instead: on a busy machine they say more than the
clock.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog
from search import vocabulary
from sqlalchemy import func, insert, select
from topic_trial import address, article_row, feed_row

from monitor.flow.alerting.mail_content import MailKit
from monitor.flow.upkeep.radar_look import RadarPlace, look_for_subjects
from monitor.flow.upkeep.radar_watch import AT_ONCE, RadarAlerts, RadarWatch
from monitor.notify.mail.templates_render import Templates
from monitor.store.engine import Database
from monitor.store.tables import articles, feeds, radar_days, stories
from monitor.types.article import Article, Content, Provenance
from monitor.types.mail import MailIdentity
from tests.fakes import SetClock

BEGIN = datetime(2026, 1, 5, 0, 0, tzinfo=UTC)
USUAL, LIVE = 28, 8
"""Days that are the usual, and days in which subjects are planted."""

COST_DAYS = 9
"""Days that the cost is taken of: fewer than the 28 that the usual is made of,
so that the archive is built in minutes.
"""

OUTLETS = 60
PLANTS = 30
HOUR = timedelta(hours=1)
SYLLABLES = [
    "bra",
    "wel",
    "tor",
    "min",
    "dak",
    "fen",
    "ros",
    "lim",
    "gar",
    "hol",
    "ste",
    "ruk",
    "nas",
    "pel",
    "vor",
    "kem",
    "zil",
    "dor",
    "mau",
    "ber",
]
GIVEN = [
    "Elwira",
    "Torben",
    "Jasna",
    "Hinrich",
    "Malte",
    "Swantje",
    "Ruprecht",
    "Dörte",
    "Ansgar",
    "Wiebke",
    "Egon",
    "Frauke",
]
COMMON_WORDS = [
    "Rat",
    "Stadt",
    "Straße",
    "Bürgermeister",
    "Haushalt",
    "Schule",
    "Verein",
    "Kreis",
    "Bahnhof",
    "Brücke",
]


@dataclass
class Planted:
    """What is to be found, or not: its stories with their times and outlets."""

    kind: str
    stories: dict[int, tuple[datetime, int]] = field(default_factory=dict)

    @property
    def begins(self) -> datetime:
        """Its first story."""
        return min(moment for moment, _ in self.stories.values())

    @property
    def could_be_named(self) -> datetime:
        """When it has four stories of three outlets."""
        rows = sorted(self.stories.values())
        return next(
            moment
            for number, (moment, _) in enumerate(rows, 1)
            if number >= 4
            and len({outlet for _, outlet in rows[:number]}) >= 3
        )


@dataclass
class Month:
    """A made-up archive."""

    rng: random.Random
    per_day: int
    sentences: Sequence[str] = ()
    rows: list[Article] = field(default_factory=list)
    plants: list[Planted] = field(default_factory=list)
    decoys: list[Planted] = field(default_factory=list)
    next_story: int = 0
    days: int = USUAL + LIVE

    def __post_init__(self) -> None:
        self.words = vocabulary(self.rng, 20_000)
        nouns = [word for word in self.words if word[0].isupper()]
        self.topics = [self.rng.sample(nouns, 40) for _ in range(80)]
        self.nouns = nouns

    def story(self) -> int:
        """A new story's number."""
        self.next_story += 1
        return self.next_story

    def add(
        self, at: datetime, outlet: int, story: int, title: str, text: str
    ) -> None:
        """One article."""
        number = len(self.rows) + 1
        self.rows.append(
            Article(
                number,
                f"https://news.example/{number}",
                f"a{number}",
                Content(title, "", text),
                Provenance(
                    f"feed-{outlet}", f"outlet-{outlet:02}", at, at, "feed"
                ),
                story_id=story,
            )
        )

    def filler(self, *, sentences: int = 8) -> str:
        """Everyday text."""
        if self.sentences:
            return " ".join(self.rng.choices(self.sentences, k=sentences // 2))
        topic = self.rng.choice(self.topics)
        return " ".join(self._sentence(topic) for _ in range(sentences))

    def _sentence(self, topic: Sequence[str]) -> str:
        rng = self.rng
        size = rng.randint(7, 14)
        words = [self._word(topic) for _ in range(size)]
        return f"Die {' '.join(words)}."

    def _word(self, topic: Sequence[str]) -> str:
        chance = self.rng.random()
        if chance < 0.25:
            return self.rng.choice(topic)
        if chance < 0.35:
            return self.rng.choice(COMMON_WORDS)
        place = int(len(self.words) * self.rng.random() ** 3)
        return self.words[min(place, len(self.words) - 1)]

    def fill(self) -> None:
        """Everyday articles of all days; few at night, fewer on Sundays."""
        for day in range(self.days):
            sunday = (BEGIN + timedelta(days=day)).weekday() == 6
            for _ in range(int(self.per_day * (0.7 if sunday else 1))):
                at = self.moment(day)
                story = self.story()
                text = self.filler()
                title = " ".join(text.split()[:6])
                outlet = self.rng.randrange(OUTLETS)
                self.add(at, outlet, story, title, text)
                while self.rng.random() < 0.2:
                    outlet = self.rng.randrange(OUTLETS)
                    self.add(
                        at + HOUR * self.rng.random(),
                        outlet,
                        story,
                        title,
                        text,
                    )

    def moment(self, day: int) -> datetime:
        """Some time of that day, mostly by daylight."""
        hour = min(max(self.rng.gauss(13, 4), 0), 23.99)
        return BEGIN + timedelta(days=day, hours=hour)

    def new_word(self) -> str:
        """A word nobody wrote."""
        return "".join(self.rng.sample(SYLLABLES, 3)).capitalize()

    def plant(self) -> None:
        """The subjects."""
        for number in range(PLANTS):
            kind = ("name", "new word", "known word")[number % 3]
            planted = Planted(kind)
            label, second = self._label(kind), self.new_word()
            begins = self.moment(USUAL + number % (LIVE - 1))
            outlets = self.rng.sample(range(OUTLETS), 14)
            for place in range(self.rng.randint(6, 14)):
                at = (
                    begins
                    if not place
                    else begins + HOUR * min(self.rng.expovariate(1 / 6), 22)
                )
                said = f"{label} " + (
                    f"und {second}" if self.rng.random() < 0.6 else "am Ort"
                )
                text = f"Es geht um {said}. {self.filler(sentences=4)} Zu {label} hieß es mehr."
                story = self.story()
                self.add(at, outlets[place], story, self.headline(said), text)
                planted.stories[story] = (at, outlets[place])
            self.plants.append(planted)

    def headline(self, said: str) -> str:
        """One of several ways to begin."""
        word = self.rng.choice(self.nouns)
        return self.rng.choice(
            (f"{word}: {said}", f"Was {said} bedeutet", f"{word} nach {said}")
        )

    def _label(self, kind: str) -> str:
        if kind == "name":
            return f"{self.rng.choice(GIVEN)} {self.new_word()}"
        return (
            self.new_word()
            if kind == "new word"
            else self.rng.choice(self.nouns[2000:])
        )

    def mislead(self) -> None:
        """The decoys, five of each kind."""
        for number in range(5):
            self._copies(number)
            self._weekly(number)
            self._advertising(number)
            self._listed(
                number, "weather", "Wetter: {} bringt Regen und Böen", 10
            )
            self._listed(
                number,
                "tables",
                "{}: Tabelle und Ergebnisse vom 14. Spieltag",
                12,
            )
            self._one_outlet(number)

    def _decoy(self, kind: str) -> Planted:
        self.decoys.append(Planted(kind))
        return self.decoys[-1]

    def _copies(self, number: int) -> None:
        decoy, word = self._decoy("agency copies"), self.new_word()
        story = self.story()
        text = f"Die Agentur meldet {word}. {self.filler()} {word} bleibt."
        begins = self.moment(USUAL + number)
        for outlet in self.rng.sample(range(OUTLETS), 30):
            self.add(
                begins + HOUR * 6 * self.rng.random(),
                outlet,
                story,
                f"Alles zu {word}",
                text,
            )
        decoy.stories[story] = (begins, 0)

    def _weekly(self, number: int) -> None:
        decoy, word = self._decoy("weekly routine"), self.new_word()
        for day in range(number, USUAL + LIVE, 7):
            for _ in range(self.rng.randint(7, 10)):
                text = f"Heute ist wieder {word}. {self.filler()}"
                self._tell(decoy, self.moment(day), f"Zum {word}", text)

    def _advertising(self, number: int) -> None:
        decoy, brand = self._decoy("advertising"), self.new_word()
        frames = (
            "Anzeige: {}",
            "Rabatt bei {}",
            "{} Gutschein für alle",
            "{}: Angebot der Woche",
        )
        for place in range(10):
            title = frames[place % len(frames)].format(brand)
            text = f"Jetzt bei {brand} sparen. {self.filler(sentences=3)}"
            self._tell(decoy, self.moment(USUAL + number), title, text)

    def _listed(self, number: int, kind: str, frame: str, count: int) -> None:
        decoy, word = self._decoy(kind), self.new_word()
        for _ in range(count):
            text = f"{word} im Überblick. {self.filler(sentences=4)}"
            self._tell(
                decoy, self.moment(USUAL + number), frame.format(word), text
            )

    def _one_outlet(self, number: int) -> None:
        decoy, word = self._decoy("one outlet"), self.new_word()
        for _ in range(9):
            text = f"In eigener Sache: {word}. {self.filler()}"
            self._tell(
                decoy,
                self.moment(USUAL + number),
                f"Unser {word}",
                text,
                outlet=number,
            )

    def _tell(
        self,
        decoy: Planted,
        at: datetime,
        title: str,
        text: str,
        outlet: int | None = None,
    ) -> None:
        whose = self.rng.randrange(OUTLETS) if outlet is None else outlet
        story = self.story()
        self.add(at, whose, story, title, text)
        decoy.stories[story] = (at, whose)

    def store(self, database: Database) -> None:
        """Into an empty database."""
        when = {"created_at": BEGIN, "last_at": BEGIN, "copies": 1}
        numbers = (
            {"id": number + 1, **when} for number in range(self.next_story)
        )
        with database.write() as connection:
            connection.execute(
                insert(feeds), [feed_row(number) for number in range(OUTLETS)]
            )
            connection.execute(insert(stories), list(numbers))
            for first in range(0, len(self.rows), 5000):
                rows = [
                    article_row(row) for row in self.rows[first : first + 5000]
                ]
                connection.execute(insert(articles), rows)


@dataclass
class Score:
    """What was found."""

    delays: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    missed: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    found: int = 0
    words: tuple[str, ...] = ()


def radar_of(database: Database, clock: SetClock) -> RadarWatch:
    """The radar that a daemon runs."""
    identity = MailIdentity("monitor@example.org")
    kit = MailKit(identity, Templates())
    return RadarWatch(
        database=database,
        clock=clock,
        place=RadarPlace("UTC"),
        alerts=RadarAlerts(kit),
    )


def judge(month: Month, database: Database) -> Score:
    """Look every hour of the last days."""
    clock = SetClock(BEGIN + timedelta(days=USUAL))
    radar = radar_of(database, clock)
    while radar.watch() >= AT_ONCE:
        pass
    named: dict[int, datetime] = {}
    false: dict[frozenset[str], str] = {}
    for _ in range(24 * LIVE):
        clock.advance(HOUR)
        radar.watch()
        with database.read() as connection:
            findings = look_for_subjects(
                connection, RadarPlace("UTC"), now=clock.now()
            )
        for finding in findings:
            number = whose(finding.stories, month.plants)
            if number is not None:
                named.setdefault(number, clock.now())
            else:
                wrong = whose(finding.stories, month.decoys)
                kind = (
                    month.decoys[wrong].kind if wrong is not None else "chance"
                )
                false.setdefault(frozenset([finding.terms[0].written]), kind)
    score = Score(
        found=len(named),
        false=Counter(false.values()),
        words=tuple(word for words in false for word in words),
    )
    for number, plant in enumerate(month.plants):
        if number in named:
            score.delays.append((named[number] - plant.begins) / HOUR)
            score.waits.append((named[number] - plant.could_be_named) / HOUR)
        else:
            score.missed[plant.kind] += 1
    return score


def whose(found: Sequence[int], planted: Sequence[Planted]) -> int | None:
    """The planted subject that most of these stories are of."""
    for number, plant in enumerate(planted):
        if 2 * len(plant.stories.keys() & set(found)) > len(found):
            return number
    return None


def report(seed: int, per_day: int, sentences: Sequence[str]) -> None:
    """Print what is found in one month."""
    month = Month(random.Random(seed), per_day, sentences)
    month.fill()
    month.plant()
    month.mislead()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(address(Path(folder)))
        database.migrate()
        month.store(database)
        score = judge(month, database)
        database.close()
    print(
        f"seed {seed}: {len(month.rows)} articles, found {score.found} of {len(month.plants)},"
        f" missed {dict(score.missed)}, false {sum(score.false.values())} {dict(score.false)},"
        f" of {len(month.decoys)} decoys and by chance ({', '.join(score.words)}); hours after the first story: median"
        f" {statistics.median(score.delays):.1f}, worst {max(score.delays):.1f}; after it could be"
        f" named: median {statistics.median(score.waits):.1f}, worst {max(score.waits):.1f}"
    )


def cost(per_day: int) -> None:
    """Print what a day takes."""
    month = Month(random.Random(1), per_day, days=COST_DAYS)
    month.fill()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(address(Path(folder)))
        database.migrate()
        month.store(database)
        clock = SetClock(BEGIN + timedelta(days=COST_DAYS - 1, hours=20))
        radar = radar_of(database, clock)
        began, read = time.process_time(), 0
        while batch := radar._catch_up(clock.now()):
            read += batch
        whole = time.process_time() - began
        day = (clock.now() - timedelta(days=1)).date()
        began = time.process_time()
        radar._count_day(day, now=clock.now())
        counting = time.process_time() - began
        began = time.process_time()
        with database.read() as connection:
            look_for_subjects(connection, RadarPlace("UTC"), now=clock.now())
            size = connection.execute(
                select(func.avg(func.length(radar_days.c.counts)))
            ).scalar()
        looking = time.process_time() - began
        database.close()
    print(
        f"{per_day} articles a day, processor time: reading {1000 * whole / read:.2f} ms an article; counting a day"
        f" {counting:.2f} s; a look {looking:.2f} s; a day's counts {size / 1000:.0f} kB"
    )


def real_sentences(folder: Path) -> Iterator[str]:
    """Sentences of saved pages."""
    for line in (
        (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines()
    ):
        text = json.loads(line)["text"]
        yield from (
            each
            for each in re.split(r"(?<=[.!?])\s+", text)
            if 40 < len(each) < 300
        )


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--replay", type=Path)
    parser.add_argument("--cost", action="store_true")
    asked = parser.parse_args()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING)
    )
    if asked.cost:
        cost(asked.articles)
        return 0
    sentences = list(real_sentences(asked.replay)) if asked.replay else []
    for seed in asked.seeds:
        report(seed, asked.articles, sentences)
    return 0


if __name__ == "__main__":
    sys.exit(main())
