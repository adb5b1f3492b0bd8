"""Bad and odd files as people have them, and as somebody who means harm makes them; every one is made here."""

import gzip
import io
import os
import random
import re
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader

from knowledge.errors import (
    BadFrontMatter,
    EmptySource,
    LockedSource,
    NoTextLayer,
    SourceError,
    SourceNotFound,
    TooLarge,
    UnreadableSource,
    UnsupportedFormat,
)
from tests.pdf_files import Sheets, plain_pages
from tests.same_text import PARAGRAPH, Part, as_docx, as_epub, as_html, chapter, replaced, zipped

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FORMATS = (".pdf", ".docx", ".epub", ".html", ".zip", ".md", ".txt")
OVERRIDE, ISOLATE, INVISIBLE = "\u202e", "\u2066", "\u200b\u200d\ufeff\u00ad"

USUAL = "usual"
SMALL = "small"
HUNGRY = "hungry"
LIMITS: dict[str, dict[str, int]] = {
    USUAL: {},
    SMALL: {
        "most_megabytes": 1,
        "most_pages": 50,
        "most_words": 5000,
        "most_unpacked_megabytes": 5,
        "most_files": 20,
        "most_seconds": 30,
        "reader_megabytes": 300,
    },
    HUNGRY: {"reader_megabytes": 200, "most_seconds": 30},
}
"""The settings under which rows are taken in: those that everybody has, small ones, and with little memory."""


@dataclass(frozen=True)
class Refused:
    """An error of a class; ``why`` are the codes (``reason`` or ``what``) it may give, all where there are none."""

    kind: type[SourceError]
    why: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clean:
    """A document that holds ``words`` and none of ``without``, nor anything else that is no text."""

    words: str
    without: tuple[str, ...] = ()


@dataclass(frozen=True)
class Either:
    """A clean document or an error in words, but never a reader that crashed or ran out of time."""


Expected = Refused | Clean | Either


@dataclass(frozen=True)
class Row:
    """A file, made by ``make`` at the path it is given, and what each thing in it comes to.

    One expectation stands for all the files of an archive, several for one each, in order; none for no file at all.
    """

    label: str
    name: str
    make: Callable[[Path], None]
    expected: tuple[Expected, ...]
    limits: str = SMALL


def table() -> list[Row]:
    """Return all rows; nothing is made before `Row.make` is called."""
    return [
        *_damaged(),
        *_wrong_suffix(),
        *_locked(),
        *_archives(),
        *_archive_names(),
        *_entities(),
        *_pages(),
        *_texts(),
        *_front_matter(),
        *_pdfs(),
        *_names(),
        *_places(),
        *_large(),
    ]


def says(label: str) -> str:
    """Return a sentence of a row's own, so that no two files are taken for one."""
    letters = re.sub(r"\W+", " ", label)
    return f"Kapal {letters} berlayar di Laut Natuna."


def _row(label: str, name: str, data: Callable[[], bytes | str], *expected: Expected, limits: str = SMALL) -> Row:
    def make(path: Path) -> None:
        made = data()
        path.write_bytes(made.encode() if isinstance(made, str) else made)

    return Row(label, name, make, expected, limits)


def _unreadable(*reasons: str) -> Refused:
    return Refused(UnreadableSource, reasons)


def _good(suffix: str, sentence: str) -> bytes:
    match suffix:
        case ".pdf":
            return plain_pages(sentence)
        case ".docx":
            return as_docx([Part(PARAGRAPH, sentence)])
        case ".epub":
            return as_epub([f"<p>{sentence}</p>"])
        case ".html":
            return as_html([Part(PARAGRAPH, sentence)])
        case ".zip":
            return zipped({"isi.md": sentence})
        case _:
            return sentence.encode()


# --- empty, cut off, random


_NOT = {".pdf": "not_pdf", ".docx": "not_docx", ".epub": "not_epub", ".zip": "not_zip"}
_SIGNATURES = {".pdf": b"%PDF-1.7\n", ".html": b"<!DOCTYPE html><html><body>", ".md": b"---\n", ".txt": b"\xef\xbb\xbf"}


