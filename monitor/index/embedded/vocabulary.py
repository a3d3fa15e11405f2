"""The words of an embedded index read backwards, so that an ending is looked
up as a beginning.

They lie in a small index of their own beside the articles, once for a whole
put and not for every article: as a field of the articles they would be a
quarter of what indexing costs. It may hold words that no article has any more;
whoever asks looks for the words found here among the articles. Knows words and
the engine; knows no articles.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import tantivy

from monitor.index.analysis import NO_WORD
from monitor.language.stems import compute_stem

FOLDER = "vocabulary"
"""Within the folder of a build."""

_FIELD = "reversed"
_MEMORY = 15_000_000  # bytes; the least that the engine takes
# words; about 30 MB. Beyond them words are written again, which only costs
# room
_MOST_KNOWN = 200_000


def make_vocabulary(build: Path) -> None:
    """An empty vocabulary in the folder of a build."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(
        _FIELD, tokenizer_name="whitespace", index_option="basic"
    )
    (build / FOLDER).mkdir()
    tantivy.Index(builder.build(), path=str(build / FOLDER))


def words_with_ending(
    vocabulary: tantivy.Searcher, backwards: str
) -> tuple[str, ...]:
    """The words whose last letters, read backwards, are these."""
    return tuple(
        word[::-1]
        for word, _ in vocabulary.terms_with_prefix(_FIELD, backwards)
    )


class _Known(dict[str, str]):
    """The stems of known words. Asked for the stem of another word, it notes
    that one as new: most words of a text are no news, and each look at so many
    words costs more than all else here.
    """

    def __init__(self) -> None:
        super().__init__()
        self.new: list[str] = []

    def __missing__(self, word: str) -> str:
        if word != NO_WORD:
            self.new.append(word)
        self[word] = stemmed = compute_stem(word)
        return stemmed


class VocabularyWriter:
    """Collects words and commits those that are new.

    Not thread-safe. After an error only `release` may be called. To be used
    under the lock of the build's articles.
    """

    def __init__(self, build: Path) -> None:
        self._index = tantivy.Index.open(str(build / FOLDER))
        # Made when there is something to write: the queue of an idle writer
        # is 2.6 MB.
        self._engine: tantivy.IndexWriter | None = None
        self._known = _Known()

    def collect(self, words: Iterable[str]) -> list[str]:
        """Remember words for the next `commit`; their stems, in order."""
        return list(map(self._known.__getitem__, words))

    def commit(self) -> None:
        """Make all words durable. To be called before the articles that have
        them are committed.
        """
        new = self._known.new
        if not new:
            return
        if self._engine is None:
            self._engine = self._index.writer(_MEMORY, 1)
        document = tantivy.Document()
        document.add_text(_FIELD, " ".join([word[::-1] for word in new]))
        self._engine.add_document(document)
        self._engine.commit()
        new.clear()
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()

    def release(self) -> None:
        """Let go of the lock and of what was not committed. Idempotent."""
        self._engine = None
