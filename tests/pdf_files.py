"""PDF files as real programs write them, with what makes reading them hard; made by reportlab."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

Encryption = StandardEncryption | None

WIDTH, HEIGHT = A4
LEFT, TEXT_WIDTH = 85.0, 425.0
ROMAN, BOLD = "Times-Roman", "Times-Bold"
HEADER = "Universitas Pertahanan"
TITLE = ["DIPLOMASI KEAMANAN INDONESIA", "DI KAWASAN ASIA TENGGARA"]

# Set by hand, so that words and a reduplication are broken at line ends, as a typesetter or Word does.
FIRST = [
    "Indonesia memandang keamanan negara sebagai kepentingan pokok. Setiap ne-",
    "gara berupaya menciptakan keamanan, dan negara besar ikut menjaga keaman-",
    "an negara-negara kecil di sekitarnya. Kerja sama itu berjalan antara negara-",
    "negara ASEAN dan kawasan Asia-",
    "Pasifik sejak lama.",
]
FIRST_TEXT = (
    "Indonesia memandang keamanan negara sebagai kepentingan pokok. Setiap negara berupaya menciptakan keamanan, dan "
    "negara besar ikut menjaga keamanan negara-negara kecil di sekitarnya. Kerja sama itu berjalan antara "
    "negara-negara ASEAN dan kawasan Asia-Pasifik sejak lama."
)
RUNNING = [
    "Menurut Nicholas D. Kron, diplomasi keamanan memakai lembaga keamanan di luar",
    "angkatan bersenjata, dan lembaga seperti itu bekerja sama dengan mitranya dari",
    "negara lain untuk mencegah ancaman lintas batas yang tidak dapat dihadapi oleh",
    "satu negara saja, sehingga kerja sama itu terus tumbuh dari tahun ke tahun dan",
]
RUNS_ON = ["menjadi bagian tetap dari politik luar negeri Indonesia."]
RUNNING_TEXT = " ".join([*RUNNING, *RUNS_ON])
NOTE = [
    "Nicholas D. Kron, Security Diplomacy: Beyond Defense, tesis magister Johns",
    "Hopkins University, 2015, hlm. 12.",
]
NOTE_TEXT = f"[1] {' '.join(NOTE)}"
ITEMS = [
    ["Patroli bersama di Laut Sulu, yang dijalankan oleh tiga negara sejak tahun dua", "ribu tujuh belas."],
    ["Latihan bantuan bencana."],
]
ROWS = [
    ("Tahun", "Negara", "Alutsista"),
    ("2019", "Rusia", "Su-35"),
    ("2022", "Prancis", "Rafale"),
    ("2023", "Turki", "KAAN"),
]
CLOSING = ["Kerja sama keamanan akan terus dilanjutkan oleh pemerintah Indonesia bersama", "para mitranya."]
OUTLINE = [("BAB I PENDAHULUAN", 0), ("Latar Belakang", 1), ("BAB II: Pembahasan", 0), ("Judul yang tidak ada", 0)]


class Sheets:
    """Writes text where it is told; heights count from the top of the page."""

    def __init__(self, size: tuple[float, float] = A4, encrypt: Encryption = None) -> None:
        self._data = BytesIO()
        self.height = size[1]
        self.canvas = Canvas(self._data, pagesize=size, encrypt=encrypt)

    def line(self, text: str, x: float, y: float, *, font: str = ROMAN, size: float = 12) -> None:
        """Write a line with its baseline ``y`` points below the top."""
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, self.height - y, text)

    def centred(self, text: str, y: float, *, font: str = ROMAN, size: float = 12) -> None:
        self.line(text, (WIDTH - stringWidth(text, font, size)) / 2, y, font=font, size=size)

    def block(
        self,
        lines: Sequence[str],
        y: float,
        *,
        x: float = LEFT,
        width: float = TEXT_WIDTH,
        indent: float = 0,
        size: float = 12,
        ends: bool = True,
    ) -> float:
        """Write justified lines, the last as it is if the block ``ends``; return where the next line would stand."""
        for index, text in enumerate(lines):
            left = x + (indent if index == 0 else 0)
            room = width - (left - x) - stringWidth(text, ROMAN, size)
            stretched = " " in text and abs(room) < width / 3 and not (ends and index == len(lines) - 1)
            writer = self.canvas.beginText(left, self.height - y)
            writer.setFont(ROMAN, size)
            writer.setWordSpace(room / text.count(" ") if stretched else 0)
            writer.textOut(text)
            self.canvas.drawText(writer)
            y += size * 4 / 3
        return y

    def next(self) -> None:
        self.canvas.showPage()

    def data(self) -> bytes:
        self.canvas.save()
        return self._data.getvalue()


def thesis(*, outline: bool = True, labels: bool = False, encrypt: Encryption = None) -> bytes:
    """A thesis of seven sheets: cover, ii, iii, 1 to 4.

    With running headers, page numbers, broken words, a paragraph over two pages with a footnote between, a list and a
    table; with an ``outline``, page ``labels`` ("C", "ii", "iii", "A-1" ...) and encryption if asked for.
    """
    sheets = Sheets(encrypt=encrypt)
    sheets.canvas.setTitle("Microsoft Word - skripsi_final.doc")
    sheets.canvas.setAuthor("Ana Putri")
    for y, text in zip((200, 225), TITLE, strict=True):
        sheets.centred(text, y, font=BOLD, size=18)
    sheets.centred("SKRIPSI", 300, font=BOLD, size=14)
    sheets.centred("Ana Putri", 400, size=12)
    sheets.next()
    for number, heading in (("ii", "KATA PENGANTAR"), ("iii", "ABSTRAK")):
        sheets.centred(heading, 110, font=BOLD, size=14)
        sheets.block(
            [f"Bagian {heading.lower()} ini ditulis untuk para pembaca skripsi, dan memuat hal-hal yang", "perlu."], 150
        )
        sheets.centred(number, HEIGHT - 40, size=10)
        sheets.next()
    _chapters(sheets, outline=outline)
    if labels:
        canvas = sheets.canvas
        canvas.addPageLabel(0, prefix="C")
        canvas.addPageLabel(1, style="ROMAN_LOWER", start=2)
        canvas.addPageLabel(3, style="ARABIC", start=1, prefix="A-")
    return sheets.data()


def _chapters(sheets: Sheets, *, outline: bool) -> None:
    entries = list(OUTLINE) if outline else []

    def furniture(number: int) -> None:
        sheets.line(HEADER, LEFT, 40, size=10)
        sheets.line(str(number), WIDTH - 90, 40, size=10)

    def bookmark() -> None:
        if entries:
            title, level = entries.pop(0)
            sheets.canvas.bookmarkPage(title)
            sheets.canvas.addOutlineEntry(title, title, level)

    sheets.centred("BAB I", 110, font=BOLD, size=14)
    sheets.centred("PENDAHULUAN", 130, font=BOLD, size=14)
    sheets.centred("1", HEIGHT - 40, size=10)
    bookmark()
    sheets.line("A. Latar Belakang", LEFT, 170, font=BOLD)
    bookmark()
    y = sheets.block(FIRST, 190, indent=36)
    y = sheets.block(RUNNING[:1], y, indent=36, ends=False)
    writer = sheets.canvas.beginText(LEFT, sheets.height - y)
    writer.setFont(ROMAN, 12)
    writer.setWordSpace((TEXT_WIDTH - 4 - stringWidth(RUNNING[1], ROMAN, 12)) / RUNNING[1].count(" "))
    writer.textOut(RUNNING[1])
    writer.setFont(ROMAN, 7)
    writer.setRise(5)
    writer.textOut("1")
    writer.setRise(0)
    sheets.canvas.drawText(writer)
    sheets.block(RUNNING[2:], y + 16, ends=False)
    sheets.line("1", LEFT, 698, size=6)
    sheets.block(NOTE, 702, x=LEFT + 5, width=TEXT_WIDTH - 5, size=10)
    sheets.next()
    furniture(2)
    y = sheets.block(RUNS_ON, 90)
    y = sheets.block(["Bentuk kerja sama itu antara lain:"], y, indent=36)
    for number, item in enumerate(ITEMS, 1):
        sheets.line(f"{number}.", LEFT + 18, y)
        y = sheets.block(item, y, x=LEFT + 40, width=TEXT_WIDTH - 40)
    for word in ("kapal", "pesawat tempur"):
        sheets.line("•", LEFT + 18, y)
        sheets.line(word, LEFT + 40, y)
        y += 16
    sheets.next()
    furniture(3)
    sheets.centred("BAB II", 110, font=BOLD, size=14)
    sheets.centred("PEMBAHASAN", 130, font=BOLD, size=14)
    bookmark()
    y = 170.0
    for row in ROWS:
        for x, cell in zip((LEFT, LEFT + 120, LEFT + 260), row, strict=True):
            sheets.line(cell, x, y)
        y += 18
    sheets.next()
    furniture(4)
    bookmark()
    sheets.block(CLOSING, 90, indent=36)


COLUMNS_TITLE = "Diplomasi Pertahanan dan Diplomasi Keamanan: Sebuah Perbandingan"
_NUMBERS = "satu dua tiga empat lima enam tujuh delapan sembilan sepuluh".split()
COLUMN_LINES = [
    f"{side} baris {number} membahas kerja sama keamanan" for side in ("kiri", "kanan") for number in _NUMBERS
]


def two_columns(*, interleaved: bool) -> bytes:
    """A page with a title above two columns of COLUMN_LINES, which are one sentence without a full stop.

    ``interleaved``: the file writes line after line across both columns.
    """
    sheets = Sheets()
    sheets.centred(COLUMNS_TITLE, 90, font=BOLD, size=15)
    half = len(COLUMN_LINES) // 2
    places = [(LEFT + 215 * (index // half), 130.0 + 14 * (index % half)) for index in range(len(COLUMN_LINES))]
    order = [index + add for index in range(half) for add in (0, half)] if interleaved else range(len(COLUMN_LINES))
    for index in order:
        x, y = places[index]
        sheets.block([COLUMN_LINES[index]], y, x=x, width=205, size=10, ends=False)
    sheets.next()
    return sheets.data()


def plain_pages(*texts: str, encrypt: Encryption = None) -> bytes:
    """A page for each text, of one line."""
    sheets = Sheets(encrypt=encrypt)
    for text in texts:
        sheets.block([text] if text else [], 100)
        sheets.next()
    return sheets.data()
