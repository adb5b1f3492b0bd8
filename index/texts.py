"""What is embedded and indexed for a passage and for a sentence: its words with the title in front.

A title in front of a sentence raised the share of facts found first (docs/decisions.md).
"""

from knowledge.documents import Document, Passage, Sentence

TEXTS_VERSION = "1"
"""Part of the manifest: raise it when these functions change."""


def head_text(document: Document, passage: Passage) -> str:
    """Return title and heading trail of a passage in one line."""
    return " › ".join((document.title, *passage.heading_path))


def passage_text(document: Document, passage: Passage) -> str:
    """Return title, heading trail and words of a passage."""
    return f"{head_text(document, passage)}\n{document.text[passage.start : passage.end]}"


def sentence_text(document: Document, sentence: Sentence) -> str:
    """Return title and words of a sentence."""
    return f"{document.title}\n{document.text[sentence.start : sentence.end]}"
