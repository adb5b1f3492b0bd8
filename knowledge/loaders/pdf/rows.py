"""Runs of a PDF page to rows in reading order.

The order in which a file writes its text is only a hint: rows are found by where the runs stand.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from knowledge.loaders.pdf.characters import WIDE_GAP, Run
from knowledge.loaders.pdf.columns import Region, Row, Segment, in_reading_order

_SAME_ROW = 0.3  # em between baselines
_BACKWARDS = 0.5  # em
_DRAWN_TWICE = 1.0  # points between a text and its shadow
# A small figure beside larger letters: its size of theirs, its longest text, and where it stands, in em of theirs.
_SCRIPT_SIZE, _SCRIPT_LENGTH, _SCRIPT_GAP = 0.82, 8, 0.35
_LOWEST, _HIGHEST, _RAISED = -0.35, 0.7, 0.15
_NOTE = re.compile(r"\d{1,3}(?:[,;]\s?\d{1,3})*|[*†‡§]{1,3}")
_LONGEST_WORD = 40
_UNITS = frozenset("m km cm mm dm hm ha ft in inci kaki mil".split())
_WORD_BEFORE = re.compile(r"([^\W\d_]*)[\"'”’)\]]*([.,;:!?]?)[\"'”’)\]]*$")


def regions_of_page(runs: Sequence[Run]) -> list[Region]:
    """Return the runs of a page as rows, by regions in reading order."""
    return in_reading_order(_rows(list(_segments(_beside_their_letters(runs)))))


def without_notes(runs: Sequence[Run]) -> tuple[Run | None, list[Run]]:
    """Return the raised figure at the beginning of a line, and its other runs without marks that refer to notes.

    Exponents stay: of a unit, of a figure or of a single letter.
    """
    kept: list[Run] = []
    first: Run | None = None
    for run in runs:
        if run.raised and _NOTE.fullmatch(run.text):
            if not kept and first is None:
                first = run
                continue
            if kept and _is_mark(kept[-1].text):
                continue
        kept.append(run)
    return (first, kept) if kept else (None, [first] if first else [])


def _is_mark(before: str) -> bool:
    match = _WORD_BEFORE.search(before[-_LONGEST_WORD:])
    word, stop = match.groups() if match else ("", "")
    return bool(stop) or (len(word) > 1 and word.casefold() not in _UNITS) or before.endswith(("”", '"', ")", "]", "’"))


def _beside_their_letters(runs: Sequence[Run]) -> list[Run]:
    """Return the runs with raised and lowered figures on the baseline of the letters beside them."""
    moved = list(runs)
    for index, run in enumerate(runs):
        if len(run.text) > _SCRIPT_LENGTH:
            continue
        for base in [runs[each] for each in (index - 1, index + 1) if 0 <= each < len(runs)]:
            rise, em = base.y - run.y, base.size
            beside = max(run.left - base.right, base.left - run.right)
            if (
                run.size <= _SCRIPT_SIZE * em
                and _LOWEST * em <= rise <= _HIGHEST * em
                and -_SCRIPT_GAP * em <= beside < _SCRIPT_GAP * em
            ):
                moved[index] = replace(run, y=base.y, raised=rise if rise >= _RAISED * em else 0.0)
                break
    return moved


def _segments(runs: Sequence[Run]) -> Iterator[Segment]:
    """Yield runs that the file writes one after another from left to right without a wide gap."""
    strand: list[Run] = []
    for run in runs:
        if strand:
            last, em = strand[-1], max(run.size, strand[-1].size)
            on_row = abs(run.y - last.y) <= _SAME_ROW * min(run.size, last.size)
            if not (on_row and -_BACKWARDS * em <= run.left - last.right < WIDE_GAP * em):
                yield _segment(strand)
                strand = []
        strand.append(run)
    if strand:
        yield _segment(strand)


def _segment(runs: Sequence[Run]) -> Segment:
    longest = max(runs, key=lambda run: len(run.text))
    return Segment(tuple(runs), longest.y, longest.size)


def _rows(segments: list[Segment]) -> list[Row]:
    """Return the segments as rows from the top, each from left to right; what stands close is one segment."""
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda each: (each.y, each.left)):
        if rows and abs(segment.y - rows[-1][0].y) <= _SAME_ROW * min(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [tuple(_joined(sorted(row, key=lambda each: each.left))) for row in rows]


def _joined(row: Sequence[Segment]) -> list[Segment]:
    joined: list[Segment] = []
    for segment in row:
        last = joined[-1] if joined else None
        if last and _is_shadow(segment, last):
            continue
        if last and segment.left - last.right < WIDE_GAP * max(segment.size, last.size):
            runs = sorted((*last.runs, *segment.runs), key=lambda run: run.left)
            joined[-1] = _segment(runs)
        else:
            joined.append(segment)
    return joined


def _is_shadow(one: Segment, other: Segment) -> bool:
    return abs(one.left - other.left) < _DRAWN_TWICE and [run.text for run in one.runs] == [r.text for r in other.runs]
