"""Writes index/shipped/vectors.npz: the vectors of the study texts and of their anticipated questions.

Run it after the study texts, the chunking or the texts that are embedded have changed.
"""

import sys
import tempfile
from pathlib import Path

from assistant.opening import open_workplace
from assistant.settings import Settings, load_settings
from index.building import texts_of
from index.question_index import anticipated_questions
from index.vector_cache import SHIPPED_PATH, vector_key, write_shipped


def main() -> None:
    """Embed what is not known yet, in a library that holds the study texts alone."""
    with tempfile.TemporaryDirectory() as folder:
        store = f"sqlite:///{Path(folder) / 'study-texts.sqlite3'}"
        settings = Settings(home=load_settings().home, database_url=store)
        workplace = open_workplace(settings)
        workplace.sync()
        held = texts_of(workplace.library)
        questions = [text for text, _ in anticipated_questions(workplace.library)]
        texts = list(dict.fromkeys([*held.passages.values(), *held.sentences, *questions]))
        vectors = workplace.embeddings.embed(texts, progress=_show)
        identity = workplace.embedder.identity
        write_shipped(SHIPPED_PATH, identity, [vector_key(identity, text) for text in texts], vectors)
        workplace.close()
    print(f"{len(texts)} vectors of {identity}: {SHIPPED_PATH.stat().st_size / 1e6:.2f} MB", file=sys.stderr)


def _show(done: int, total: int) -> None:
    print(f"{done}/{total}", file=sys.stderr)


if __name__ == "__main__":
    main()
