"""PDF to Document: the text of every page without running lines, in paragraphs, with the places where pages begin."""

from collections.abc import Mapping, Sequence

from knowledge.documents import Document
from knowledge.errors import NoTextLayer
from knowledge.language import language_of_text
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.loaders.pdf.blocks import Writer, blocks_of, with_notes
from knowledge.loaders.pdf.furniture import PageLines, without_furniture
from knowledge.loaders.pdf.headings import title_lines, with_headings
from knowledge.loaders.pdf.hyphens import Vocabulary, join_lines
from knowledge.loaders.pdf.layout import measure, text_size
from knowledge.loaders.pdf.lines import TextLine
from knowledge.loaders.pdf.notes import take_notes
from knowledge.loaders.pdf.outline import HeadingLines, OutlineEntry, is_chapter, lines_of_outline
from knowledge.loaders.pdf.reading import PdfContent, read_pdf
from knowledge.loaders.pdf.record import plausible_authors, plausible_title
from knowledge.loaders.plain_text import title_from_origin

_BEGINNING = 6_000  # characters of the text in which title and authors are looked for
_FOUND_SHARE = 0.5  # of the outline in the text; with less of it headings are also told by their looks

_Notes = dict[int, list[list[TextLine]]]


def load_pdf(data: bytes, origin: str, reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of a PDF; its pages have the labels of the file, else the printed numbers, else their place.

    Headings are the lines that the outline names, else those that look like headings. Raises UnreadableSource,
    LockedSource, EmptySource, NoTextLayer, and TooLarge for more pages or words than the limits allow.
    """
    content = read_pdf(data, origin, reading)
    pages, printed = without_furniture(content.pages)
    lines, notes = _parted(pages)
    if not lines and not notes:
        raise NoTextLayer(origin, pages=len(content.pages))
    everything = [*lines, *(line for page in notes.values() for note in page for line in note)]
    layout = measure(everything, {page.number: page.width for page in pages})
    vocabulary = Vocabulary()
    vocabulary.read(lines)
    title = title_lines(lines, layout)
    writer = Writer(_labels(content.labels, printed), vocabulary, layout)
    known = _known_headings(lines, content.outline, title)
    blocks = blocks_of(lines, layout, known)
    if not _is_trusted(content.outline, known, title):
        blocks = with_headings(blocks, layout)
    for block in with_notes(blocks, notes):
        writer.write(block)
    shown = [line.text for line in lines[title.start : title.start + title.count]] if title else []
    return _document(content, writer, join_lines(shown, vocabulary)[0], origin)


def _parted(pages: Sequence[PageLines]) -> tuple[list[TextLine], _Notes]:
    """Return the lines of all pages without footnotes, and the footnotes by page."""
    size = text_size(line for page in pages for line in page.lines)
    lines: list[TextLine] = []
    notes: _Notes = {}
    for page in pages:
        body, found = take_notes(page, size, expected=page.number - 1 in notes)
        lines += body
        if found:
            notes[page.number] = found
    return lines, notes


def _labels(own: Sequence[str], printed: Mapping[int, str]) -> dict[int, str]:
    """Return the label of every sheet. Labels of the file that only count its sheets say nothing."""
    says_something = any(label and label != str(sheet) for sheet, label in enumerate(own, 1))
    labels = dict(enumerate(own, 1)) if says_something else {}
    return {sheet: labels.get(sheet) or printed.get(sheet) or str(sheet) for sheet in range(1, len(own) + 1)}


def _known_headings(
    lines: Sequence[TextLine], outline: Sequence[OutlineEntry], title: HeadingLines | None
) -> list[HeadingLines]:
    known = lines_of_outline(outline, lines)
    if title and not any(_overlap(title, each) for each in known):
        known = sorted([title, *known], key=lambda each: each.start)
    return known


def _is_trusted(outline: Sequence[OutlineEntry], known: Sequence[HeadingLines], title: HeadingLines | None) -> bool:
    """Return whether the outline names the headings: enough of it stands in the text."""
    found = len([each for each in known if each != title])
    return found > 0 and found >= _FOUND_SHARE * len(outline)


def _overlap(one: HeadingLines, other: HeadingLines) -> bool:
    return one.start < other.start + other.count and other.start < one.start + one.count


def _document(content: PdfContent, writer: Writer, shown: str, origin: str) -> Document:
    """Return the document; ``shown`` is the title as the first page shows it, "" where it does not."""
    text, headings = writer.text.text, writer.text.headings
    beginning = text[:_BEGINNING]
    if not shown and headings and headings[0].start == 0 and headings[0].level == 1:
        first = text[: headings[0].end]
        shown = "" if is_chapter(first) else first
    return Document(
        title=plausible_title(content.title, origin, beginning) or shown or title_from_origin(origin),
        text=text,
        origin=origin,
        language=language_of_text(text),
        authors=plausible_authors(content.authors, beginning),
        headings=tuple(headings),
        pages=tuple(writer.text.pages),
    )
