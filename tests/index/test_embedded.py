"""What only the embedded index promises: several processes, sudden death,
damaged folders, any query at all.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.errors import IndexingError, QueryError
from monitor.index.compiler.search_box import uses_operators
from monitor.index.embedded.builds import BUILDING, POINTER, serving_build
from monitor.index.embedded.checksums import Inspection, damaged_files
from monitor.index.embedded.engine import WRITER_MEMORY, EmbeddedIndex
from monitor.index.embedded.schema import FORMAT
from monitor.index.embedded.vocabulary import FOLDER, VocabularyWriter
from monitor.index.embedded.writer import Writer, add_document, make_empty
from monitor.types.article import TopicHits
from monitor.types.output import SearchRequest
from tests.index.corpus import START, document

ROOT = Path(__file__).parent.parent.parent

PUTS_FOR_EVER = """
import sys
from pathlib import Path
from monitor.index.embedded.engine import EmbeddedIndex
from tests.index.corpus import document
index = EmbeddedIndex(Path(sys.argv[1]), writer=True)
index.prepare()
number = int(sys.argv[2])
while True:
    results = index.put([document(number, text="Wort " * 500), document(number + 1, text="Wort " * 500)])
    assert not any(result.error for result in results)
    print(number, flush=True)
    number += 2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index = EmbeddedIndex(tmp_path / "index", writer=True)
    index.prepare()
    index.put([document(1, title="Eins"), document(2, title="Zwei")])
    index.close()
    return tmp_path / "index"


