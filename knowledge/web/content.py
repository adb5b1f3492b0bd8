"""What a web server sent: its kind and a name for its file.

Headers are often wrong about files and the first bytes of a file never are, so a signature wins over the header.
"""

import re
from pathlib import PurePosixPath
from urllib.parse import unquote

_BY_MEDIA_TYPE = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/epub+zip": ".epub",
}
_BY_PATH = {
    ".html": ".html",
    ".htm": ".html",
    ".xhtml": ".html",
    ".md": ".md",
    ".markdown": ".md",
    ".txt": ".txt",
    ".pdf": ".pdf",
    ".docx": ".docx",
    ".epub": ".epub",
}
TEXT_SUFFIXES = frozenset((".html", ".md", ".txt"))
_SAYS_NOTHING = frozenset(
    (
        "",
        "application/octet-stream",
        "binary/octet-stream",
        "application/download",
        "application/force-download",
        "application/x-download",
        "application/save",
        "application/unknown",
    )
)
_MARKUP = frozenset(("text/xml", "application/xml"))  # may hold XHTML
_NEVER_TEXT = ("image/", "audio/", "video/", "font/")

_HEAD = 2048  # bytes in which a format shows itself; PDF readers search the first 1024 for their signature
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml(?>[^>]*>)\s*+)?(?:<!--(?>.*?-->)\s*+)*+"
    rb"<(?:!doctype\s+html|html|head|body|title|meta|article|main|div|h1|p|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a]")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")

_EXTENDED_NAME = re.compile(r"filename\*\s*=\s*(utf-8|iso-8859-1)'[^']*'([^\s;]+)", re.IGNORECASE)
_PLAIN_NAME = re.compile(r"filename\s*=\s*(?:\"((?:\\.|[^\"\\])*+)\"|([^\s;]+))", re.IGNORECASE)
_NO_NAME_CHAR = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]')
_MOST_NAME_CHARS = 120


def media_type(content_type: str) -> str:
    """Return the type without its parameters, small: "text/html" of "Text/HTML; charset=utf-8"."""
    return content_type.partition(";")[0].strip().lower()


def is_hopeless(media: str) -> bool:
    """Say whether a media type ("video/mp4") is never text, so that its bytes need not be fetched."""
    return media.startswith(_NEVER_TEXT)


def suffix_of(data: bytes, media: str, path: str) -> str:
    """Return the suffix of the loader for ``data``, empty where there is none.

    In this order: the signature of a PDF, DOCX or EPUB; the media type; the first bytes; the suffix of ``path``.
    """
    by_type, by_path = _BY_MEDIA_TYPE.get(media, ""), _BY_PATH.get(PurePosixPath(path).suffix.lower(), "")
    head = data[:_HEAD]
    if head.startswith(b"PK\x03\x04"):
        return _zip_suffix(data) or next((each for each in (by_type, by_path) if each in (".docx", ".epub")), "")
    if head.lstrip().startswith(b"%PDF-") or (by_type not in TEXT_SUFFIXES and b"%PDF-" in head):
        return ".pdf"
    return _suffix_of_text(head, media, by_type, by_path)


def file_name_of(disposition: str, path: str, host: str, suffix: str) -> str:
    """Return a name for the file: that of the Content-Disposition header, else the end of the path, else the host.

    It holds no folder, no control character and none that a file system refuses, and ends in ``suffix``, or
    another spelling of it (".htm"); at most 120 characters.
    """
    extended, plain = _EXTENDED_NAME.search(disposition), _PLAIN_NAME.search(disposition)
    offered = ""
    if extended:
        offered = unquote(extended.group(2), encoding=extended.group(1), errors="replace")
    elif plain:
        offered = unquote(re.sub(r"\\(.)", r"\1", plain.group(1)) if plain.group(1) else plain.group(2) or "")
    last = unquote(path.rpartition("/")[2])
    name = next(filter(None, map(_safe_name, (offered, last, host))), "halaman")
    ending = PurePosixPath(name).suffix
    stem = name.removesuffix(ending) if _BY_PATH.get(ending.lower()) == suffix else name
    ending = ending if stem != name else suffix
    return stem[: _MOST_NAME_CHARS - len(ending)] + ending


def _suffix_of_text(head: bytes, media: str, by_type: str, by_path: str) -> str:
    """Decide where no signature did; a wrong PDF or book stays one, and its loader says so."""
    is_html = _HTML.match(head) is not None
    if by_type == ".txt":  # many servers send every text file as plain text
        return by_path if by_path == ".md" or (by_path == ".html" and is_html) else by_type
    if by_type:  # a page that says "not found" may come with the type of the file that was asked for
        return ".html" if is_html and by_type != ".md" else by_type
    if is_html and (media in _SAYS_NOTHING or media in _MARKUP):
        return ".html"
    if media not in _SAYS_NOTHING or not _looks_like_text(head):
        return ""
    if by_path in TEXT_SUFFIXES:
        return by_path
    return "" if media else ".txt"


def _zip_suffix(data: bytes) -> str:
    """Tell EPUB and DOCX from other ZIP archives by the names of their files, which stand uncompressed."""
    if data[30:58] == b"mimetypeapplication/epub+zip":  # the format wants it first
        return ".epub"
    if b"word/document.xml" in data:
        return ".docx"
    return ".epub" if b"META-INF/container.xml" in data else ""


def _looks_like_text(head: bytes) -> bool:
    return head.startswith(_BYTE_ORDER_MARKS) or not _CONTROL.search(head)


def _safe_name(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    return " ".join(_NO_NAME_CHAR.sub("", last).split()).strip(". ")