def _damaged() -> Iterator[Row]:
    for suffix in FORMATS:
        kind = suffix[1:]
        no_text = _unreadable(_NOT[suffix]) if suffix in _NOT else Refused(EmptySource)
        empty = _unreadable("not_pdf") if suffix == ".pdf" else Refused(EmptySource)
        yield _row(f"{kind} empty", f"kosong{suffix}", lambda: b"", empty)
        yield _row(f"{kind} blank", f"spasi{suffix}", lambda: b" \t\r\n \n" * 50, no_text)
        yield _row(f"{kind} nul", f"nol{suffix}", lambda: b"\0", no_text)
        for tenths in (2, 6, 9):
            label = f"{kind} cut at {tenths}"
            expected = _unreadable("damaged") if suffix in {".docx", ".epub", ".zip"} else Either()
            yield _row(label, f"potong{tenths}{suffix}", partial(_cut, suffix, label, tenths), expected)
        noise = random.Random(kind).randbytes(3000)  # noqa: S311
        signed = _SIGNATURES.get(suffix, b"PK\x03\x04") + noise
        reason = "damaged" if suffix in _NOT else "binary"
        yield _row(f"{kind} signed noise", f"acak{suffix}", partial(bytes, signed), _unreadable(reason))
        yield _row(f"{kind} noise", f"derau{suffix}", partial(bytes, noise), _unreadable(_NOT.get(suffix, "binary")))


def _cut(suffix: str, label: str, tenths: int) -> bytes:
    data = _good(suffix, says(label))
    return data[: len(data) * tenths // 10]


# --- under another's suffix


def _wrong_suffix() -> Iterator[Row]:
    packed = {".pdf": "is_pdf", ".docx": "is_zip", ".epub": "is_zip", ".zip": "is_zip"}
    for kind in FORMATS:
        for suffix in FORMATS:
            label = f"{kind[1:]} as {suffix[1:]}"
            expected: Expected
            if suffix == kind:
                continue
            if suffix == ".zip" and kind in {".docx", ".epub"}:
                expected = Refused(UnsupportedFormat)
            elif suffix in _NOT:
                expected = _unreadable(_NOT[suffix])
            elif kind in packed:
                expected = _unreadable(packed[kind])
            else:
                expected = Clean(says(label))
            yield _row(label, f"salah{suffix}", partial(_good, kind, says(label)), expected)
    old = OLE + bytes(504) + "WordDocument".encode("utf-16-le") + bytes(2000)
    yield _row("doc as docx", "lama.docx", lambda: old, _unreadable("is_old_office"))
    yield _row("doc as txt", "lama.txt", lambda: old, _unreadable("is_old_office"))
    yield _row("doc", "lama.doc", lambda: old, Refused(UnsupportedFormat))
    yield _row("png as pdf", "pindaian.pdf", partial(_picture, "PNG"), _unreadable("not_pdf"))
    yield _row("jpg as html", "foto.html", partial(_picture, "JPEG"), _unreadable("is_picture"))
    yield _row("gif as md", "gambar.md", partial(_picture, "GIF"), _unreadable("is_picture"))
    yield _row("rtf as txt", "surat.txt", lambda: rb"{\rtf1\ansi Kapal berlayar.}", _unreadable("is_rtf"))
    yield _row("gzip as txt", "data.txt", lambda: gzip.compress(b"Kapal berlayar."), _unreadable("is_archive"))
    yield _row("workbook as docx", "tabel.docx", lambda: zipped({"xl/workbook.xml": "<a/>"}), _unreadable("not_docx"))
    yield _row("no suffix", "tanpa-akhiran", lambda: "Kapal.", Refused(UnsupportedFormat))


def _picture(kind: str) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (30, 30), (20, 60, 90)).save(buffer, kind)
    return buffer.getvalue()


# --- locked


def _locked() -> Iterator[Row]:
    locked = Refused(LockedSource)
    for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256"):
        yield _row(f"pdf {algorithm}", "rahasia.pdf", partial(_encrypted, algorithm, "sandi"), locked)
    label = "pdf of an owner"
    yield _row(label, "milik.pdf", lambda: _encrypted("AES-256", "", says(label)), Clean(says(label)))
    yield _row(
        "docx encrypted",
        "rahasia.docx",
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(900),
        locked,
    )
    yield _row("zip encrypted", "rahasia.zip", _half_locked, locked, Clean(says("zip open half")))
    rights = '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData>'
    rights += '<EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes128-cbc"/></EncryptedData></encryption>'
    files: dict[str, str | bytes] = {"META-INF/encryption.xml": rights, "META-INF/rights.xml": "<rights/>"}
    yield _row("epub with rights", "toko.epub", lambda: as_epub(["\x8a\x03acak"], files=files), locked)


