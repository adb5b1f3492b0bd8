"""Through the HTTP routes of the real application: two people, two libraries, and nothing passes between them."""

import asyncio
import base64
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from fakes_screen import ScriptedAssistant, make_app, make_library, prepared
from fastapi import FastAPI
from reportlab.pdfgen.canvas import Canvas
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.adding import add_all
from assistant.answers import Reason
from assistant.citations import quote_mark
from assistant.conversation import Conversation
from assistant.intake import Intake
from assistant.preparation import Preparation
from assistant.service import Service
from assistant.settings import Settings
from assistant.ui.asking import Asker, Desk
from assistant.ui.identity import COOKIE, Identity, person_of
from assistant.ui.shell import render_welcome
from assistant.wording import LANGUAGES, say
from tests.markup_reader import Reader
from tests.small_workplace import kept, small_workplace
from tests.web_server import Site, serve

PATIENCE = 60  # seconds; nothing here takes longer than a moment
FACT = "Rudal Kilat Biru diuji di Pulau Morotai pada 3 Mei 2024."
ASKED = "Di mana rudal Kilat Biru diuji?"
OURS = {"X-Tanya": "1"}


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serve() as opened:
        yield opened


@pytest.fixture(scope="module")
def service(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    home = tmp_path_factory.mktemp("served") / "home"
    with small_workplace(home, sources={"most_megabytes": 1}, fetch=site.settings()) as workplace:
        workplace.update()
        intake = Intake(workplace)
        intake.start()
        yield Service(workplace.assistant(), intake, workplace)
        intake.stop()


@pytest.fixture(scope="module")
def app(service: Service) -> FastAPI:
    settings = service.workplace.settings
    return make_app(settings.home, prepared(service), settings)


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app) as opened:
        yield opened


