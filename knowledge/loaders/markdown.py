"""Markdown with YAML front matter and Pandoc citations to Document.

The canonical text is reading text: no markup, a blank line between blocks, headings and list items and table
rows on lines of their own. A citation such as ``[@kron2015, hlm. 12]`` leaves the text together with the space
in front of it and is recorded as a Mention where it stood.
"""

import re
from collections.abc import Sequence
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

from knowledge.documents import Document, Heading
from knowledge.errors import EmptySource, UnreadableSource
from knowledge.loaders.canonical import CanonicalText, Line
from knowledge.loaders.contract import DEFAULT_READING, Reading
from knowledge.loaders.front_matter import read_front_matter
from knowledge.loaders.plain_text import read_text, title_from_origin

_BRACKET = re.compile(r"\[([^\[\]]*@[^\[\]]*)\](?![(\[])")
# A Pandoc key: letters, digits and inner punctuation, or anything in braces; "@" inside a word is an e-mail address.
_KEY = re.compile(r"(?<![\w.+-])-?@(?:\{([^{}\s]+)\}|(\w+(?:[:.#$%&+?<>~/-]+\w+)*))")
_HIDDEN_HTML = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_OPENS_HIDDEN = re.compile(r"<(/?)(?:script|style)\b", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>|<[!?][^>]*>")


def load_markdown(data: bytes, origin: str, _reading: Reading = DEFAULT_READING) -> Document:
    """Return the document of a Markdown file.

    The title is that of the front matter, else the first heading of level 1, else the file's name. Raises
    UnreadableSource, EmptySource, BadFrontMatter.
    """
    front, body = read_front_matter(read_text(data, origin), origin)
    writer = CanonicalText()
    try:
        _write_blocks(writer, SyntaxTreeNode(_PARSER.parse(body)).children)
    except RecursionError as error:  # emphasis inside emphasis, thousands deep
        raise UnreadableSource(origin, reason="damaged") from error
    text = writer.text
    if not text:
        raise EmptySource(origin)
    first = next((text[each.start : each.end] for each in writer.headings if each.level == 1), "")
    return Document(
        title=front.title or first or title_from_origin(origin),
        text=text,
        origin=origin,
        slug=front.slug,
        group=front.group,
        language=front.language or "id",
        authors=front.authors,
        date=front.facts_as_of,
        licence=front.licence,
        abstract=front.abstract,
        keywords=front.keywords,
        related=front.related,
        headings=tuple(writer.headings),
        mentions=tuple(writer.mentions),
    )


def _citation_rule(state: StateInline, silent: bool) -> bool:
    """Parse a bracketed citation at the current position: the shape of every inline rule of markdown-it."""
    match = _BRACKET.match(state.src, state.pos)
    keys = _keys(match.group(1)) if match else ()
    if match is None or not keys or match.end() > state.posMax:
        return False
    if not silent:
        state.push("citation", "", 0).meta = {"keys": keys}
    state.pos = match.end()
    return True


def _keys(content: str) -> tuple[str, ...]:
    """Return the keys of "lihat @a, hlm. 3; -@b"; empty unless every part between semicolons has one."""
    found = [_KEY.search(part) for part in content.split(";")]
    return tuple(match.group(1) or match.group(2) for match in found if match) if all(found) else ()


def _make_parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    parser.inline.ruler.before("link", "citation", _citation_rule)
    # Only the words of a link are kept, so none is left in the text with its address because of where it leads.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    return parser


_PARSER = _make_parser()


def _write_blocks(writer: CanonicalText, nodes: Sequence[SyntaxTreeNode]) -> None:
    for node in nodes:
        match node.type:
            case "heading":
                start, end = writer.put(_line(node))
                if end > start:
                    writer.headings.append(Heading(int(node.tag[1:]), start, end))
            case "bullet_list" | "ordered_list":
                _write_list(writer, node)
            case "table":
                _write_table(writer, node)
            case "fence" | "code_block":
                writer.put(Line(node.content.strip("\n")))
            case "html_block":
                line = Line()
                line.add(unescape(_TAG.sub(" ", _HIDDEN_HTML.sub(" ", node.content))))
                writer.put(line)
            case "blockquote":
                _write_blocks(writer, node.children)
            case "paragraph":
                writer.put(_line(node))


def _write_list(writer: CanonicalText, node: SyntaxTreeNode, *, depth: int = 0) -> None:
    first = int(node.attrs.get("start", 1))
    for number, item in enumerate(node.children, start=first):
        marker = f"{number}{item.markup}" if node.type == "ordered_list" else "-"
        separator = "\n\n" if depth == 0 and number == first else "\n"
        rest = list(item.children)
        if rest and rest[0].type == "paragraph":
            writer.put(_line(rest.pop(0)), separator=separator, prefix=f"{'  ' * depth}{marker} ")
        for child in rest:
            if child.type in ("bullet_list", "ordered_list"):
                _write_list(writer, child, depth=depth + 1)
            else:
                _write_blocks(writer, [child])


def _write_table(writer: CanonicalText, node: SyntaxTreeNode) -> None:
    rows = [row for part in node.children for row in part.children]
    for index, row in enumerate(rows):
        line = Line()
        for column, cell in enumerate(row.children):
            if column:
                line.add(" | ")
            _render(line, cell.children)
        # Only a row with a bar can be told from a paragraph, so the rows of a single column stand apart.
        writer.put(line, separator="\n" if index and len(row.children) > 1 else "\n\n")


def _line(node: SyntaxTreeNode) -> Line:
    line = Line()
    _render(line, node.children)
    return line


def _render(line: Line, nodes: Sequence[SyntaxTreeNode]) -> None:
    hidden = False
    for node in nodes:
        if node.type == "html_inline" and (tag := _OPENS_HIDDEN.match(node.content)):
            hidden = not tag.group(1)
        if hidden:
            continue
        match node.type:
            case "text" | "code_inline":
                line.add(node.content)
            case "citation":
                line.cite(node.meta["keys"])
            case "softbreak" | "hardbreak":
                line.add(" ")
            case "html_inline":
                line.add(" " if node.content.lower().startswith("<br") else "")
            case _:  # emphasis, links, pictures: their text
                _render(line, node.children)
