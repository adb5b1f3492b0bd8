"""A scripted assistant on real documents: its answers are written here, its offsets are computed."""

import asyncio
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI

from app import create_app
from assistant.answers import (
    Answer,
    AnswerSentence,
    CheckedClaim,
    Citation,
    Event,
    Mode,
    QueryReady,
    Reason,
    SentenceReady,
    ShownPassage,
)
from assistant.conversation import Conversation
from assistant.preparation import Answering, Preparation
from assistant.settings import Settings
from knowledge.chunking import split_passages
from knowledge.documents import Document, Passage, Reference
from knowledge.library import Library
from knowledge.loaders.markdown import load_markdown
from knowledge.store import open_store, sqlite_url

SECURITY = """---
title: "Diplomasi Keamanan: Pengertian dan Bedanya dari Diplomasi Pertahanan"
slug: diplomasi-keamanan
group: konsep
facts_as_of: "2023-05"
authors: ["Tim Tanya Diplomasi"]
licence: "CC BY 4.0"
---

## Latar belakang

Setiap negara berupaya menciptakan keamanan bagi warganya. Upaya itu tidak hanya ditempuh dengan kekuatan
militer, melainkan juga dengan perundingan, pertukaran informasi, dan kerja sama antarlembaga [@drab2018].

Sejak berakhirnya Perang Dingin, ancaman terhadap negara makin beragam. Terorisme, penyelundupan, dan serangan
siber tidak mengenal batas wilayah, sehingga satu lembaga saja tidak cukup untuk menghadapinya. Karena itu
kementerian luar negeri, kepolisian, badan intelijen, dan tentara perlu bergerak bersama.

## Pengertian diplomasi keamanan

Diplomasi keamanan adalah praktik diplomasi suatu negara yang pendekatannya melampaui diplomasi pertahanan
[@kron2015]. Praktik ini memanfaatkan lembaga-lembaga keamanan sebagai upaya gabungan untuk mendukung diplomasi
[@kron2015; @drab2018]. Contohnya:

- latihan bersama penegak hukum;
- pertukaran data intelijen; dan
- kerja sama industri pertahanan.

## Bedanya dari diplomasi pertahanan

Diplomasi keamanan tidak dimaksudkan untuk menggantikan diplomasi pertahanan, tetapi untuk menjadi pilihan bagi
para pembuat kebijakan [@kron2015]. Diplomasi pertahanan dijalankan oleh kementerian pertahanan dan angkatan
bersenjata, sedangkan diplomasi keamanan melibatkan semua lembaga keamanan [@drab2018].

## Penerapan di Indonesia

Indonesia menjalankan diplomasi keamanan antara lain lewat kerja sama industri pertahanan dengan negara yang
lebih dulu menguasai teknologi persenjataan. Kerja sama itu mencakup produksi bersama, alih teknologi,
pendidikan, dan pemasaran.

Di kawasan Asia Tenggara, Indonesia juga mendorong dialog keamanan maritim. Pertemuan itu membahas patroli
terkoordinasi, pertukaran informasi kapal, dan penanganan kejahatan lintas negara. Hasilnya dilaporkan setiap
tahun kepada para menteri.

Penerapan tersebut tidak selalu mulus. Anggaran terbatas, penguasaan teknologi belum merata, dan tiap lembaga
mempunyai kepentingannya sendiri. Meski begitu, arah kebijakannya tetap: keamanan dicapai lebih dulu dengan
percakapan.
"""

TURKEY = """---
title: "Kerja Sama Pertahanan Indonesia–Turki"
slug: turki
group: bilateral
facts_as_of: "2026-01"
authors: ["Tim Tanya Diplomasi"]
licence: "CC BY 4.0"
---

## Tank Harimau

Tank Harimau dikembangkan bersama oleh PT Pindad dan FNSS dari Turki sejak prototipe [@worldwardefence2022].
Tank itu berbobot sekitar 35 ton dan bermeriam 105 mm.

## Perjanjian

Landasan kerja sama industri pertahanan Indonesia–Turki ialah perjanjian yang diteken di Ankara pada 29 Juni
2010 [@metrotv2019]. Pada 2022 kedua negara sepakat membentuk dewan strategis tingkat tinggi.
"""