def _child(folder: Path, first: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PUTS_FOR_EVER, str(folder), str(first)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.slow
def test_a_killed_writer_keeps_every_finished_put(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    rng = random.Random(1)
    last = -2
    builds = set()
    for _ in range(5):
        with _child(folder, last + 2) as child:
            assert child.stdout is not None
            for _ in range(rng.randint(1, 25)):
                last = int(child.stdout.readline())
            child.send_signal(signal.SIGKILL)
            # A put may have finished whose line was not read yet: that is what
            # the rest of the pipe says.
            last = max(
                [
                    last,
                    *(int(line) for line in child.stdout.read().splitlines()),
                ]
            )
        reader = EmbeddedIndex(folder, writer=False)
        # One more put may be complete although the child died before it could
        # say so.
        assert last + 2 <= reader.count() <= last + 4
        assert reader.search(SearchRequest("wort")).total == reader.count()
        builds.add(reader.build_name)
    assert len(builds) == 1


def test_a_query_asked_before_finds_compounds_of_later_puts(
    folder: Path,
) -> None:
    index = EmbeddedIndex(folder, writer=True)
    asked = [SearchRequest("Brücke"), SearchRequest("*bruecke", exact=True)]
    for number, word in enumerate(("Rheinbrücke", "Holzbrücke"), start=3):
        index.put([document(number, text=word)])
        found = [index.search(request).total for request in asked]
        assert found == [number - 2, number - 2]
    index.close()


def test_a_query_asked_before_finds_joined_forms_of_later_puts(
    folder: Path,
) -> None:
    index = EmbeddedIndex(folder, writer=True)
    asked = [
        SearchRequest("rheinbrücke"),
        SearchRequest("Brücke"),
        SearchRequest("*bruecke", exact=True),
    ]
    before = [index.search(request).total for request in asked]
    index.put([document(3, text="Eine Rhein-Brücke")])
    found = [index.search(request).total for request in asked]
    assert found == [before[0] + 1, before[1] + 1, before[2] + 1]
    index.close()


@pytest.mark.slow
def test_another_process_sees_each_put_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    reader = EmbeddedIndex(folder, writer=False)
    with _child(folder, 0) as child:
        assert child.stdout is not None
        for _ in range(10):
            last = int(child.stdout.readline())
            assert reader.search(SearchRequest("wort")).total >= last + 2
        child.kill()


def test_only_one_writer(folder: Path) -> None:
    first = EmbeddedIndex(folder, writer=True)
    first.prepare()
    second = EmbeddedIndex(folder, writer=True)
    with pytest.raises(IndexingError, match="Lock") as raised:
        second.prepare()
    assert raised.value.hint is not None
    assert "another" in raised.value.hint
    assert first.count() == 2
    first.close()
    second.prepare()
    second.close()


def test_a_reader_may_not_write(folder: Path) -> None:
    reader = EmbeddedIndex(folder, writer=False)
    reader.prepare()
    with pytest.raises(IndexingError, match="only read"):
        reader.put([document(1)])
    assert reader.count() == 2


def test_a_reader_without_an_index_is_told_what_to_do(tmp_path: Path) -> None:
    for action in (EmbeddedIndex.prepare, EmbeddedIndex.count):
        with pytest.raises(
            IndexingError, match="no search index yet"
        ) as raised:
            action(EmbeddedIndex(tmp_path / "none", writer=False))
        assert raised.value.hint == "`monitor run` makes and fills it"


def test_an_open_reader_follows_a_new_generation(folder: Path) -> None:
    reader = EmbeddedIndex(folder, writer=False)
    assert reader.count() == 2
    _set_format(folder, 0)
    writer = EmbeddedIndex(folder, writer=True)
    writer.prepare()
    writer.put([document(9)])
    assert reader.count() == 1
    writer.close()


def test_closing_twice_and_going_on(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.close()
    index.prepare()
    index.close()
    index.close()
    assert index.count() == 2
    assert index.put([document(3)])[0].error == ""
    index.close()


def test_a_sound_index_is_kept(folder: Path) -> None:
    before = EmbeddedIndex(folder, writer=False).build_name
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    assert (index.build_name, index.count()) == (before, 2)
    index.close()


def test_a_rebuild_goes_on_after_a_restart_while_the_old_index_serves(
    folder: Path,
) -> None:
    reader = EmbeddedIndex(folder, writer=False)
    before = reader.build_name
    first = EmbeddedIndex(folder, writer=True)
    first.prepare()
    first.rebuild()
    building = first.building
    first.fill([document(1, title="Eins")])
    first.close()
    assert (reader.build_name, reader.building, reader.count()) == (
        before,
        building,
        2,
    )
    second = EmbeddedIndex(folder, writer=True)
    second.prepare()
    assert (second.build_name, second.building) == (before, building)
    second.fill(
        [
            document(1, title="Eins"),
            document(2, title="Zwei"),
            document(2, title="Zwei"),
            document(3),
        ]
    )
    assert reader.count() == 2
    second.finish()
    assert (reader.build_name, reader.building, reader.count()) == (
        building,
        "",
        3,
    )
    assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == [
        building
    ]
    second.close()


def test_endings_follow_what_was_put(folder: Path) -> None:
    def ending(index: EmbeddedIndex) -> list[int]:
        return [
            hit.article_id
            for hit in index.search(
                SearchRequest("*kraftwerk", exact=True, sort="oldest")
            ).hits
        ]

    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    index.put(
        [
            document(3, title="Windkraftwerk"),
            document(4, lead="ein Wasser-Kraftwerk"),
        ]
    )
    assert sorted(ending(index)) == [3, 4]
    index.put([document(3, title="Kraftwerke")])
    assert ending(index) == [4]
    index.close()
    index.prepare()
    index.put([document(5, text="Das Windkraftwerk"), document(4)])
    assert ending(index) == ending(EmbeddedIndex(folder, writer=False)) == [5]
    index.rebuild()
    index.fill([document(6, title="Solarkraftwerk")])
    assert ending(index) == [5]
    index.finish()
    assert ending(index) == [6]
    index.close()


def test_pruning_reaches_what_is_being_built(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    index.rebuild()
    index.fill([document(1), document(2)])
    assert index.prune(START + timedelta(days=60)) == 2
    index.finish()
    assert index.count() == 0
    index.close()


def _cut_what_is_built(folder: Path, name: str) -> None:
    (folder / name / "meta.json").write_text("{")


def _remove_what_is_built(folder: Path, name: str) -> None:
    shutil.rmtree(folder / name)


@pytest.mark.parametrize(
    ("damage", "goes_on"),
    [(_cut_what_is_built, True), (_remove_what_is_built, False)],
)
def test_a_damaged_new_index_never_serves(
    folder: Path, damage: Callable[[Path, str], None], *, goes_on: bool
) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    before = index.build_name
    index.rebuild()
    building = index.building
    index.fill([document(1)])
    index.close()
    damage(folder, building)
    index.prepare()
    assert index.building != building, "whoever fills it begins anew"
    assert bool(index.building) is goes_on
    assert (index.build_name, index.count()) == (before, 2)
    index.finish()
    assert index.build_name not in ("", building)
    index.close()


def test_a_crash_after_the_swap_leaves_one_index(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    index.rebuild()
    index.put([document(1)])
    building = index.building
    (folder / POINTER).write_bytes((folder / BUILDING).read_bytes())
    assert (index.build_name, index.building, index.count()) == (
        building,
        "",
        1,
    )
    index.put([document(2)])
    index.rebuild()
    assert index.building not in ("", building)
    assert index.count() == 2
    index.close()


def _set_format(folder: Path, number: int) -> None:
    pointer = folder / POINTER
    pointer.write_text(
        pointer.read_text().replace(
            f'"format": {FORMAT}', f'"format": {number}'
        )
    )


def _remove_pointer(folder: Path) -> None:
    (folder / POINTER).unlink()


def _garble_pointer(folder: Path) -> None:
    (folder / POINTER).write_bytes(b'{"format": "one", \xff')


def _escape_folder(folder: Path) -> None:
    (folder / POINTER).write_text('{"format": 2, "generation": ".."}')


def _garble_meta(folder: Path) -> None:
    next(folder.glob("*/meta.json")).write_text("{")


def _lose_meta(folder: Path) -> None:
    next(folder.glob("*/meta.json")).unlink()


def _lose_segment(folder: Path) -> None:
    next(folder.glob("*/*.idx")).unlink()


def _cut_segment(folder: Path) -> None:
    file = next(folder.glob("*/*.store"))
    file.write_bytes(file.read_bytes()[:-7])


def _lose_vocabulary(folder: Path) -> None:
    next(folder.glob("*/vocabulary/meta.json")).unlink()


def _old_format(folder: Path) -> None:
    _set_format(folder, 0)


def _newer_format(folder: Path) -> None:
    _set_format(folder, 99)


@pytest.mark.parametrize(
    "damage",
    [
        _remove_pointer,
        _garble_pointer,
        _escape_folder,
        _garble_meta,
        _lose_meta,
        _lose_segment,
        _cut_segment,
        _lose_vocabulary,
        _old_format,
        _newer_format,
    ],
)
def test_a_damaged_folder_becomes_an_empty_index(folder: Path, damage) -> None:  # type: ignore[no-untyped-def]
    before = EmbeddedIndex(folder, writer=False).build_name
    damage(folder)
    with pytest.raises(IndexingError):
        EmbeddedIndex(folder, writer=False).prepare()
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    assert index.build_name not in ("", before)
    assert index.count() == 0
    assert index.put([document(5, title="Fünf")])[0].error == ""
    assert index.search(SearchRequest("fuenf")).total == 1
    assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == [
        index.build_name
    ]
    index.close()


def _flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 0x10
    file.write_bytes(content)


def test_every_flipped_byte_of_a_segment_is_seen(folder: Path) -> None:
    build = serving_build(folder)
    assert build is not None
    for place in (build.path, build.path / "vocabulary"):
        assert damaged_files(place) == ()
        files = [
            path for path in place.glob("*.*") if path.name[0] not in ".m"
        ]
        assert {path.suffix for path in files} >= {
            ".term",
            ".idx",
            ".store",
            ".fieldnorm",
        }
        for file in files:
            whole = file.read_bytes()
            body = whole.rindex(b'{"version"')
            for byte in {
                0,
                body // 3,
                body - 1,
                len(whole) - 1,
                len(whole) - 8,
            }:
                _flip(file, max(byte, 0))
                assert damaged_files(place) == (file.name,), byte
                file.write_bytes(whole)


@pytest.mark.parametrize("where", ["*.idx", "vocabulary/*.term"])
def test_one_flipped_byte_leads_to_an_empty_index(
    folder: Path, where: str
) -> None:
    _flip(next(folder.glob(f"*/{where}")), 1)
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    assert index.count() == 0
    index.put([document(5, title="Fünf")])
    assert index.search(SearchRequest("fuenf")).total == 1
    index.close()


def test_a_folder_is_read_through_now_and_then_only(folder: Path) -> None:
    build = serving_build(folder)
    assert build is not None
    inspection = Inspection()
    assert inspection.damaged([build.path] * 100) == ()
    _flip(next(build.path.glob("*.idx")), 1)
    assert inspection.damaged([build.path]) == ()
    assert Inspection().damaged([build.path]) != ()


@pytest.mark.slow
def test_a_whole_index_stays_over_merges_and_deletions(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    before = index.build_name
    for number in range(10, 40):
        index.put([document(number)])
        index.delete([document(number - 5).doc_id])
    index.close()
    again = EmbeddedIndex(folder, writer=True)
    again.prepare()
    assert again.build_name == before
    again.close()


def test_a_commit_that_was_cut_off_costs_no_index(folder: Path) -> None:
    """A kill while new deletions are written leaves half a file beside a whole
    segment.
    """
    build = serving_build(folder)
    assert build is not None
    segment = next(build.path.glob("*.idx")).stem
    half = build.path / f"{segment}.99.del"
    half.write_bytes(b"half")
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    assert (index.build_name, index.count()) == (build.name, 2)
    index.close()


def test_too_many_open_files_cost_no_index(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    index.close()
    before = index.build_name
    inspection = Inspection()
    usual = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, usual[1]))
    try:
        found = inspection.damaged([folder / before])
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, usual)
    assert found == ()
    _flip(next((folder / before).glob("*.idx")), 1)
    assert inspection.damaged([folder / before]) != (), (
        "it looks again when it can"
    )


def test_deletions_with_a_flipped_byte_are_seen(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    index.put([document(number) for number in range(10, 20)])
    index.delete([document(12).doc_id])
    index.close()
    build = serving_build(folder)
    assert build is not None
    deletions = next(build.path.glob("*.del"))
    assert damaged_files(build.path) == ()
    _flip(deletions, 0)
    assert damaged_files(build.path) == (deletions.name,)
    for kept in (0, 5, 8):
        deletions.write_bytes(deletions.read_bytes()[:kept])
        assert damaged_files(build.path) == (deletions.name,)


def test_only_our_own_folders_are_removed(folder: Path) -> None:
    (folder / "notes").mkdir()
    _remove_pointer(folder)
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    assert {entry.name for entry in folder.iterdir() if entry.is_dir()} == {
        index.build_name,
        "notes",
    }
    index.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexingError, match="cannot open"):
        EmbeddedIndex(tmp_path / "file" / "index", writer=True).prepare()


def test_a_writer_whose_folder_vanishes_fails_and_recovers(
    folder: Path,
) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    current = serving_build(folder)
    assert current is not None
    current.path.rename(folder / "elsewhere")
    with pytest.raises(IndexingError):
        index.put([document(3)])
    (folder / "elsewhere").rename(current.path)
    assert index.put([document(3)])[0].error == ""
    assert index.count() == 3
    index.close()


@pytest.mark.slow
def test_a_full_disk_loses_nothing_and_heals(folder: Path) -> None:
    index = EmbeddedIndex(folder, writer=True)
    index.prepare()
    rng = random.Random(1)
    large = [
        document(
            number, text=" ".join(rng.randbytes(8).hex() for _ in range(2000))
        )
        for number in range(10, 30)
    ]
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, usual[1]))
    try:
        for _ in range(2):
            with pytest.raises(IndexingError, match="cannot write") as raised:
                index.put(large)
            assert "disk" in str(raised.value.hint)
        assert index.count() == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert not any(result.error for result in index.put(large))
    assert index.count() == 22
    index.close()


ODD = st.text(
    st.sampled_from("ab\"*-–()[]{}:^~/\\+&|!?.,'„“äß \n\t\x00\ud800😀0ﷺ"),
    max_size=40,
)


@pytest.mark.slow
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=ODD | st.text(max_size=60))
def test_no_free_text_fails(folder: Path, query: str) -> None:
    """Only operators that are clearly meant can be wrong, and then their place
    is named.
    """
    index = EmbeddedIndex(folder, writer=False)
    try:
        page = index.search(SearchRequest(query, facets=("outlet",)))
    except QueryError as error:
        assert uses_operators(query)
        assert all(problem.offset <= len(query) for problem in error.problems)  # noqa: PT017
    else:
        assert 0 <= len(page.hits) <= page.total <= 2


@pytest.mark.parametrize(
    "query",
    [
        '"' * 9000,
        "(" * 9000,
        "-" * 9000,
        "a" * 100_000,
        "a" * 3000 + "*",
        "-a " * 5000,
        " ".join(map(str, range(9000))),
        "\x00",
        "-" + '"' * 3,
        "*",
        "**",
        "-*",
        "a* b* c* d*",
        "\ud800",
        "ﷺ",
        '"ﷺ"',
    ],
)
def test_hostile_queries(folder: Path, query: str) -> None:
    page = EmbeddedIndex(folder, writer=False).search(SearchRequest(query))
    assert page.total in (0, 2)


def test_more_sets_of_topics_than_the_engine_counts(tmp_path: Path) -> None:
    """Then the topics themselves are counted, to the same numbers."""
    index = EmbeddedIndex(tmp_path / "index", writer=True)
    index.prepare()
    topics = [TopicHits(f"t{number:02}", "T", 1, 0) for number in range(14)]
    pairs = [
        (first, second)
        for first in topics
        for second in topics
        if first is not second
    ]
    index.put(
        [document(number, topics=pair) for number, pair in enumerate(pairs)]
    )
    for spans in (1, 600):  # so many that each may have 99 different sets
        borders = tuple(
            START + timedelta(hours=hour) for hour in range(spans + 1)
        )
        request = SearchRequest(
            "", limit=0, borders=borders, topic_volumes=True
        )
        counted = {
            topic: sum(row)
            for topic, row in index.search(request).topic_volumes
        }
        assert counted == {topic.topic_id: 26 for topic in topics}
    index.close()


def test_a_writer_that_could_not_be_made_keeps_no_lock(tmp_path: Path) -> None:
    make_empty(tmp_path)
    meta = tmp_path / FOLDER / "meta.json"
    content = meta.read_bytes()
    meta.unlink()
    with pytest.raises(ValueError, match="FileDoesNotExist") as stored:
        Writer(tmp_path, memory_bytes=WRITER_MEMORY)
    meta.write_bytes(content)
    Writer(tmp_path, memory_bytes=WRITER_MEMORY).release()
    assert stored.tb is not None


def test_a_writer_whose_words_cannot_be_written_lets_go_of_both_locks(
    tmp_path: Path,
) -> None:
    """A disk became read-only between its two locks: the index stayed away
    until a restart.
    """
    make_empty(tmp_path)
    other = VocabularyWriter(tmp_path)
    other.collect(["Wort"])
    other.commit()
    writer = Writer(tmp_path, memory_bytes=WRITER_MEMORY)
    add_document(document(1, title="Ein Ort"), writer)
    with pytest.raises(ValueError, match="LockBusy") as stored:
        writer.commit()
    writer.release()
    other.release()
    Writer(tmp_path, memory_bytes=WRITER_MEMORY).release()
    assert stored.tb is not None


def test_a_writer_of_words_is_made_when_there_are_some(tmp_path: Path) -> None:
    """The queue of an idle one is 2.6 MB."""
    make_empty(tmp_path)
    idle = VocabularyWriter(tmp_path)
    idle.commit()
    other = VocabularyWriter(tmp_path)
    other.collect(["Wort"])
    other.commit()
    other.release()
    idle.collect(["Ort"])
    idle.commit()
    idle.release()