async def whoami(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse(person_of(scope))(scope, receive, send)


@dataclass(frozen=True)
class Visitor:
    """Somebody at a browser of their own."""

    client: TestClient
    service: Service
    cookie: str

    def get(self, path: str, **query: object) -> httpx.Response:
        return self.client.get(path, params=query or None, headers={"cookie": self.cookie})  # type: ignore[arg-type]

    def post(self, path: str, headers: dict[str, str] | None = None, **more: object) -> httpx.Response:
        sent = {"cookie": self.cookie, **(OURS if headers is None else headers)}
        return self.client.post(path, headers=sent, **more)  # type: ignore[arg-type]

    def hand_in(self, name: str, content: str | bytes, **query: str) -> httpx.Response:
        data = content.encode() if isinstance(content, str) else content
        return self.post("/library/files", params={"name": name, **query}, content=data)

    def add(self, name: str, content: str | bytes) -> str:
        """Hand in a file, wait until it is taken in, and return the id of its document."""
        item = self.hand_in(name, content).json()["id"]
        assert self.service.intake.wait_until_idle(PATIENCE)
        (progress,) = [each for each in self.service.intake.board.of(self.person) if each.item.id == item]
        assert progress.outcome
        assert progress.outcome.document_id, progress
        return progress.outcome.document_id

    @property
    def person(self) -> str:
        """The name under which what they add is kept."""
        return TestClient(Identity(whoami)).get("/", headers={"cookie": self.cookie}).text

    @property
    def shelf(self) -> str:
        return Reader(self.get("/documents").text).text


@pytest.fixture
def visit(client: TestClient, service: Service) -> Callable[[], Visitor]:
    return lambda: Visitor(client, service, f"{COOKIE}={secrets.token_hex(16)}")


@pytest.fixture
def ana(visit: Callable[[], Visitor]) -> Visitor:
    return visit()


@pytest.fixture
def budi(visit: Callable[[], Visitor]) -> Visitor:
    return visit()


# --- what a person does with their own


def test_a_file_that_is_handed_in_can_be_read_downloaded_edited_and_removed(ana: Visitor) -> None:
    content = f"# Catatan Kilat\n\n{FACT}\n"
    document = ana.add("catatan kilat é.md", content)
    assert "ditambahkan" in Reader(ana.get("/library/progress").text).text
    assert "Catatan Kilat" in ana.shelf

    read = ana.get(f"/documents/{document}")
    assert FACT in Reader(read.text).text
    original = ana.get(f"/documents/{document}/original")
    assert original.content == content.encode()
    assert original.headers["content-type"] == "application/octet-stream", "never a page of ours"
    assert quote("catatan kilat é.md") in original.headers["content-disposition"]
    assert original.headers["content-disposition"].startswith("attachment")

    edits = {"title": "Uji Morotai", "authors": "Ana Putri; Budi", "date": "2024", "text": "palsu", "owner": ""}
    assert ana.post(f"/documents/{document}/record", json=edits).status_code == 204
    assert "Uji Morotai" in ana.shelf
    assert "Catatan Kilat" not in ana.shelf
    assert "Ana Putri, Budi" in Reader(ana.get(f"/documents/{document}").text).text
    assert ana.service.workplace.problems() == []

    assert ana.post(f"/documents/{document}/remove").status_code == 204
    assert "Uji Morotai" not in ana.shelf
    for path in (f"/documents/{document}", f"/documents/{document}/original"):
        assert ana.get(path).status_code == 404
    assert ana.post(f"/documents/{document}/remove").status_code == 404
    assert ana.service.workplace.problems() == []


def test_a_web_address_is_handed_in(ana: Visitor, site: Site) -> None:
    address = site.put("/pidato.txt", b"Laksamana berpidato di Surabaya.")
    assert ana.post("/library/addresses", json={"url": f" {address} "}).status_code == 202
    assert ana.service.intake.wait_until_idle(PATIENCE)
    assert "ditambahkan" in Reader(ana.get("/library/progress").text).text
    (summary,) = [each for each in ana.service.library.summaries(ana.person) if each.holding.owner]
    assert address in Reader(ana.get(f"/documents/{summary.id}").text).text
    named = ana.get(f"/documents/{summary.id}/original").headers["content-disposition"]
    assert f"{summary.title}.txt" in named or quote(f"{summary.title}.txt") in named


@pytest.mark.parametrize("sent", [{"url": "  "}, {"url": ""}, {}, {"url": 3}])
def test_an_address_of_nothing_is_refused(sent: dict[str, object], ana: Visitor) -> None:
    assert ana.post("/library/addresses", json=sent).status_code == 422
    assert Reader(ana.get("/library/progress").text).text == ""


def test_finished_lines_go_when_they_were_read(ana: Visitor) -> None:
    ana.add("x.md", "# X\n\nSatu kalimat tentang ombak besar.")
    assert 'data-finished="1"' in ana.get("/library/progress").text
    assert ana.post("/library/dismiss").status_code == 204
    assert Reader(ana.get("/library/progress").text).text == ""


def test_another_version_can_be_left_out_from_the_page(ana: Visitor) -> None:
    body = " ".join(f"Kalimat nomor {number} tentang galangan {ana.person}." for number in range(30))
    ana.add("lama.md", f"# Lama\n\n{body}")
    item = ana.hand_in("baru.md", f"# Baru\n\n{body} Dan satu lagi.").json()["id"]
    assert ana.service.intake.wait_until_idle(PATIENCE)
    assert 'data-choice="replace"' in ana.get("/library/progress").text
    assert ana.post(f"/library/items/{item}/choose", params={"choice": "lain"}).status_code == 422
    assert ana.post(f"/library/items/{item}/choose", params={"choice": "skip"}).status_code == 204
    assert "dibatalkan" in Reader(ana.get("/library/progress").text).text
    assert "Baru" not in ana.shelf


# --- two people


@pytest.fixture
def hers(ana: Visitor) -> str:
    """A document of Ana's."""
    return ana.add("rahasia.md", f"# Catatan rahasia\n\n{FACT}\n")


def test_another_person_sees_nothing_of_it(ana: Visitor, budi: Visitor, hers: str) -> None:
    assert "Catatan rahasia" in ana.shelf
    for text in (budi.shelf, budi.get("/library/progress").text):
        assert "rahasia" not in text
    for path in ("", "/original", "/pages/1"):
        response = budi.get(f"/documents/{hers}{path}")
        assert response.status_code == 404
        assert "Kilat" not in response.text
    assert budi.get(f"/documents/{hers}", start=0, end=9).status_code == 404
    unknown = budi.get("/documents/0123456789abcdef")
    assert budi.get(f"/documents/{hers}").text == unknown.text, "it might as well not exist"


def test_another_person_changes_nothing_of_it(ana: Visitor, budi: Visitor, hers: str) -> None:
    before = ana.service.library.document(hers)
    assert budi.post(f"/documents/{hers}/record", json={"title": "Diubah"}).status_code == 404
    assert budi.post(f"/documents/{hers}/remove").status_code == 404
    assert ana.service.library.document(hers) == before
    assert ana.get(f"/documents/{hers}/original").status_code == 200


def test_another_person_neither_cancels_nor_chooses_nor_dismisses(ana: Visitor, budi: Visitor) -> None:
    body = " ".join(f"Kalimat nomor {number} tentang dermaga {ana.person}." for number in range(30))
    ana.add("lama.md", f"# Lama\n\n{body}")
    item = ana.hand_in("baru.md", f"# Baru\n\n{body} Dan satu lagi.").json()["id"]
    assert ana.service.intake.wait_until_idle(PATIENCE)
    before = ana.get("/library/progress").text
    budi.post(f"/library/items/{item}/choose", params={"choice": "keep"})
    budi.post(f"/library/items/{item}/cancel")
    budi.post("/library/dismiss")
    assert ana.get("/library/progress").text == before
    ana.post(f"/library/items/{item}/cancel")


def test_everyone_reads_the_study_texts_and_nobody_changes_them(ana: Visitor, budi: Visitor) -> None:
    mef = ana.service.library.find("mef").id
    for visitor in (ana, budi):
        assert "Minimum Essential Force" in visitor.shelf
        assert "63,19" in visitor.get(f"/documents/{mef}").text
        assert visitor.get(f"/documents/{mef}/original").status_code == 404
        assert visitor.post(f"/documents/{mef}/record", json={"title": "Diubah"}).status_code == 404
        assert visitor.post(f"/documents/{mef}/remove").status_code == 404
    assert ana.service.library.find("mef").title == "Minimum Essential Force"


def test_what_the_command_line_added_is_everyones_to_read_and_download(ana: Visitor, tmp_path: Path) -> None:
    path = tmp_path / "bersama.md"
    path.write_text("# Bersama\n\nTeks untuk semua orang di kampus.")
    workplace = ana.service.workplace
    (added,) = add_all(workplace, [str(path)], choose=lambda _: "skip", tell=lambda *_: None)
    shared = added.outcome.document_id
    assert "Bersama" in ana.shelf
    assert ana.get(f"/documents/{shared}/original").content == path.read_bytes()
    assert ana.post(f"/documents/{shared}/remove").status_code == 404
    workplace.remove_source(shared, "")


def test_the_start_page_does_not_tell_how_much_others_have(ana: Visitor, hers: str) -> None:
    assert "2 teks sumber" in Reader(render_welcome(prepared(ana.service), "id")).text


# --- answers


def last_answer(service: Service, asker: Asker, question: str = ASKED) -> str:
    *_, view = Desk(prepared(service)).ask(question, Conversation(), "id", asker)
    return Reader(view.messages[-1]["content"]).text


def test_a_person_is_answered_from_their_own_sources_and_nobody_elses(ana: Visitor, budi: Visitor, hers: str) -> None:
    assert FACT in last_answer(ana.service, Asker(ana.person))
    for asker in (Asker(budi.person), Asker("")):
        answer = last_answer(ana.service, asker)
        assert "Morotai" not in answer
        assert "Catatan rahasia" not in answer


def test_a_person_asks_in_the_sources_that_they_chose(ana: Visitor, budi: Visitor, hers: str) -> None:
    mef = ana.service.library.find("mef").id
    assert FACT in last_answer(ana.service, Asker(ana.person, frozenset({hers, mef})))
    assert FACT not in last_answer(ana.service, Asker(ana.person, frozenset({mef})))
    chosen_by_another = last_answer(ana.service, Asker(budi.person, frozenset({hers})))
    assert chosen_by_another == say(f"reason.{Reason.EMPTY_INDEX}"), "as if nothing had been chosen that exists"


def test_the_words_while_searching_count_what_is_searched(ana: Visitor, budi: Visitor, hers: str) -> None:
    library, desk = ana.service.library, Desk(prepared(ana.service))
    study = sum(each.passages for each in library.summaries(""))
    mine = len(library.passages(hers))
    assert Asker(budi.person).passages(library) == study
    assert Asker(ana.person).passages(library) == study + mine
    assert Asker(ana.person, frozenset({hers})).passages(library) == mine
    assert Asker(budi.person, frozenset({hers})).passages(library) == 0
    assert desk.working_words("id", Asker(ana.person)) == say("screen.searching", n=study + mine)


# --- requests of other sites


@pytest.mark.parametrize("headers", [{}, {"X-Tanya": ""}, {"Origin": "https://jahat.example"}])
def test_without_our_header_nothing_is_changed(headers: dict[str, str], ana: Visitor, hers: str) -> None:
    before = kept(ana.service.workplace)
    requests: tuple[tuple[str, dict[str, object]], ...] = (
        ("/library/files?name=a.md", {"content": b"# A\n\nSatu kalimat."}),
        ("/library/addresses", {"json": {"url": "http://127.0.0.1:9/"}}),
        ("/library/items/x/cancel", {}),
        ("/library/items/x/choose?choice=keep", {}),
        ("/library/dismiss", {}),
        (f"/documents/{hers}/record", {"json": {"title": "Diubah"}}),
        (f"/documents/{hers}/remove", {}),
    )
    lines = ana.get("/library/progress").text
    for path, more in requests:
        assert ana.post(path, headers, **more).status_code == 403
    assert ana.get("/library/progress").text == lines
    assert kept(ana.service.workplace) == before


def test_following_a_link_changes_nothing(ana: Visitor, hers: str) -> None:
    for path in (f"/documents/{hers}/remove", f"/documents/{hers}/record", "/library/dismiss"):
        assert ana.get(path).status_code in (404, 405)
    assert "Catatan rahasia" in ana.shelf


# --- files that are not taken


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_is_not_taken_is_refused_in_the_persons_language(language: str, ana: Visitor) -> None:
    refused = ana.hand_in("film.mp4", b"x", lang=language)
    assert refused.status_code == 422
    assert "film.mp4" in refused.json()["message"]
    large = ana.hand_in("besar.md", b"x" * 1_000_001, lang=language)
    assert large.status_code == 422
    assert "besar.md" in large.json()["message"]
    assert refused.json()["message"] != ana.hand_in("film.mp4", b"x", lang="id" if language == "en" else "en").json()


def test_a_file_that_grows_too_large_on_its_way_leaves_no_half(ana: Visitor) -> None:
    before = kept(ana.service.workplace)

    def endless() -> Iterator[bytes]:  # sent in chunks: nobody knows the length beforehand
        for _ in range(20):
            yield b"kata " * 20_000

    refused = ana.post("/library/files", params={"name": "besar.md"}, content=endless())
    assert refused.status_code == 422
    assert kept(ana.service.workplace) == before
    assert Reader(ana.get("/library/progress").text).text == ""


def test_a_browser_that_goes_away_while_sending_leaves_no_half(ana: Visitor, app: FastAPI) -> None:
    before = kept(ana.service.workplace)
    messages = [{"type": "http.request", "body": b"# Sete", "more_body": True}, {"type": "http.disconnect"}]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/library/files",
        "raw_path": b"/library/files",
        "root_path": "",
        "query_string": b"name=setengah.md",
        "headers": [(b"cookie", ana.cookie.encode()), (b"x-tanya", b"1")],
        "client": ("testclient", 50000),
        "server": ("testserver", 80),
    }

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: object) -> None:
        """Nobody listens."""

    with pytest.raises(ClientDisconnect):
        asyncio.run(app(scope, receive, send))  # type: ignore[arg-type]
    assert kept(ana.service.workplace) == before