HOSTILE = """---
title: 'Judul "kutip" & <b>tebal</b> {kurung} $$x$$'
slug: jahat
group: uji
---

## Uji <script>

Kalimat &lt;script>alert(1)&lt;/script> dengan \\*bintang\\*, \\_garis\\_, $$E = mc^2$$, dan \\`kode\\` tetap
berupa teks.
"""

REFERENCES = (
    Reference(
        "kron2015",
        "Security Diplomacy: Beyond Defense",
        authors=("Kron, Nicholas D.",),
        date="2015-05",
        publisher="Johns Hopkins University",
        url="https://docslib.org/doc/4391650/security-diplomacy-beyond-defense",
    ),
    Reference(
        "drab2018",
        "Defence Diplomacy – An Important Tool",
        authors=("Drab, Lech",),
        date="2018",
        container="Security and Defence Quarterly",
        url="https://docslib.org/doc/10071397/defence-diplomacy?a=1&b=2",
    ),
    Reference("metrotv2019", "Indonesia–Turki Bahas DCA", date="2019", url="https://www.metrotvnews.com/turki"),
    Reference("worldwardefence2022", "Harimau Medium Tank", date="2022", url="https://example.org/harimau"),
)

WHAT = "Apa itu diplomasi keamanan?"
DIFFERENCE = "Apa bedanya diplomasi keamanan dan diplomasi pertahanan?"
HARIMAU = "Siapa mitra Pindad untuk tank Harimau?"
FOLLOW_UP = "Kapan perjanjiannya?"
HOSTILE_SOURCE = "Apa kalimat jahatnya?"
UNANSWERED = "Berapa harga cabai di Surabaya?"
BROKEN = "Buat galat"
CLAIMED = "Benarkah tank Harimau berbobot 35 ton?"
SHORT = {HARIMAU: "PT Pindad dan FNSS dari Turki"}

SCRIPT: dict[str, tuple[tuple[str, str], ...]] = {
    WHAT: (
        ("diplomasi-keamanan", "Diplomasi keamanan adalah praktik diplomasi"),
        ("diplomasi-keamanan", "Praktik ini memanfaatkan lembaga-lembaga keamanan"),
        ("turki", "Landasan kerja sama industri pertahanan"),
    ),
    DIFFERENCE: (
        ("diplomasi-keamanan", "Diplomasi keamanan tidak dimaksudkan"),
        ("diplomasi-keamanan", "Diplomasi pertahanan dijalankan"),
    ),
    HARIMAU: (("turki", "Tank Harimau dikembangkan bersama"),),
    HOSTILE_SOURCE: (("jahat", "Kalimat <script>"),),
    CLAIMED: (("turki", "Tank itu berbobot"),),
}


