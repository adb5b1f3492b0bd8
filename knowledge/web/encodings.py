"""How a web server packed what it sent: compression, and the character set that only a header names."""

import re
import zlib
from collections.abc import Iterator

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
# Character sets of the web that Python knows. Some names mean more there than they say: the standard of the web
# (encoding.spec.whatwg.org) reads Latin-1 and ASCII as Windows-1252.
_KNOWN_CHARSET = re.compile(
    r"iso-8859-(?:[2-9]|1[0-6])|windows-125[0-8]|windows-874|utf-16(?:le|be)?|gb2312|gbk|gb18030|big5|shift_jis|euc-jp"
    r"|euc-kr|koi8-[ru]|tis-620"
)
_AS_WINDOWS_1252 = frozenset(("iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii", "cp1252"))

_ANY_DEFLATE = 32 + zlib.MAX_WBITS  # gzip or zlib, whichever its first bytes say
_PIECE = 1 << 16


def as_utf8(data: bytes, content_type: str) -> bytes:
    """Return a text as UTF-8 with a byte order mark where only the Content-Type header told its character set.

    Unchanged where the bytes begin with such a mark, the header names none or an unknown one, or the bytes are
    valid UTF-8 against what the header says: text in another set is almost never, and servers add a set to all
    their files.
    """
    named = _CHARSET.search(content_type)
    charset = named.group(1).lower() if named else ""
    if charset in _AS_WINDOWS_1252:
        charset = "windows-1252"
    if data.startswith(_BYTE_ORDER_MARKS) or not _KNOWN_CHARSET.fullmatch(charset):
        return data
    if not charset.startswith("utf-16") and _is_utf8(data):
        return data
    return b"\xef\xbb\xbf" + data.decode(charset, errors="replace").encode()


class Inflater:
    """Unpacks a gzip or zlib stream piece by piece, so that a small answer cannot fill the memory."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(_ANY_DEFLATE)
        self._begun = False

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Yield what ``chunk`` unpacks to, at most 64 KiB at a time; zlib.error where it is damaged."""
        while chunk:
            if self._stream.eof:
                if not chunk.startswith(b"\x1f"):  # no further member: padding, as browsers take it
                    return
                self._stream = zlib.decompressobj(_ANY_DEFLATE)
            self._begun = True
            piece = self._stream.decompress(chunk, _PIECE)
            chunk = self._stream.unconsumed_tail or self._stream.unused_data
            yield piece

    def finish(self) -> bytes:
        """Return the last bytes; zlib.error where the stream was cut off."""
        rest = self._stream.flush()
        if self._begun and not self._stream.eof:
            raise zlib.error("the compressed answer is cut off")
        return rest


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
