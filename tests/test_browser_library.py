"""One's own library in a real Chromium, with the real model: a PDF is dropped in, asked, and read at its page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.intake import Intake
from assistant.opening import Workplace, open_workplace
from assistant.preparation import Preparation
from assistant.service import Service
from assistant.settings import Settings
from tests import book_files
from tests.fakes_screen import make_app
from tests.served import served
from tests.test_browser import CHROMIUM, IN_VIEW, WIDE, ask, picture, visit

pytestmark = [pytest.mark.browser, pytest.mark.weights]

DROP = """([name, type, bytes]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], name, { type }));
  const drop = document.querySelector('#pane .drop');
  for (const kind of ['dragover', 'drop']) {
    drop.dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
  }
}"""
STAGES = """() => {
  window.stages = new Set();
  new MutationObserver(() => {
    for (const line of document.querySelectorAll('.intake-line')) window.stages.add(line.className);
  }).observe(document.getElementById('pane'), { childList: true, subtree: true });
}"""
NOTE = "Laporan rahasia nomor 77 menyebut Pangkalan Kilat Biru di Morotai mulai dibangun pada 12 Mei 2021.\n"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    opened = open_workplace(Settings(home=tmp_path_factory.mktemp("home")))
    opened.update()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def address(workplace: Workplace) -> Iterator[str]:
    intake = Intake(workplace)
    intake.start()
    preparation = Preparation(lambda _progress: Service(workplace.assistant(), intake, workplace))
    preparation.start()
    preparation.wait(60)
    with served(make_app(workplace.settings.home, preparation)) as found:
        yield found
    intake.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def enter(browser: Browser, address: str) -> Page:
    """Come as somebody who was never here."""
    page = browser.new_context(viewport=WIDE, locale="id-ID", reduced_motion="reduce").new_page()
    visit(page, address)
    expect(page.locator("#pane .drop")).to_be_visible(timeout=30_000)
    return page


def drop(page: Page, name: str, kind: str, data: bytes) -> None:
    page.evaluate(DROP, [name, kind, list(data)])


def test_a_pdf_that_is_dropped_in_is_quoted_at_its_page_with_the_sentence_boxed(browser: Browser, address: str) -> None:
    page = enter(browser, address)
    page.evaluate(STAGES)
    drop(page, "bunga-rampai.pdf", "application/pdf", book_files.files()[".pdf"])
    expect(page.locator(".intake-line.added")).to_be_visible(timeout=120_000)
    assert {"intake-line reading", "intake-line vectors"} & set(page.evaluate("[...window.stages]"))
    own = page.locator(".shelf-own li.own")
    expect(own).to_contain_text(book_files.TITLE)
    expect(own).to_contain_text("12 halaman")
    picture(page, "pustaka")
    own.locator("input[type=checkbox]").check()
    expect(page.locator("#scope")).to_contain_text("Hanya dalam 1 sumber terpilih")
    ask(page, "Apa itu PT PAL?")
    expect(page.locator(".foot")).to_contain_text("dari 1 sumber")
    expect(page.locator(".source-place").first).to_contain_text("hlm. ")
    page.locator("a.sitasi").first.click()
    quote = page.locator("#log .words").first.inner_text().removesuffix("1").strip()
    expect(page.locator("#pane mark")).to_have_text(quote)
    expect(page.locator("#pane .sheet img")).to_be_visible(timeout=20_000)
    boxes = page.locator("#pane .sheet-box")
    expect(boxes.first).to_be_visible()
    assert page.locator("#pane mark").evaluate(IN_VIEW)
    box = boxes.first.bounding_box()
    sheet = page.locator("#pane .sheet").bounding_box()
    assert box is not None
    assert sheet is not None
    assert sheet["y"] <= box["y"] <= sheet["y"] + sheet["height"], "the boxed sentence is in view"
    picture(page, "halaman-pdf")
    page.context.close()


def test_what_one_person_adds_another_neither_sees_nor_is_answered_from(browser: Browser, address: str) -> None:
    mine, other = enter(browser, address), enter(browser, address)
    drop(mine, "catatan.txt", "text/plain", NOTE.encode())
    expect(mine.locator(".intake-line.added")).to_be_visible(timeout=60_000)
    ask(mine, "Kapan Pangkalan Kilat Biru di Morotai mulai dibangun?")
    expect(mine.locator("#log .words").first).to_contain_text("12 Mei 2021")
    other.reload()
    expect(other.locator("#pane .shelf-group").first).to_be_visible(timeout=30_000)
    expect(other.locator("li.own")).to_have_count(0)
    ask(other, "Kapan Pangkalan Kilat Biru di Morotai mulai dibangun?")
    expect(other.locator("#log .abstention")).to_contain_text("Kilat")
    expect(other.locator("#log")).not_to_contain_text("12 Mei 2021")
    for page in (mine, other):
        page.context.close()


def test_a_record_is_edited_and_a_source_removed_after_one_question(browser: Browser, address: str) -> None:
    page = enter(browser, address)
    drop(page, "bab1.txt", "text/plain", b"Bab ini membahas patroli bersama di Selat Malaka sejak 2004.\n")
    expect(page.locator(".intake-line.added")).to_be_visible(timeout=60_000)
    page.get_by_role("button", name="Ubah catatan").click()
    page.locator("li.own [name=title]").fill("Patroli Selat Malaka")
    page.locator("li.own [name=authors]").fill("Sari, Dewi")
    page.get_by_role("button", name="Simpan", exact=True).click()
    expect(page.locator("li.own")).to_contain_text("Patroli Selat Malaka")
    expect(page.locator("li.own")).to_contain_text("Sari, Dewi")
    page.get_by_role("button", name="Hapus", exact=True).click()
    expect(page.locator(".sure")).to_contain_text("Hapus sumber ini")
    page.get_by_role("button", name="Ya, hapus").click()
    expect(page.locator("li.own")).to_have_count(0)
    page.context.close()


def test_a_file_that_cannot_be_read_says_why_and_what_to_do(browser: Browser, address: str, tmp_path: Path) -> None:
    page = enter(browser, address)
    drop(page, "skripsi.pdf", "application/pdf", b"%PDF-1.7 terpotong")
    refused = page.locator(".intake-line.refused")
    expect(refused).to_contain_text("skripsi.pdf", timeout=60_000)
    expect(refused).to_contain_text("rusak")
    drop(page, "film.mp4", "video/mp4", b"x")
    expect(page.locator(".drop-error")).to_contain_text("film.mp4")
    expect(page.locator(".drop-error")).to_contain_text(".docx")
    picture(page, "ditolak")
    page.context.close()
