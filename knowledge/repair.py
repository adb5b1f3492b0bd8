"""Bytes to clean text: decoding, and the repair of what copying and saving did to it.

Repair changes lengths, so it runs once, before any offset is taken.
"""

import codecs
import re

import ftfy
from charset_normalizer import from_bytes

# UTF-32 first: its little-endian mark begins with the one of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Free guessing takes a short cp1252 text for cp1250 or cp1257, so only what Indonesian files are saved in is asked for.
_LIKELY_ENCODINGS = ["utf_16_le", "utf_16_be", "cp1252"]
_SAMPLE, _LEAST, _ZEROS = 4096, 16, 0.9  # bytes looked at, at least, and the share of zeros among their halves

_FIX = ftfy.TextFixerConfig(uncurl_quotes=False, unescape_html=False, normalization="NFC", explain=False)
_ROUNDS = 8  # nested damage needs a few; real texts settle in two

# Soft hyphen, zero-width characters, direction marks and overrides, byte order mark: none of them is text.
_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\x00]")
_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]")
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\u0085\u2028\u2029]")
_TRAILING_SPACES = re.compile(r"[ \t]+$", re.MULTILINE)

# A non-breaking space saved as UTF-8 and read as cp1252 leaves "Â" and, once its second half became a plain space or
# was lost, "Â" alone. Only an "Â" with nothing behind it goes, and none in front but space, punctuation or a
# small letter: "Âge", "«Â»", and a word in capitals such as "HALÂ" are real.
_STRAY_BEFORE_SPACE = re.compile(r"(?:^|(?<=[ \t]))(?:Â+[ \t]+)+|(?<=[.,;:!?)\]a-z])Â+(?=[ \t])", re.MULTILINE)
_STRAY_AT_END = re.compile(r"(?:^|(?<=[\s.,;:!?)\]a-z]))Â+$", re.MULTILINE)


def decode(data: bytes) -> str:
    """Return the text of a file, whatever it was saved in; never raises.

    In order: the byte order mark, UTF-16 of Latin letters, strict UTF-8, then UTF-16 or cp1252 as charset-normalizer
    judges, and last cp1252 with its five holes filled, in which every byte is some character.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    try:
        return data.decode(_wide_without_mark(data) or "utf-8")
    except UnicodeDecodeError:
        guess = from_bytes(data, cp_isolation=_LIKELY_ENCODINGS).best()
        return str(guess) if guess is not None else data.decode("sloppy-windows-1252")  # registered by ftfy


def _wide_without_mark(data: bytes) -> str:
    """Return "utf-16-le" or "-be" for mostly Latin letters in it, whose every second byte is zero; else ""."""
    sample = data[:_SAMPLE]
    for encoding, zero, other in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        if len(sample) >= _LEAST and zero.count(0) > _ZEROS * len(zero) and not other.count(0):
            return encoding
    return ""


def repair(text: str) -> str:
    """Mend a text: NFC, line feeds only, plain spaces, no damage. Doing it twice changes nothing more.

    Mojibake and ligatures are mended, curly quotes kept. Non-breaking and other wide spaces become plain ones;
    soft hyphens, zero-width and control characters and trailing spaces go. HTML entities stay: they belong to
    the format, so its loader reads them.
    """
    for _ in range(_ROUNDS):
        repaired = _repair_once(text)
        if repaired == text:
            break
        text = repaired
    return text


def normalise_spaces(text: str) -> str:
    """Return ``text`` without invisible characters and with only plain spaces: for pieces decoded after repair."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", text))


def _repair_once(text: str) -> str:
    text = ftfy.fix_text(text, _FIX)
    text = _LINE_BREAKS.sub("\n", normalise_spaces(text))
    text = _STRAY_BEFORE_SPACE.sub("", text)
    text = _STRAY_AT_END.sub("", text)
    return _TRAILING_SPACES.sub("", text)
