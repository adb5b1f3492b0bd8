"""The screen in a real Chromium: what a student sees, clicks and reads. Pictures go to test-output/."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.fakes_screen import (
    BROKEN,
    CLAIMED,
    FOLLOW_UP,
    HARIMAU,
    HOSTILE_SOURCE,
    UNANSWERED,
    WHAT,
    ScriptedAssistant,
    make_app,
    make_library,
    prepared,
)
from tests.find_chromium import find_chromium
from tests.served import served

pytestmark = pytest.mark.browser

CHROMIUM = find_chromium()
assert CHROMIUM, "no Chromium found: `make test` installs one, or set CHROMIUM to its path"

PICTURES = Path(__file__).parents[1] / "test-output"
WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 360, "height": 740}
IN_VIEW = """element => {
  const box = element.getBoundingClientRect(), pane = element.closest('.pane-scroll').getBoundingClientRect();
  return box.top >= pane.top && box.bottom <= pane.bottom;
}"""

WATCH_ARRIVING = """() => {
  window.arriving = [];
  new MutationObserver(() => {
    const answer = document.querySelector('.arriving');
    if (answer) window.arriving.push(answer.querySelectorAll('.quote').length);
  }).observe(document.getElementById('chat'), { childList: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    assistant = ScriptedAssistant(make_library(tmp_path_factory.mktemp("library")), pause=0.15)
    app = make_app(tmp_path_factory.mktemp("home"), prepared(assistant))
    with served(app) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor who wants no motion; fails when anything outside this machine was asked for."""
    opened = browser.new_context(viewport=WIDE, locale="id-ID", reduced_motion="reduce", color_scheme="light")
    hosts: set[str | None] = set()
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    opened.grant_permissions(["clipboard-read", "clipboard-write"])
    yield opened
    opened.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob: addresses, which leave nothing


@pytest.fixture
def page(context: BrowserContext, address: str) -> Page:
    opened = context.new_page()
    visit(opened, address)
    return opened


def visit(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#question textarea")).to_be_visible(timeout=20_000)
    expect(page.locator("#pane article")).to_be_attached()


def ask(page: Page, question: str) -> None:
    """Ask and wait for the finished answer, the one with a foot or in a card of its own."""
    before = page.locator("#log .asked").count()
    page.locator("#question textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator("#log .asked")).to_have_count(before + 1)
    expect(page.locator("#log .answer").nth(before)).not_to_have_class("answer working")
    expect(page.locator("#log .answer.arriving, #log .answer.working")).to_have_count(0, timeout=10_000)


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


def test_an_example_streams_an_answer_with_citations(page: Page) -> None:
    expect(page.locator("#promise")).to_contain_text("3 teks sumber")
    picture(page, "mulai")
    page.evaluate(WATCH_ARRIVING)
    page.get_by_role("button", name=WHAT).click()
    expect(page.locator(".foot")).to_contain_text("3 kutipan dari 2 sumber")
    assert {1, 2} <= set(page.evaluate("window.arriving"))
    expect(page.locator("a.sitasi")).to_have_text(["1", "2", "3"])
    expect(page.locator("#welcome")).to_be_hidden()
    box = page.locator("a.sitasi").first.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_a_click_opens_the_document_at_the_quoted_sentence(page: Page) -> None:
    ask(page, WHAT)
    for n in range(3):
        page.locator("a.sitasi").nth(n).click()
        quote = page.locator("#log .words").nth(n).inner_text().removesuffix(str(n + 1)).strip()
        expect(page.locator("#pane mark")).to_have_text(quote)
        assert page.locator("#pane mark").evaluate(IN_VIEW)
        expect(page.locator("a.sitasi").nth(n)).to_have_attribute("aria-current", "true")
        expect(page.locator("a.sitasi[aria-current]")).to_have_count(1)
    picture(page, "kutipan")


def test_enter_on_a_marker_opens_and_escape_gives_the_focus_back(page: Page) -> None:
    ask(page, WHAT)
    marker = page.locator("a.sitasi").nth(1)
    marker.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#pane mark")).to_contain_text("Praktik ini memanfaatkan")
    expect(page.locator("#pane")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()
    expect(page.locator("#pane mark")).to_have_count(0)
    marker.click()
    page.get_by_role("button", name="Kembali").click()
    expect(marker).to_be_focused()


def test_previous_and_next_walk_through_the_citations(page: Page) -> None:
    ask(page, WHAT)
    page.locator("a.sitasi").first.click()
    expect(page.locator("[data-role=position]")).to_have_text("1 / 3")
    expect(page.get_by_role("button", name="Kutipan sebelumnya")).to_be_disabled()
    page.get_by_role("button", name="Kutipan berikutnya").click()
    page.get_by_role("button", name="Kutipan berikutnya").click()
    expect(page.locator("#pane mark")).to_contain_text("Landasan kerja sama")
    expect(page.locator("[data-role=position]")).to_have_text("3 / 3")


def test_references_stand_under_the_text_with_live_addresses(page: Page) -> None:
    ask(page, HARIMAU)
    page.locator(".quote a.sitasi").click()
    link = page.locator("#pane .references a")
    expect(link).to_be_visible()
    expect(link).to_have_attribute("href", "https://example.org/harimau")
    expect(link).to_have_attribute("target", "_blank")


def test_copying_takes_quote_and_title(page: Page) -> None:
    ask(page, HARIMAU)
    page.locator(".quote a.sitasi").click()
    page.get_by_role("button", name="Salin kutipan").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“Tank Harimau dikembangkan bersama")
    assert copied.endswith("(Kerja Sama Pertahanan Indonesia–Turki)")


def test_an_address_opens_its_quote_again_and_back_closes_it(page: Page, address: str) -> None:
    ask(page, HARIMAU)
    page.locator(".quote a.sitasi").click()
    expect(page.locator("#pane mark")).to_be_visible()
    deep_link = page.url
    assert "#kutipan/" in deep_link
    page.go_back()
    expect(page.locator("#pane mark")).to_have_count(0)
    fresh = page.context.new_page()
    visit(fresh, deep_link)
    expect(fresh.locator("#pane mark")).to_contain_text("Tank Harimau dikembangkan bersama")
    fresh.goto(f"{address}#kutipan/tidak-ada/0-4")
    fresh.reload()
    expect(fresh.locator("#pane")).to_contain_text("Teks ini tidak ada")


def test_an_abstention_shows_nearest_passages_that_open(page: Page) -> None:
    ask(page, UNANSWERED)
    expect(page.locator(".abstention .card-title")).to_have_text("Sumber tidak memuat jawabannya")
    expect(page.locator(".abstention .nearest")).to_have_count(3)
    picture(page, "tak-terjawab")
    expect(page.locator(".nearest .why-not").first).to_have_text("Tidak menyebut “cabai”.")
    expect(page.locator(".nearest .why-not").last).to_have_text("Tidak memuat jumlahnya.")
    page.locator(".nearest").nth(1).click()
    expect(page.locator("#pane .ruled").first).to_be_visible()


def test_a_suggested_question_is_asked_with_one_click(page: Page) -> None:
    ask(page, UNANSWERED)
    page.locator(".suggestion").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#log .asked").last).to_have_text(WHAT)
    expect(page.locator("#log .quote").first).to_contain_text("Diplomasi keamanan adalah praktik diplomasi")
    expect(page.locator("#question textarea")).to_have_value("")


def test_a_short_answer_leads_and_its_number_opens_its_sentence(page: Page) -> None:
    ask(page, HARIMAU)
    short = page.locator(".short-answer")
    expect(short).to_contain_text("PT Pindad dan FNSS dari Turki")
    short.locator("a.sitasi").click()
    expect(page.locator("#pane mark")).to_contain_text("Tank Harimau dikembangkan bersama")


def test_a_verdict_has_a_word_and_shows_what_was_compared(page: Page) -> None:
    ask(page, CLAIMED)
    expect(page.locator(".claim .verdict")).to_have_text("✓ Didukung sumber")
    expect(page.locator(".claim details p").last).to_be_hidden()
    page.locator(".claim summary").click()
    expect(page.locator(".claim details p").last).to_contain_text("Tank itu berbobot sekitar 35 ton")
    picture(page, "pernyataan")


def test_hostile_words_are_shown_as_text(page: Page) -> None:
    hostile = "<img src=x onerror=alert(1)> **tebal** $$x$$ [a](b) `k`\n\n# judul"
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    ask(page, hostile)
    assert page.locator("#log .asked").inner_text() == hostile
    assert page.locator("#log .asked *").count() == 0
    ask(page, HOSTILE_SOURCE)
    expect(page.locator("#log .words")).to_contain_text("<script>alert(1)</script> dengan *bintang*, _garis_, $$E")
    assert page.locator("#log .katex, #log .words strong, #log .words em, #log .words code").count() == 0
    page.locator(".quote a.sitasi").click()
    expect(page.locator("#pane h2").first).to_have_text('Judul "kutip" & <b>tebal</b> {kurung} $$x$$')
    assert page.locator("#pane script, #pane b").count() == 0


def test_two_people_do_not_see_each_other(page: Page, browser: Browser, address: str) -> None:
    ask(page, HARIMAU)
    other = browser.new_context(viewport=WIDE, locale="id-ID")
    stranger = other.new_page()
    visit(stranger, address)
    expect(stranger.locator("#log .asked")).to_have_count(0)
    ask(stranger, FOLLOW_UP)
    expect(stranger.locator(".abstention")).to_be_visible()
    ask(page, FOLLOW_UP)
    expect(page.locator(".searched")).to_contain_text("Dicari: Kapan perjanjiannya tank Harimau")
    other.close()


def test_a_new_conversation_starts_empty(page: Page) -> None:
    ask(page, HARIMAU)
    page.get_by_role("button", name="Obrolan baru").click()
    expect(page.locator("#promise")).to_be_visible()
    ask(page, FOLLOW_UP)
    expect(page.locator(".abstention")).to_be_visible()


def test_a_failure_is_told_and_the_question_kept(page: Page) -> None:
    ask(page, WHAT)
    ask(page, BROKEN)
    expect(page.locator(".failure")).to_contain_text("belum terjawab")
    expect(page.locator("#question textarea")).to_have_value(BROKEN)
    expect(page.locator(".quote")).to_have_count(3)


def test_shift_enter_writes_a_line_and_enter_sends(page: Page) -> None:
    page.locator("#question textarea").fill("Siapa")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("mitranya?")
    expect(page.locator("#question textarea")).to_have_value("Siapa\nmitranya?")
    page.keyboard.press("Enter")
    expect(page.locator("#log .asked")).to_have_text("Siapa\nmitranya?", use_inner_text=True)


def test_the_language_changes_every_word_and_is_remembered(page: Page) -> None:
    ask(page, WHAT)
    page.locator("a.sitasi").first.click()
    expect(page.locator("#pane mark")).to_be_visible()
    page.get_by_label("EN", exact=True).check(force=True)
    expect(page.locator("#send")).to_have_text("Send")
    expect(page.locator(".foot")).to_contain_text("3 quotes from 2 sources")
    expect(page.get_by_role("button", name="Copy quote")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#log [role=log]")).to_have_attribute("aria-label", "Conversation")
    page.reload()
    expect(page.get_by_role("button", name="What is security diplomacy?")).to_be_visible()
    expect(page.locator("#promise")).to_contain_text("3 source texts")
    expect(page.locator("#language label.selected")).to_have_text(["EN"])
    expect(page.locator("#pane .pane-close")).to_have_text("Back")
    picture(page, "inggris")


def test_the_theme_follows_the_system_and_then_the_choice(page: Page) -> None:
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name="Tema").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)" != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    ask(page, WHAT)
    page.locator("a.sitasi").first.click()
    expect(page.locator("#pane mark")).to_have_css("background-color", "rgb(74, 59, 0)")
    picture(page, "gelap")


def test_a_telephone_has_a_sheet_and_no_sideways_scroll(page: Page) -> None:
    page.set_viewport_size(PHONE)
    no_overflow = "document.documentElement.scrollWidth <= innerWidth && !document.querySelector('#log')?.scrollLeft"
    assert page.evaluate(no_overflow)
    ask(page, WHAT)
    ask(page, UNANSWERED)
    assert page.evaluate(no_overflow)
    assert page.evaluate("[...document.querySelectorAll('#log .answer')].every(e => e.scrollWidth <= innerWidth)")
    expect(page.locator("#pane")).to_be_hidden()
    page.locator("a.sitasi").first.click()
    expect(page.locator("#pane mark")).to_be_in_viewport()
    box = page.locator("#pane").bounding_box()
    assert box is not None
    assert (box["x"], round(box["y"] + box["height"]), round(box["height"] / 740, 2)) == (0, 740, 0.85)
    picture(page, "telepon")
    page.get_by_role("button", name="Kembali").click()
    expect(page.locator("#pane")).to_be_hidden()
    page.locator("a.sitasi").first.click()
    expect(page.locator("#pane")).to_be_visible()
    page.mouse.click(180, 60)  # the dimmed page above the sheet
    expect(page.locator("#pane")).to_be_hidden()


def test_gradio_shows_no_chrome_of_its_own(page: Page) -> None:
    ask(page, WHAT)
    expect(page.locator("footer")).to_be_hidden()
    for name in ("Share", "Settings", "Clear", "Flag", "Copy"):
        expect(page.get_by_role("button", name=name, exact=True)).to_have_count(0)


def test_what_is_typed_while_an_answer_arrives_stays(page: Page) -> None:
    field = page.locator("#question textarea")
    field.fill(WHAT)
    field.press("Enter")
    expect(field).to_have_value("")
    field.press_sequentially("Apa itu TKDN?", delay=40)
    expect(page.locator("#chat .foot")).to_be_visible(timeout=15_000)
    expect(field).to_have_value("Apa itu TKDN?")


def test_a_new_conversation_stops_the_answer_that_was_arriving(page: Page) -> None:
    field = page.locator("#question textarea")
    field.fill(WHAT)
    field.press("Enter")
    expect(page.locator("#chat .arriving, #chat .working").first).to_be_visible(timeout=10_000)
    page.get_by_role("button", name="Obrolan baru").click()
    expect(page.locator("#welcome")).to_be_visible()
    page.wait_for_timeout(2_000)  # longer than the whole answer takes to arrive
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#chat .quote")).to_have_count(0)


def test_an_empty_question_leaves_the_start_page(page: Page) -> None:
    page.locator("#question textarea").press("Enter")
    page.wait_for_timeout(500)
    expect(page.locator("#welcome")).to_be_visible()