def _encrypted(algorithm: str, user: str, sentence: str = "Rahasia.") -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain_pages(sentence))))
    writer.encrypt(user, "pemilik", algorithm=algorithm)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _half_locked() -> bytes:
    data = bytearray(zipped({"rahasia.md": "Rahasia.", "terbuka.md": says("zip open half")}))
    data[6] |= 1  # the flag of encryption: in front of the member, and in the directory
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


# --- archives


def _archives() -> Iterator[Row]:
    unpacked, many = Refused(TooLarge, ("unpacked",)), Refused(TooLarge, ("files",))
    spaces = b" " * 6_000_000
    document = b"<w:document><w:body>" + spaces
    chapter_ = f"<html><body>{spaces.decode()}"
    yield _row("docx bomb", "b.docx", lambda: replaced(_good(".docx", "x"), {"word/document.xml": document}), unpacked)
    yield _row("epub bomb", "b.epub", lambda: as_epub([], files={"OEBPS/1.xhtml": chapter_}), unpacked)
    yield _row("zip bomb", "b.zip", lambda: zipped({"a.txt": spaces, "b.txt": "x"}), unpacked)
    yield _row("zip bomb in parts", "b.zip", lambda: zipped({f"{n}.txt": b" " * 600_000 for n in range(10)}), unpacked)
    yield _row("docx bomb that lies", "b.docx", lambda: _lying_docx(document), _unreadable("damaged"))
    yield _row("zip of many", "banyak.zip", lambda: zipped({f"{n}.txt": f"Isi {n}." for n in range(21)}), many)
    yield _row("zip of too many", "banyak.zip", lambda: zipped({f"{n}.png": "" for n in range(500)}), many)
    yield _row("docx of too many", "b.docx", lambda: zipped({f"{n}.png": "" for n in range(500)}), many)
    yield _row("zip in a zip", "dua.zip", lambda: zipped({"dalam.zip": _good(".zip", "Kapal.")}), _unreadable("nested"))
    yield _row("zip of nothing", "kosong.zip", lambda: zipped({}), Refused(EmptySource))
    yield _row("zip of a folder", "folder.zip", lambda: zipped({"dokumen/": ""}), Refused(EmptySource))
    junk: dict[str, str | bytes] = {"__MACOSX/._a.md": "x", ".DS_Store": "x", "a/Thumbs.db": "x"}
    yield _row("zip of junk", "sisa.zip", lambda: zipped(junk), Refused(EmptySource))
    inside = says("beside an exe")
    yield _row(
        "zip with an exe",
        "campur.zip",
        lambda: zipped({"a.exe": "MZ", "b.md": inside}),
        Refused(UnsupportedFormat),
        Clean(inside),
    )
    yield _row("zip that says less", "kurang.zip", lambda: _sized(20), _unreadable("damaged"))
    yield _row("zip that says 4 GB", "lebih.zip", lambda: _sized(0xF0000000), unpacked)
    yield _row("zip with a wrong sum", "cacat.zip", _wrong_sum, _unreadable("damaged"))
    yield _row("zip of itself", "ganda.zip", _overlapping, Either())
    yield _row("zip in bzip2", "bz.zip", lambda: zipped({"a.md": "Kapal."}, compression=12), _unreadable("is_archive"))


def _sized(size: int) -> bytes:
    """An archive whose directory and member claim another size than the member has."""
    text = "Kapal berlayar di Laut Natuna. " * 100
    data = zipped({"a.md": text})
    return data.replace(struct.pack("<L", len(text)), struct.pack("<L", size))


def _lying_docx(document: bytes) -> bytes:
    data = replaced(_good(".docx", "x"), {"word/document.xml": document})
    return data.replace(struct.pack("<L", len(document)), struct.pack("<L", 2000))


def _wrong_sum() -> bytes:
    text = b"Kapal berlayar."
    return zipped({"a.md": text}).replace(struct.pack("<L", zlib.crc32(text)), b"\1\2\3\4")