def test_a_name_cannot_lead_out_of_the_folder(ana: Visitor) -> None:
    document = ana.add("../../../tmp/keluar.md", "# Keluar\n\nSatu kalimat tentang pagar.")
    assert ana.service.library.document(document).origin == f"upload:{ana.person}/keluar.md"
    disposition = ana.get(f"/documents/{document}/original").headers["content-disposition"]
    assert disposition == 'attachment; filename="keluar.md"'


# --- a quote whose source has changed


def test_a_link_to_words_that_have_gone_says_so_instead_of_showing_others(ana: Visitor) -> None:
    document = ana.add("sumber.md", f"# Sumber\n\n{FACT} Kalimat kedua.\n")
    text = ana.service.library.document(document).text
    start = text.index(FACT)
    place = {"start": start, "end": start + len(FACT)}
    link = {**place, "check": quote_mark(FACT)}
    shown = ana.get(f"/documents/{document}", **link)
    assert (shown.status_code, Reader(shown.text).marked) == (200, FACT)

    changed = FACT.replace("3 Mei", "9 Mei")
    assert ana.add("sumber.md", f"# Sumber\n\n{changed} Kalimat kedua.\n") == document
    gone = ana.get(f"/documents/{document}", **link, lang="en")
    assert gone.status_code == 410
    assert say("screen.quote_changed", "en") in Reader(gone.text).text
    assert "9 Mei" not in gone.text
    fresh = ana.get(f"/documents/{document}", **place, check=quote_mark(changed))
    assert (fresh.status_code, Reader(fresh.text).marked) == (200, changed)
    assert ana.get(f"/documents/{document}", **place).status_code == 200, "a link of old without a mark"