@dataclass(frozen=True)
class ScriptedAssistant:
    """Answers the questions of SCRIPT, and FOLLOW_UP only after a question about HARIMAU; abstains from the rest."""

    library: Library
    pause: float = 0.0
    intake: None = None

    def stream(
        self, question: str, conversation: Conversation, within: Collection[str] | None = None
    ) -> Iterator[Event]:
        """Yield the scripted events, wherever they are to come from; BROKEN raises."""
        if question == BROKEN:
            raise RuntimeError("scripted failure")
        if not question.strip():
            yield Answer(question, "", abstained=True, reason=Reason.EMPTY_QUESTION)
            return
        if question.lower() == "halo":
            yield Answer(question, "", mode=Mode.REPLY, sentences=(AnswerSentence("Halo! Silakan bertanya."),))
            return
        after_harimau = any(turn.question == HARIMAU for turn in conversation.turns)
        rewritten = question == FOLLOW_UP and after_harimau
        query = f"{FOLLOW_UP[:-1]} tank Harimau" if rewritten else question
        yield QueryReady(query, rewritten)
        found = (("turki", "Landasan kerja sama"),) if rewritten else SCRIPT.get(question, ())
        if found:
            yield from self._quoted(question, query, found)
        else:
            yield self._abstention(question, query)

    def _quoted(self, question: str, query: str, found: tuple[tuple[str, str], ...]) -> Iterator[Event]:
        citations: list[Citation] = []
        for n, (slug, beginning) in enumerate(found, start=1):
            time.sleep(self.pause)
            citations.append(self._citation(n, slug, beginning))
            yield SentenceReady(AnswerSentence(citations[-1].quote, (n,)), (citations[-1],))
        yield Answer(
            question,
            query,
            sentences=tuple(AnswerSentence(citation.quote, (citation.n,)) for citation in citations),
            citations=tuple(citations),
            short_answer=SHORT.get(question, ""),
            short_citation=1 if question in SHORT else 0,
            claim=self._claim() if question == CLAIMED else None,
            timings_ms={"total": 240.0},
        )

    def _claim(self) -> CheckedClaim:
        compared = self._citation(0, "turki", "Tank itu berbobot")
        return CheckedClaim("Tank Harimau berbobot 35 ton", "supported", assumed=False, citation=compared)

    def _citation(self, n: int, slug: str, beginning: str) -> Citation:
        document = self.library.find(slug)
        for passage in self.library.passages(document.id):
            for sentence in passage.sentences:
                quote = document.text[sentence.start : sentence.end]
                if quote.startswith(beginning):
                    heading = " › ".join(passage.heading_path)
                    return Citation(n, document.id, document.title, heading, None, sentence.start, sentence.end, quote)
        raise LookupError(beginning)

    def _abstention(self, question: str, query: str) -> Answer:
        document = self.library.find("diplomasi-keamanan")
        shown = [_shown(n, document, each) for n, each in enumerate(self.library.passages(document.id)[:3], start=1)]
        return Answer(
            question,
            query,
            abstained=True,
            reason=Reason.NOT_IN_SOURCES,
            passages=tuple(shown),
            missing=tuple(word for word in ("cabai", "surabaya") if word in question.lower()),
            suggestions=(WHAT, DIFFERENCE),
            timings_ms={"total": 80.0},
        )


def _shown(n: int, document: Document, passage: Passage) -> ShownPassage:
    heading = " › ".join(passage.heading_path)
    text = document.text[passage.start : passage.end]
    place = (n, document.id, document.title, heading, None, passage.start, passage.end, text, 1 / n)
    return ShownPassage(*place, missing=("cabai",) if n == 1 else (), lacks="how_many" if n > 1 else "")


def make_library(folder: Path) -> Library:
    """Return a library of the three texts and their references in a new SQLite file under ``folder``."""
    library = Library(open_store(sqlite_url(folder / "library.sqlite3")))
    for markdown, name in ((SECURITY, "security.md"), (TURKEY, "turkey.md"), (HOSTILE, "hostile.md")):
        document = load_markdown(markdown.encode(), f"corpus:{name}")
        library.put(document, split_passages(document), fingerprint=name)
    library.put_references(REFERENCES)
    return library


def make_app(home: Path, preparation: Preparation, settings: Settings | None = None) -> FastAPI:
    """Return the application; made inside a running loop, because outside one Gradio opens loops and leaks them."""

    async def create() -> FastAPI:
        return create_app(settings or Settings(home=home), preparation)

    # In a thread of its own: a browser test has a loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(create())).result()


def prepared(assistant: Answering) -> Preparation:
    """Return a preparation that is done."""
    preparation = Preparation(lambda _progress: assistant)
    preparation.start()
    preparation.wait(10)
    return preparation