def _overlapping() -> bytes:
    """An archive of ten members that are all the same bytes."""
    text = b"Kapal tumpang tindih berlayar." * 1000
    data = zipped({"a.md": text})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    closing = bytearray(data[end:])
    closing[8:20] = struct.pack("<HHLL", 10, 10, 10 * len(entry), start)
    return data[:start] + entry * 10 + bytes(closing)


def _archive_names() -> Iterator[Row]:
    names = {
        "up": "../../x.md",
        "up inside": "a/../../x.md",
        "absolute": "/etc/x.md",
        "backslash": "..\\x.md",
        "drive": "C:/x.md",
        "nul": "x.md\0.md",
    }
    for label, name in names.items():
        inside = says(f"beside {label}")
        yield _row(
            f"zip name {label}",
            "nama.zip",
            partial(_named, name, inside),
            _unreadable("unsafe_name"),
            Clean(inside),
        )
    for label, name in {"override": f"a{OVERRIDE}fdp.md", "long": "n" * 60_000 + ".md"}.items():
        inside = says(f"zip name {label}")
        yield _row(f"zip name {label}", "nama.zip", partial(_named, name, inside), Clean("lain"), Clean(inside))
    bad = f"a{OVERRIDE}\x1b[31m\nfdp.exe"
    yield _row("zip name bad", "nama.zip", lambda: zipped({bad: "MZ"}), Refused(UnsupportedFormat))


def _named(name: str, beside: str) -> bytes:
    """An archive with a member of a name that the writer would not write, in front of one that is well."""
    placeholder = "X" * len(name.encode())
    data = zipped({placeholder: beside.replace("Kapal", "Kapal lain"), "baik.md": beside})
    data = data.replace(placeholder.encode(), name.encode())
    if not name.isascii():  # the flag of UTF-8
        data = data[:7] + b"\x08" + data[8:]
        entry = data.index(b"PK\x01\x02")
        data = data[: entry + 9] + b"\x08" + data[entry + 10 :]
    return data


# --- XML


def _entities() -> Iterator[Row]:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>'
    thief = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
    refused = _unreadable("entities")
    for label, declaration in {"laughs": bomb, "thief": thief}.items():
        word = (
            f'<?xml version="1.0"?>{declaration}<w:document xmlns:w="w"><w:body><w:p>&l9;</w:p></w:body></w:document>'
        )
        page = f"<?xml version='1.0'?>{declaration}<html><body><p>&l9;</p></body></html>"
        package = f"<?xml version='1.0'?>{declaration}<package><metadata>&l9;</metadata></package>"
        yield _row(f"docx {label}", "x.docx", partial(_with_document, word.encode()), refused)
        yield _row(f"docx {label} utf16", "x.docx", partial(_with_document, word.encode("utf-16")), refused)
        yield _row(f"epub {label}", "x.epub", partial(as_epub, ["x"], files={"OEBPS/1.xhtml": page}), refused)
        yield _row(f"epub {label} package", "x.epub", partial(as_epub, [], files={"OEBPS/buku.opf": package}), refused)
        yield _row(f"html {label}", "x.html", partial(bytes, page.encode()), refused)
    deep = b'<w:document xmlns:w="w"><w:body>' + b"<w:p>" * 20_000
    yield _row("docx deep", "x.docx", partial(_with_document, deep), _unreadable("damaged"))
    attributes = b'<w:document xmlns:w="w" ' + b" ".join(b'a%d="x"' % n for n in range(50_000)) + b"/>"
    yield _row("docx of attributes", "x.docx", partial(_with_document, attributes), Refused(EmptySource))


def _with_document(data: bytes) -> bytes:
    return replaced(_good(".docx", "x"), {"word/document.xml": data})


# --- web pages


_ACTIVE = ("script", "alert", "javascript", "onload", "onclick", "iframe", "jahat", "<svg", "vbscript")
_ATTACK = (
    "<script>alert('jahat')</script><SCRIPT SRC=//jahat.example/x.js></SCRIPT><p onclick='alert(1)'>{0}</p>"
    "<iframe src='javascript:alert(1)'>jahat</iframe><a href='javascript:alert(1)'>Tautan laut</a>"
    "<img src=x onerror=alert(1)><svg onload='alert(1)'><script>alert(2)</script></svg>"
    "<style>body{{background:url(javascript:alert(1))}}</style><object data='jahat.swf'></object>"
    "<a href='vbscript:x'>Tautan lain</a>"
)


