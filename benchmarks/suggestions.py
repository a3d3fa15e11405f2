"""What the first suggestion of the topic editor does to ten topics whose right
answer is known.

    python benchmarks/suggestions.py [--articles 6000] [--replay FOLDER]

A made-up corpus of 30 days: each article is about one subject or about none. A
subject has three names, of which an article may use any, words that stand
beside them, and words that it shares with another subject. A topic begins with
one name only. Its hidden right answer are all articles about the subject.
Printed are precision and recall of the topic before, and after the first
suggestion was taken. With `--replay`, the same over saved pages of real news
(`gold.jsonl`, one JSON object a line with `title` and `text`), where a second,
wider query that somebody wrote is the right answer: first the few pages alone,
then 2,000 articles of their sentences among the made-up ones. Such an article
has half of the sentences of one page, and two of other pages; it is right
where its page is. The made-up ones are not counted then: their words are put
together of others such as Polizei.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from search import vocabulary
from sqlalchemy import insert
from topic_trial import NOW, address, article_row, feed_row

from monitor.flow.requests.topic_draft import TopicDraft, draft_topic
from monitor.flow.requests.topic_figures import Moment
from monitor.flow.requests.topic_suggestions import suggest_wider
from monitor.flow.steps.match import match_text
from monitor.index.document import to_document
from monitor.index.embedded.engine import EmbeddedIndex
from monitor.match.topics import ComparedQueries, match_query, whole_query
from monitor.store.engine import Database
from monitor.store.tables import articles, feeds, stories
from monitor.types.article import Article, Content, Provenance
from monitor.types.catalog import Catalog

SEED = 20260131
MIXED = 2_000
AT = Moment(NOW, "Europe/Berlin")

SUBJECTS = {
    "Haushalt": (
        "Etat Kämmerei",
        "Millionen Steuern Defizit Rat Ausgaben Schulden Kreditlinie Rücklage",
    ),
    "Windrad": (
        "Windpark Rotor",
        "Energie Anwohner Abstand Genehmigung Megawatt Naturschutz Lärm Strom",
    ),
    "Grundschule": (
        "Lehrkräfte Klassenzimmer",
        "Kinder Eltern Unterricht Schulweg Anmeldung Ferien Ganztag Mensa",
    ),
    "Stadtbahn": (
        "Straßenbahn Gleisbau",
        "Haltestelle Fahrgäste Takt Schienen Umleitung Bauarbeiten Linie Weiche",
    ),
    "Krankenhaus": (
        "Klinikum Notaufnahme",
        "Patienten Pflege Ärzte Betten Operation Geburtshilfe Station Insolvenz",
    ),
    "Feuerwehr": (
        "Löschzug Brandmeister",
        "Einsatz Rauch Flammen Verletzte Drehleiter Alarm Wohnhaus Brand",
    ),
    "Hochwasser": (
        "Pegelstand Deichbruch",
        "Regen Fluss Keller Sandsäcke Evakuierung Warnung Flut Damm",
    ),
    "Wohnungsbau": (
        "Mietpreise Neubaugebiet",
        "Mieter Quadratmeter Grundstück Bauland Investor Sozialwohnungen Erschließung Makler",
    ),
    "Museum": (
        "Ausstellung Kurator",
        "Gemälde Besucher Kunst Sammlung Eröffnung Leihgaben Galerie Skulptur",
    ),
    "Handball": (
        "Bundesliga Torhüter",
        "Spiel Halbzeit Trainer Tabelle Fans Abwehr Sieg Saison",
    ),
}
"""One name: its other two names, and what stands beside them."""

REAL = (
    ("Ukraine", "Ukraine* OR Selenskyj* OR Kiew* OR Putin*"),
    ("Trump", 'Trump* OR "Weiße Haus" OR Washington'),
    ("Polizei", "Polizei* OR Ermittl* OR Tatverdächtig*"),
    ("Krieg", "Krieg* OR Angriff* OR Soldat* OR Militär*"),
    ("Regierung", "Regierung* OR Minister* OR Kanzler* OR Koalition*"),
    ("Russland", "Russland* OR Putin* OR Moskau* OR Kreml*"),
    ("Iran", "Iran* OR Teheran* OR Mullah*"),
    ("Marathon", "Marathon* OR Läufer*"),
    ("Grünen", "Grünen* OR Grüne OR Baerbock* OR Habeck*"),
    ("Hamas", "Hamas* OR Geisel* OR Israel* OR Gaza*"),
)
"""A short query on real news, and what somebody who knows the subject would
have written.
"""


@dataclass(frozen=True, slots=True)
class Case:
    """A topic: the query it begins with, and the articles that are right."""

    name: str
    query: str
    right: frozenset[int]


@dataclass(frozen=True, slots=True)
class Bench:
    """Where topics are tried."""

    database: Database
    index: EmbeddedIndex
    corpus: Sequence[Article]

    def found(self, query: str) -> frozenset[int]:
        """What a query finds, by the matcher that alerts use."""
        tree, _problems = whole_query(
            draft_topic(draft(query), Catalog(), None)
        )
        assert tree is not None, query
        asked = ComparedQueries([tree])
        return frozenset(
            each.id for each in self.corpus if asked.ask(match_text(each))[0]
        )


def draft(query: str) -> TopicDraft:
    """A topic with this query."""
    return TopicDraft("Entwurf", "query", query=query)


def main() -> int:
    """Print a line for each topic. 1 where the suggestions made it worse in
    all.
    """
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=6_000)
    parser.add_argument("--replay", type=Path)
    asked = parser.parse_args()
    made, cases = made_up(asked.articles)
    with bench_over(made) as bench:
        better = report("made up", bench, cases)
    if asked.replay:
        real = [*real_articles(asked.replay)]
        with bench_over(real) as bench:
            wanted = [
                Case(query, query, bench.found(wide)) for query, wide in REAL
            ]
            report("real news", bench, wanted)
        corpus, page_of = mixed(real, made)
        spread = [
            Case(
                each.name,
                each.query,
                frozenset(n for n, p in page_of.items() if p in each.right),
            )
            for each in wanted
        ]
        with bench_over(corpus, counted=frozenset(page_of)) as bench:
            report("real, mixed", bench, spread)
    return int(not better)


def made_up(count: int) -> tuple[list[Article], list[Case]]:
    """The corpus, and a topic for each subject."""
    rng = random.Random(SEED)
    words = vocabulary(rng, size=20_000)
    weights = [1 / (rank + 2.7) for rank in range(len(words))]
    names = list(SUBJECTS)
    made: list[Article] = []
    about: dict[str, set[int]] = {name: set() for name in names}
    for number in range(1, count + 1):
        subject = rng.choice(names) if rng.random() < 0.15 else ""
        said = rng.choices(words, weights=weights, k=rng.randint(60, 200))
        said += _words_of(subject, rng) if subject else _noise(names, rng)
        rng.shuffle(said)
        if subject:
            about[subject].add(number)
        made.append(_article(number, " ".join(said[:7]), " ".join(said), rng))
    return made, [Case(name, name, frozenset(about[name])) for name in names]


def _words_of(subject: str, rng: random.Random) -> list[str]:
    """One or two of the three names, some words beside them, and some of
    another subject.
    """
    others, beside = SUBJECTS[subject]
    chosen = rng.sample([subject, *others.split()], k=rng.choice((1, 1, 2)))
    other = rng.choice([each for each in SUBJECTS if each != subject])
    return [
        *chosen,
        *rng.sample(beside.split(), k=4),
        *rng.sample(SUBJECTS[other][1].split(), k=1),
    ]


def _noise(names: Sequence[str], rng: random.Random) -> list[str]:
    """What articles about nothing of it say by chance: a word beside a
    subject, seldom a name.
    """
    said = rng.sample(
        SUBJECTS[rng.choice(names)][1].split(), k=rng.choice((0, 1, 2))
    )
    if rng.random() < 0.01:
        said.append(SUBJECTS[rng.choice(names)][0].split()[0])
    return said


def _article(
    number: int, title: str, text: str, rng: random.Random
) -> Article:
    when = NOW - timedelta(seconds=rng.randrange(29 * 86_400))
    feed, outlet = f"feed-{number % 97}", f"outlet-{number % 60:02}"
    return Article(
        number,
        f"https://news.example/{number}",
        f"a{number:08}",
        Content(title, "", text),
        Provenance(feed, outlet, when, when, "feed", feeds=(feed,)),
        story_id=number,
    )


def real_articles(folder: Path) -> Iterator[Article]:
    """Saved pages of real news."""
    rng = random.Random(SEED)
    lines = next(folder.rglob("gold.jsonl")).read_text("utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        page = json.loads(line)
        yield _article(
            number, str(page.get("title", "")), str(page.get("text", "")), rng
        )


def mixed(
    real: Sequence[Article], made: Sequence[Article]
) -> tuple[list[Article], dict[int, int]]:
    """Articles of real sentences behind the made-up ones, and the page of
    each.
    """
    rng = random.Random(SEED)
    sentences = {
        page.id: re.split(r"(?<=[.!?])\s+", page.content.text) for page in real
    }
    found, page_of = list(made), {}
    for number in range(len(made) + 1, len(made) + MIXED + 1):
        page = rng.choice(real)
        own = sentences[page.id]
        said = rng.sample(own, k=(len(own) + 1) // 2)
        said += [rng.choice(sentences[rng.choice(real).id]) for _ in range(2)]
        found.append(_article(number, "", " ".join(said), rng))
        page_of[number] = page.id
    return found, page_of


@contextmanager
def bench_over(
    corpus: Sequence[Article], *, counted: frozenset[int] | None = None
) -> Iterator[Bench]:
    """Database and index over the corpus; `counted`: only these are scored."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        database = Database(address(folder))
        database.migrate()
        index = EmbeddedIndex(
            folder / "index", writer=True, verify=match_query
        )
        index.prepare()
        index.fill([to_document(article) for article in corpus])
        known = [
            {
                "id": article.story_id,
                "created_at": NOW,
                "last_at": NOW,
                "copies": 1,
            }
            for article in corpus
        ]
        with database.write() as connection:
            connection.execute(
                insert(feeds), [feed_row(number) for number in range(97)]
            )
            connection.execute(insert(stories), known)
            connection.execute(
                insert(articles), [article_row(article) for article in corpus]
            )
        scored = [
            each for each in corpus if counted is None or each.id in counted
        ]
        yield Bench(database, index, scored)
        index.close()
        database.close()


