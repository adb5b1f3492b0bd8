"""Which blocks of a web page are its main text.

trafilatura judges what belongs to an article and what to the page around it, and is good at it; but it drops short
paragraphs, introductions of lists and footnotes, and loses numbering and merged cells. So its word decides where the
text is, and the blocks come from our own walk over the page: in their order, each once, and complete.
"""

import logging
import re
from itertools import pairwise

from lxml import etree

from knowledge.loaders.blocks import Block
from knowledge.loaders.xml_parts import local_name

logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its remarks land on standard error

# Any of these, and the page may have something around its text. Exports of word processors and bare pages have none.
_MACHINERY = frozenset("nav aside form iframe button input script footer header".split())
_MOST_LINKED = 0.3
# Chosen on the 130 pages of the Readability test suite: shares of word triples 0.964 found, 0.959 right, against
# 0.953 and 0.958 of trafilatura's own text. A gap is what it left out between two blocks that it kept.
_MOST_GAP = 0.2
_ANCHOR_LETTERS = 25
_EDGE_LETTERS = 50  # a block counts when its beginning or end was kept: a caption may be glued to it
_NEAR = 40
_TITLE_SHARE = 0.6  # of the words of a heading; editors vary the two a little
# It copies the tree by recursion, and its time grows with the square of a page: 4 seconds for so many elements.
_DEEPEST, _MOST_ELEMENTS = 200, 40_000
# What it lets out over odd pages besides the ValueError and TypeError that it answers itself.
_FAULTS = (etree.LxmlError, AttributeError, IndexError, KeyError, RecursionError)


def main_blocks(root: etree._Element, blocks: list[Block], title: str) -> list[Block]:
    """Return the blocks of the main text, in order; all of them where the page is plain or nothing can be told.

    ``title`` is the name of the page: a heading of level 1 that says it stays, wherever it stands in front. So do the
    notes to which the text refers, wherever they stand behind.
    """
    if _is_plain(root, blocks):
        return blocks
    kept = _kept_letters(root)
    chosen = _chosen(blocks, kept) if kept else []
    if not chosen:
        return blocks
    notes = [place for place in range(chosen[-1] + 1, len(blocks)) if blocks[place].is_note]
    return [blocks[place] for place in [*_title_before(blocks, chosen, title), *chosen, *notes]]


def _is_plain(root: etree._Element, blocks: list[Block]) -> bool:
    if any(local_name(element) in _MACHINERY for element in root.iter()):
        return False
    size = sum(len(block.letters) for block in blocks)
    return sum(len(block.letters) * block.linked for block in blocks) < _MOST_LINKED * max(1, size)


def _kept_letters(root: etree._Element) -> str:
    """Return the letters of the text that trafilatura keeps, empty where it finds none or must not be asked."""
    if not _is_modest(root):
        return ""
    from trafilatura import bare_extraction

    try:
        # A tree and no string: a string may be taken for an address. Metadata would make it guess dates.
        found = bare_extraction(
            root, favor_recall=True, include_comments=False, include_tables=True, output_format="xml"
        )
    except _FAULTS:
        return ""
    body = getattr(found, "body", None)
    return "" if body is None else Block("paragraph", "".join(body.itertext())).letters


def _is_modest(root: etree._Element) -> bool:
    depth = elements = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        elements += event == "start"
        if depth > _DEEPEST or elements > _MOST_ELEMENTS:
            return False
    return True


def _chosen(blocks: list[Block], kept: str) -> list[int]:
    """Return the places of the kept blocks and of the small gaps between them."""
    letters = [block.letters for block in blocks]
    found = _found(letters, kept)
    # A word such as "Menu" may be kept by chance, so the text reaches from one long kept block to another, and on
    # over short ones only as long as they follow without a gap.
    anchors = [place for place in found if len(letters[place]) >= _ANCHOR_LETTERS]
    if not anchors:
        return found
    kept_places = set(found)
    first, last = anchors[0], anchors[-1]
    while first - 1 in kept_places:
        first -= 1
    while last + 1 in kept_places:
        last += 1
    inside = [place for place in found if first <= place <= last]
    size = sum(len(letters[place]) for place in anchors)
    chosen = inside[:1]
    for before, after in pairwise(inside):
        gap = range(before + 1, after)
        chosen += [place for place in gap if blocks[place].linked < _MOST_LINKED] if _is_text(blocks, gap, size) else []
        chosen.append(after)
    return chosen


def _is_text(blocks: list[Block], gap: range, size: int) -> bool:
    letters = sum(len(blocks[place].letters) for place in gap)
    linked = sum(len(blocks[place].letters) * blocks[place].linked for place in gap)
    return letters <= _MOST_GAP * size and linked < _MOST_LINKED * letters


def _found(letters: list[str], kept: str) -> list[int]:
    """Return the places of the blocks whose letters stand in ``kept``, short ones only where they are expected."""
    found, position = [], 0
    for place, block in enumerate(letters):
        if not block:
            continue
        if len(block) < _ANCHOR_LETTERS:
            at, size = kept.find(block, position, position + len(block) + _NEAR), len(block)
        else:
            at, size = _find_part(kept, block, position)
        if at >= 0:
            found.append(place)
            position = at + size
    return found


def _find_part(kept: str, block: str, position: int) -> tuple[int, int]:
    for part in (block, block[:_EDGE_LETTERS], block[-_EDGE_LETTERS:]):
        for start in (position, 0):
            if (at := kept.find(part, start)) >= 0:
                return at, len(part)
    return -1, 0


def _title_before(blocks: list[Block], chosen: list[int], title: str) -> list[int]:
    """Return the place of the page's own heading in front of the chosen blocks, none where it is among them."""
    if any(blocks[place].kind == "heading" and blocks[place].level == 1 for place in chosen):
        return []
    before = [place for place, block in enumerate(blocks[: chosen[0]]) if block.kind == "heading" and block.level == 1]
    if before and not title:
        return before[-1:]
    words = set(_words(title))
    return [place for place in before if _shared(_words(blocks[place].text), words) >= _TITLE_SHARE][-1:]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shared(words: list[str], others: set[str]) -> float:
    return sum(word in others for word in words) / len(words) if words else 0.0