# --- pages of a PDF


def test_the_page_of_a_quote_is_shown_to_its_owner_with_the_place_marked(ana: Visitor, budi: Visitor) -> None:
    drawn = BytesIO()
    canvas = Canvas(drawn)
    canvas.drawString(72, 760, "Halaman pertama tanpa rahasia apa pun di dalamnya.")
    canvas.showPage()
    canvas.drawString(72, 400, FACT)
    canvas.save()
    document = ana.add("berkas.pdf", drawn.getvalue())
    text = ana.service.library.document(document).text
    start = text.index("Rudal")
    page = ana.get(f"/documents/{document}/pages/2", start=start, end=start + len(FACT))
    assert page.status_code == 200
    assert base64.b64decode(page.json()["png"]).startswith(b"\x89PNG")
    ((left, top, width, height),) = page.json()["boxes"]
    assert 0 < left < left + width < 1
    assert 0.4 < top < top + height < 0.6
    assert ana.get(f"/documents/{document}/pages/3").status_code == 404
    assert ana.get(f"/documents/{document}/pages/0").status_code == 404
    assert budi.get(f"/documents/{document}/pages/2").status_code == 404


# --- before there is a library


def test_until_everything_is_prepared_the_routes_ask_for_patience(tmp_path: Path) -> None:
    client = TestClient(make_app(tmp_path, Preparation(lambda progress: pytest.fail("not started"))))
    assert client.get("/library/progress").status_code == 503
    assert client.get("/documents/x/original").status_code == 503
    assert client.get("/documents/x/pages/1").status_code == 503
    posts = ("/library/files?name=a.md", "/library/items/x/cancel", "/library/dismiss", "/documents/x/remove")
    assert {client.post(path, headers=OURS).status_code for path in posts} == {503}


def test_where_nothing_can_be_added_the_shelf_offers_nothing(tmp_path: Path) -> None:
    app = make_app(tmp_path, prepared(ScriptedAssistant(make_library(tmp_path))), Settings(home=tmp_path))
    client = TestClient(app)
    assert 'type="file"' not in client.get("/documents").text
    assert client.post("/library/files?name=a.md", headers=OURS).status_code == 503