def _pages() -> Iterator[Row]:
    clean = partial(Clean, without=_ACTIVE)
    label = "html attack"
    attack = f"<html><body onload='alert(1)'>{_ATTACK.format(says(label))}</body></html>"
    yield _row(label, "serang.html", partial(bytes, attack.encode()), clean(says(label)))
    label = "md attack"
    marked = f"# Laut\n\n[tautan](javascript:alert(1)) [peta](file:///C:/x) {says(label)} <script>alert(1)</script>\n\n"
    marked += "<script>\nalert(1)\n</script>\n\n<iframe src='//jahat.example'></iframe>\n\n![y](javascript:alert(1))\n"
    yield _row(label, "serang.md", partial(bytes, marked.encode()), clean(says(label)))
    body = chapter(f"<p onclick='x'>{says('epub attack')}</p><script>alert('jahat')</script>")
    yield _row(
        "epub attack", "serang.epub", partial(as_epub, ["x"], files={"OEBPS/1.xhtml": body}), clean(says("epub attack"))
    )
    nested = b"<html><body>" + b"<div>" * 100_000 + b"<p>Kapal.</p>"
    yield _row("html deep", "dalam.html", lambda: nested, _unreadable("damaged"))
    spans = f"<p>{says('html spans')}</p>{'<b>' * 30_000}x"
    yield _row("html never closed", "buka.html", partial(bytes, spans.encode()), Either())
    label = "html entities"
    numbers = f"<p>{says(label)} &#xD800;&#0;&#x202e;&#x1b;&#xFFFFFFFF;&zwj;&shy;&rlm;</p>"
    yield _row(label, "angka.html", partial(bytes, numbers.encode()), Clean(says(label)))
    yield _row("html of scripts", "kosong.html", lambda: "<script>alert('jahat')</script>", Refused(EmptySource))
    declared = f"<meta charset=klingon><p>{says('html klingon')} caf\xe9</p>"
    yield _row("html klingon", "k.html", partial(bytes, declared.encode("latin-1")), Clean(says("html klingon")))
    seven = "<meta charset=utf-7><p>Kapal utf tujuh berlayar. +ADw-script+AD4-alert(1)\xff</p>"
    yield _row("html utf7", "u.html", partial(bytes, seven.encode("latin-1")), Either())


# --- text


def _texts() -> Iterator[Row]:
    for suffix in (".txt", ".md", ".html"):
        kind = suffix[1:]

        def row(label: str, change: Callable[[str], bytes | str], *, kind: str = kind, suffix: str = suffix) -> Row:
            words = says(f"{kind} {label}")
            return _row(f"{kind} {label}", f"teks{suffix}", lambda: change(words), Clean(words))

        yield row("one nul", lambda words: f"{words[:8]}\0{words[8:]}")
        yield row("bidi", lambda words: f"{OVERRIDE}{ISOLATE}{words[:5]}\u202c\u2069{words[5:]}\u200f\u061c")
        yield row("invisible", lambda words: words.replace(" ", f"{INVISIBLE} "))
        yield row("escapes", lambda words: f"{words}\x1b[31m merah\x1b]0;jahat\x07")
        yield row("surrogate", lambda words: f"{words} {{}} ombak besar".encode().replace(b"{}", b"\xed\xa0\x80"))
        yield row("utf16 mark", lambda words: words.encode("utf-16"))
        yield row("utf16 odd", lambda words: (words + "  ").encode("utf-16")[:-1])
        yield row("cp1252", lambda words: f"{words} caf\xe9".encode("cp1252"))
        nuls = b"\0\0\0".join(bytes([each]) for each in says(f"{kind} nuls").encode())
        yield _row(f"{kind} nuls", f"nol{suffix}", partial(bytes, nuls), _unreadable("binary"))
    for encoding in ("utf-16-le", "utf-16-be"):
        words = says(encoding)
        yield _row(f"txt {encoding}", "teks.txt", partial(words.encode, encoding), Clean(words))
    yield _row("txt invisible only", "teks.txt", lambda: INVISIBLE + OVERRIDE, Refused(EmptySource))
    yield _row("md emphasis", "tebal.md", lambda: "*a " * 20_000 + "b*" * 20_000, _unreadable("damaged", "too_hungry"))
    yield _row("md brackets", "kurung.md", lambda: "[" * 20_000 + "![" * 5_000, Either())
    yield _row("md quotes", "kutip.md", lambda: ">" * 20_000 + " Kapal.", Either())
    yield _row("md comment", "komentar.md", lambda: "<!-- tak ada apa-apa -->", Refused(EmptySource))
    yield _row("txt one line", "baris.txt", lambda: "kata" * 200_000, Either())
    yield _row("txt one word each", "kata.txt", lambda: "ya " * 6000, Refused(TooLarge, ("words",)))