def report(title: str, bench: Bench, cases: Sequence[Case]) -> bool:
    """A line for each topic and their means; whether they became better in
    all.
    """
    print(
        f"{title:14}{'right':>6}{'prec.':>8}{'recall':>8}   first suggestion      {'prec.':>8}{'recall':>8}"
    )
    before, after = [], []
    for case in cases:
        found = suggest_wider(
            bench.index,
            bench.database,
            draft(case.query),
            catalog=Catalog(),
            base=None,
            at=AT,
            goes_on=lambda: True,
        )
        taken = found.widen[0].draft.query if found.widen else case.query
        term = found.widen[0].term if found.widen else "–"
        before.append(scores(bench.found(case.query), case.right))
        after.append(scores(bench.found(taken), case.right))
        (p, r), (p2, r2) = before[-1], after[-1]
        print(
            f"{case.name:14}{len(case.right):>6}{p:>8.2f}{r:>8.2f}   {term:22}{p2:>8.2f}{r2:>8.2f}"
        )
    (p, r), (p2, r2) = mean(before), mean(after)
    print(
        f"{'mean':14}{'':6}{p:>8.2f}{r:>8.2f}   {'':22}{p2:>8.2f}{r2:>8.2f}\n"
    )
    return p2 + r2 >= p + r


def scores(
    found: Collection[int], right: Collection[int]
) -> tuple[float, float]:
    """Precision and recall."""
    good = len(set(found) & set(right))
    return good / len(found) if found else 0.0, good / len(
        right
    ) if right else 0.0


def mean(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Of both numbers."""
    return sum(p for p, _ in pairs) / len(pairs), sum(
        r for _, r in pairs
    ) / len(pairs)


if __name__ == "__main__":
    sys.exit(main())