# --- front matter


def _front_matter() -> Iterator[Row]:
    refused = Refused(BadFrontMatter)
    lists = "a: &a [x,x,x,x,x,x,x,x,x]\n" + _levels("&{0} [{1}]")
    merges = "a: &a {x: 1}\n" + _levels("&{0} {{<<: [{1}]}}")
    blocks = {
        "laughs": f"{lists}keywords: *j",
        "laughs unknown": lists,
        "merges": merges,
        "recursive": "keywords: &a [*a]",
        "deep": f"a: {'[' * 3000}{']' * 3000}",
        "python": "a: !!python/object/apply:os.system ['touch jahat']",
        "sixties": "title: 1" + ":59" * 3000,
        "broken": "title: [a",
        "tab": "title:\n\t- a",
        "mapping": "title: {a: b}",
        "date": "facts_as_of: 2024-99-99",
        "two": "title: a\ntitle: b: c",
    }
    for label, block in blocks.items():
        yield _row(f"yaml {label}", f"{label}.md", partial(_fronted, block, "Kapal."), refused)
    label = "yaml signs"
    signs = 'title: "Laut\\u202e \\ud800 \\0 \\e[31m biru"\nauthors: ["A\\u200bna \\uDC00"]\nlicence: "x\\ny"'
    yield _row(label, "tanda.md", lambda: _fronted(signs, says(label)), Clean(says(label)))
    wide = "\n".join(f"k{n}: [a, b]" for n in range(30_000))
    yield _row("yaml wide", "lebar.md", lambda: _fronted(wide, "Kapal."), Refused(TooLarge, ("words",)))


def _levels(shape: str) -> str:
    lines = []
    for before, name in zip("abcdefghi", "bcdefghij", strict=True):
        lines.append(f"{name}: {shape.format(name, ','.join([f'*{before}'] * 9))}\n")
    return "".join(lines)


def _fronted(block: str, body: str) -> str:
    return f"---\n{block}\n---\n\n{body}\n"


# --- PDF


def _pdfs() -> Iterator[Row]:
    yield _row("pdf of pictures", "pindai.pdf", _pictures, Refused(NoTextLayer))
    yield _row("pdf of blank pages", "kosong.pdf", lambda: plain_pages("", ""), Refused(NoTextLayer))
    yield _row("pdf without pages", "nol.pdf", _no_pages, Refused(EmptySource))
    yield _row("pdf of 60 pages", "enam.pdf", lambda: many_pages(60), Refused(TooLarge, ("pages",)))
    yield _row(
        "pdf of 10000 pages", "tebal.pdf", lambda: many_pages(10_000), Refused(TooLarge, ("pages",)), limits=USUAL
    )
    catalogue, page = "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R>>"
    loops = {
        "pages in themselves": [catalogue, "<</Type/Pages/Count 1/Kids[2 0 R]>>", ""],
        "pages in a ring": [catalogue, "<</Type/Pages/Count 2/Kids[3 0 R]>>", "<</Type/Pages/Count 2/Kids[2 0 R]>>"],
        "a million pages": [catalogue, "<</Type/Pages/Count 1000000/Kids[2 0 R 2 0 R]>>", ""],
        "a minus": [catalogue, "<</Type/Pages/Count -5/Kids[3 0 R]>>", page],
        "catalogue in itself": ["<</Type/Catalog/Pages 1 0 R>>", "", ""],
        "no catalogue": ["<</Type/Nothing>>", "", ""],
        "length of itself": [
            catalogue,
            "<</Type/Pages/Count 1/Kids[4 0 R]>>",
            "<</Length 3 0 R>>stream\nx\nendstream",
            page,
        ],
        "a form in itself": [
            catalogue,
            "<</Type/Pages/Count 1/Kids[4 0 R]>>",
            "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 3 0 R>>>>/Length 6>>"
            "stream\n/F Do \nendstream",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 3 0 R/Resources<</XObject<</F 3 0 R>>>>>>",
        ],
        "outline in a ring": [
            "<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>",
            "<</Type/Pages/Count 1/Kids[4 0 R]>>",
            "<</Length 1>>stream\n \nendstream",
            page,
            "<</Type/Outlines/First 6 0 R/Last 6 0 R/Count 9>>",
            "<</Title(Bab)/Parent 5 0 R/Next 6 0 R/First 6 0 R/Last 6 0 R>>",
        ],
    }
    blank = Refused(NoTextLayer)
    beyond = {"pages in themselves", "pages in a ring", "no catalogue"}
    for label, objects in loops.items():
        refused = Refused(TooLarge) if "million" in label else Refused(UnreadableSource) if label in beyond else blank
        yield _row(f"pdf {label}", "lingkar.pdf", partial(_pdf, objects), refused)
    label = "pdf with an action"
    yield _row(label, "aksi.pdf", lambda: _scripted(says(label)), Clean(says(label), _ACTIVE))
    yield _row("pdf bomb", "bom.pdf", _flate_bomb, _unreadable("crashed", "too_hungry"))
    for seed in range(15):
        yield _row(f"pdf fuzzed {seed}", f"rusak{seed}.pdf", partial(_fuzzed, seed), Either())


def _pdf(objects: Sequence[str | bytes]) -> bytes:
    """Return a PDF of these objects, the first of which is the catalogue, with a sound table of where they are."""
    parts, places = [b"%PDF-1.7\n"], []
    length = len(parts[0])
    for number, content in enumerate(objects, 1):
        body = content if isinstance(content, bytes) else content.encode()
        places.append(length)
        parts.append(b"%d 0 obj%s endobj\n" % (number, body))
        length += len(parts[-1])
    table_ = b"".join(b"%010d 00000 n \n" % place for place in places)
    closing = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    size = len(objects) + 1
    return b"".join(parts) + closing % (size, table_, size, length)


def many_pages(number: int) -> bytes:
    """Return a PDF of many pages with one content, an empty one."""
    kids = " ".join(f"{place} 0 R" for place in range(4, 4 + number))
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 3 0 R>>"
    first = ["<</Type/Catalog/Pages 2 0 R>>", f"<</Type/Pages/Count {number}/Kids[{kids}]>>"]
    return _pdf([*first, "<</Length 0>>stream\n\nendstream", *[page] * number])


def _flate_bomb() -> bytes:
    """Return a PDF that unfolds to far more than its reader may use."""
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"q " * 500_000) for _ in range(90)) + packer.flush()
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return _pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Count 1/Kids[4 0 R]>>",
            stream,
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents[3 0 R 3 0 R 3 0 R 3 0 R]>>",
        ]
    )


def _pictures() -> bytes:
    sheets = Sheets()
    sheets.canvas.drawImage(ImageReader(Image.new("L", (40, 60), 90)), 50, 50, 400, 600)
    sheets.next()
    return sheets.data()


def _no_pages() -> bytes:
    buffer = io.BytesIO()
    PdfWriter().write(buffer)
    return buffer.getvalue()


def _scripted(sentence: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(plain_pages(sentence))))
    action = {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("alert('jahat')")}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)
    writer.add_metadata({"/Title": f"Laut{OVERRIDE} biru\x00\x1b[31m", "/Author": f"{OVERRIDE}ana"})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@cache
def _sound_pdf() -> bytes:
    return plain_pages(*(f"Halaman {number} memuat kalimat tentang kapal di laut." for number in range(3)))


def _fuzzed(seed: int) -> bytes:
    """Return a PDF with a few changes: bytes flipped, pieces doubled, cut out, or filled with numbers."""
    chance, data = random.Random(seed), bytearray(_sound_pdf())  # noqa: S311
    for _ in range(chance.randint(1, 8)):
        at, size = chance.randrange(len(data)), chance.randint(1, 60)
        match chance.randrange(4):
            case 0:
                data[at] = chance.randrange(256)
            case 1:
                data[at:at] = data[at : at + size]
            case 2:
                del data[at : at + size]
            case _:
                data[at : at + 4] = str(chance.choice((0, -1, 2**31, 2**63))).encode()
    return bytes(data)


# --- names and places


def _names() -> Iterator[Row]:
    odd = {
        "override": f"laporan{OVERRIDE}fdp.txt",
        "isolate": f"{ISOLATE}surat\u2069.md",
        "invisible": f"tesis{INVISIBLE}.html",
        "line break": "satu\ndua\r.txt",
        "escape": "merah\x1b[31m\x07.md",
        "bytes": os.fsdecode(b"lama\xe9\xff.txt"),
        "braces": "{origin}{0}%s.txt",
        "markup": "[bold]<script>alert(1)<b>.txt",
        "dash": "-rf.txt",
        "blank": " .txt",
        "longest": "panjang" * 35 + ".txt",
    }
    for label, name in odd.items():
        yield _row(f"empty named {label}", name, lambda: b"", Refused(EmptySource))
        words = says(f"named {label}")
        yield _row(f"named {label}", name, partial(words.encode), Clean(words))
    absent = Refused(SourceNotFound)
    for suffix in (".txt", ".zip"):
        yield Row(f"300 characters {suffix}", "x" * 300 + suffix, _nothing, (absent,))
        yield Row(f"nul in the name {suffix}", f"x\0y{suffix}", _nothing, (absent,))
        yield Row(f"absent {suffix}", f"tidak-ada{suffix}", _nothing, (absent,))


def _nothing(path: Path) -> None:
    """Make no file at all."""


def _places() -> Iterator[Row]:
    absent, system = Refused(SourceNotFound), Refused(UnreadableSource)
    for suffix in (".txt", ".zip"):
        yield Row(f"pipe {suffix}", f"pipa{suffix}", os.mkfifo, (absent,))
        yield Row(f"dangling {suffix}", f"putus{suffix}", partial(_link, "tidak-ada"), (absent,))
        yield Row(f"link in a ring {suffix}", f"ring{suffix}", lambda path: path.symlink_to(path.name), (absent,))
        yield Row(f"device {suffix}", f"nol{suffix}", partial(_link, "/dev/zero"), (absent,))
        memory = system if suffix == ".zip" else Refused(UnsupportedFormat)
        yield Row(f"memory {suffix}", f"memori{suffix}", partial(_link, "/proc/self/mem"), (memory,))
        yield Row(f"closed {suffix}", f"tutup{suffix}", _closed, (system,))
    yield Row("folder", "folder.pdf", lambda path: path.mkdir(), ())
    yield Row("folder of odd things", "folder.txt", _odd_folder, (Clean(says("in a folder")),))
    yield Row("path beyond a file", "a.txt/b.txt", _beyond, (absent,))


def _link(target: str, path: Path) -> None:
    path.symlink_to(target)


def _closed(path: Path) -> None:
    path.write_bytes(zipped({"a.md": "Kapal."}))
    path.chmod(0)


def _odd_folder(path: Path) -> None:
    path.mkdir()
    os.mkfifo(path / "pipa.txt")
    (path / "putus.md").symlink_to("tidak-ada")
    (path / "dalam.pdf").mkdir()
    (path / "ring").symlink_to(path)
    (path / "baik.md").write_text(says("in a folder"))


def _beyond(path: Path) -> None:
    path.parent.write_text("Kapal.")


# --- large


def _large() -> Iterator[Row]:
    heavy = Refused(TooLarge, ("megabytes",))
    for suffix in FORMATS:
        make = partial(_sparse, 1_200_000)
        yield Row(f"{suffix[1:]} of 1.2 MB", f"besar{suffix}", make, (heavy,))
    yield Row("sparse txt", "jarang.txt", partial(_sparse, 101_000_000), (heavy,), USUAL)
    yield Row("sparse zip", "jarang.zip", partial(_sparse, 101_000_000), (heavy,), USUAL)
    hungry = _unreadable("too_hungry")
    yield _row("html of tags", "lapar.html", lambda: "<p>Kapal.</p>" + "<b>x</b>" * 1_000_000, hungry, limits=HUNGRY)
    yield _row("html of more tags", "lapar.html", lambda: "<" * 3_100_000, _unreadable("too_hungry"), limits=HUNGRY)
    repeated = b'<w:document xmlns:w="w"><w:body><w:p>' + b"<w:r><w:t>x</w:t></w:r>" * 1_000_000
    yield _row("docx of tags", "lapar.docx", lambda: _with_document(repeated), hungry, limits=HUNGRY)


def _sparse(size: int, path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(size)
