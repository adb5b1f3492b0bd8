// The reading pane, language and theme. All words and all markup come from the server; this file only places them.
// The address holds what is open: "#kutipan/<document>/<start>-<end>/<mark>" or "#pustaka", so links, Back and reload work.
(() => {
  "use strict";

  const ADDRESS = /^#kutipan\/([^/]+)\/(\d+)-(\d+)(?:\/(\w+))?$/;
  const SHELF = "#pustaka";
  const QUESTION = "#tanya/";
  const WIDE = window.matchMedia("(min-width: 1200px)");
  const NARROW = window.matchMedia("(max-width: 759px)");
  const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");
  const DARK = window.matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;

  let marker = null; // the link that opened the pane: focus goes back to it
  let asked = 0; // number of the newest request: an older answer that comes late is dropped

  const pane = () => document.getElementById("pane");
  const saved = (key) => { try { return localStorage.getItem(`tanya.${key}`); } catch { return null; } };
  const save = (key, value) => { try { localStorage.setItem(`tanya.${key}`, value); } catch { /* private window */ } };

  // --- language and theme

  const language = () => saved("language") || root.dataset.language || "id";

  function setLanguage(choice) {
    const changed = choice !== root.dataset.language;
    root.dataset.language = choice;
    root.lang = choice;
    save("language", choice);
    pane()?.setAttribute("aria-label", pane().getAttribute(`data-name-${choice}`) || "");
    if (changed) show();
  }

  function setTheme(choice) {
    root.dataset.theme = choice;
    document.body?.classList.toggle("dark", choice === "dark"); // Gradio's own components look at this class
  }

  function switchTheme() {
    const choice = root.dataset.theme === "dark" ? "light" : "dark";
    save("theme", choice);
    setTheme(choice);
  }

  // --- the reading pane

  async function fetchFragment(address) {
    try {
      return await (await fetch(address)).text();
    } catch {
      return null;
    }
  }

  function fragmentAddress(hash) {
    const found = ADDRESS.exec(hash);
    if (!found) return `documents?lang=${language()}`;
    return `documents/${found[1]}?start=${found[2]}&end=${found[3]}&check=${found[4] || ""}&lang=${language()}`;
  }

  // Fill the pane with what the address names; with nothing named, the shelf stands there on a wide screen.
  async function show({ takeFocus = false } = {}) {
    const target = pane();
    if (!target) return;
    const hash = window.location.hash;
    const open = ADDRESS.test(hash) || hash === SHELF;
    const number = ++asked;
    root.toggleAttribute("data-open", open);
    light(hash);
    const fragment = await fetchFragment(fragmentAddress(hash));
    if (number !== asked) return;
    if (fragment === null) {
      const words = target.getAttribute(`data-unreachable-${language()}`);
      target.replaceChildren(Object.assign(document.createElement("p"), { className: "pane-notice", textContent: words }));
    } else {
      target.innerHTML = fragment; // our own route; every character of a text in it is escaped
    }
    target.querySelector("details.references")?.toggleAttribute("open", !NARROW.matches);
    root.toggleAttribute("data-page-image", Boolean(target.querySelector(".page-image")));
    placeSteps();
    centre(target);
    document.dispatchEvent(new CustomEvent("tanya:shown"));
    showPageImage(target.querySelector(".page-image"));
    if (takeFocus && open) target.focus({ preventScroll: true });
  }

  // The picture of the page comes after its text, with a box around each line of the quote.
  async function showPageImage(figure) {
    if (!figure) return;
    const response = await fetch(figure.dataset.page).catch(() => null);
    if (!figure.isConnected) return;
    if (!response?.ok) {
      figure.closest(".reading").classList.remove("with-image");
      figure.remove();
      root.removeAttribute("data-page-image");
      return;
    }
    const { png, boxes } = await response.json();
    const sheet = Object.assign(document.createElement("div"), { className: "sheet" });
    const image = Object.assign(new Image(), { alt: figure.dataset.alt, src: `data:image/png;base64,${png}` });
    sheet.append(image);
    for (const [left, top, width, height] of boxes) {
      const box = Object.assign(document.createElement("span"), { className: "sheet-box" });
      const place = { left, top, width, height };
      for (const side of Object.keys(place)) box.style[side] = `${100 * place[side]}%`;
      sheet.append(box);
    }
    figure.prepend(sheet);
    await image.decode().catch(() => null);
    const first = sheet.querySelector(".sheet-box");
    if (first) sheet.scrollTop = first.offsetTop - sheet.clientHeight / 2;
    centre(pane());
  }

  function centre(target) {
    const scroller = target.querySelector(".pane-scroll");
    const quote = target.querySelector("mark") || target.querySelector(".ruled");
    if (!scroller || !quote) return;
    const box = scroller.getBoundingClientRect();
    const at = quote.getBoundingClientRect();
    const lead = Math.max(24, (box.height - at.height) / 2);
    scroller.scrollTo({ top: scroller.scrollTop + at.top - box.top - lead, behavior: STILL.matches ? "auto" : "smooth" });
  }

  function close() {
    if (!window.location.hash) return;
    history.pushState(null, "", window.location.pathname + window.location.search);
    const back = (marker?.isConnected && marker) || lastMarker();
    show();
    back?.focus();
  }

  function open(hash, from) {
    marker = from;
    if (window.location.hash !== hash) history.pushState(null, "", hash);
    lastHash = hash;
    show({ takeFocus: true });
  }

  let lastHash = "";
  const links = () => [...document.querySelectorAll("#log a.sitasi, #log a.source-line, #log a.nearest")];
  const lastMarker = () => links().find((link) => link.getAttribute("href") === lastHash);

  // The marker of the open quote stays lit; the chat may redraw it at any time, so it is lit again then.
  function light(hash) {
    for (const link of links()) {
      if (link.getAttribute("href") === hash) {
        if (!link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
      } else if (link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
    }
  }

  // Gradio names every message by its raw markup, and the log in English; a screen reader should hear the words.
  function mendNames() {
    for (const message of document.querySelectorAll("#log [data-testid=bot], #log [data-testid=user]")) {
      message.removeAttribute("aria-label");
    }
    const log = document.querySelector("#log [role=log]");
    const name = pane()?.getAttribute(`data-log-${language()}`);
    if (log && name && log.getAttribute("aria-label") !== name) log.setAttribute("aria-label", name);
  }

  // A new question goes to the top of the log and stays there while its answer grows below it, so that reading
  // begins at the beginning; whoever scrolls takes over.
  let questions = 0;
  let following = null;

  function follow() {
    const asked = document.querySelectorAll("#log .asked");
    if (asked.length > questions) following = asked[asked.length - 1];
    questions = asked.length;
    const scroller = following?.isConnected && following.closest("[role=log]");
    if (!scroller) return;
    scroller.scrollTop += following.getBoundingClientRect().top - scroller.getBoundingClientRect().top - 16;
    if (!document.querySelector("#log .working, #log .arriving")) following = null;
  }

  // --- previous and next within the answer of the open citation

  function siblings() {
    const current = (marker?.isConnected && marker) || lastMarker();
    const answer = current?.closest(".answer");
    const every = answer ? [...answer.querySelectorAll(".quote a.sitasi, a.nearest")] : [];
    const seen = new Map(every.map((link) => [link.getAttribute("href"), link]));
    const unique = [...seen.keys()].map((href) => every.find((link) => link.getAttribute("href") === href));
    return { unique, at: unique.findIndex((link) => link.getAttribute("href") === window.location.hash) };
  }

  function placeSteps() {
    const { unique, at } = siblings();
    const several = at >= 0 && unique.length > 1;
    for (const [act, there] of [["previous", at > 0], ["next", at < unique.length - 1]]) {
      const button = pane().querySelector(`[data-act=${act}]`);
      if (button) Object.assign(button, { hidden: !several, disabled: !there });
    }
    const position = pane().querySelector("[data-role=position]");
    if (position) position.textContent = several ? `${at + 1} / ${unique.length}` : "";
  }

  function step(by) {
    const { unique, at } = siblings();
    const next = unique[at + by];
    if (next) open(next.getAttribute("href"), next);
  }

  // --- copying

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      // Only a secure origin has a clipboard; on a plain address within a school network this old way still works.
      const field = Object.assign(document.createElement("textarea"), { value: button.dataset.copy });
      button.after(field);
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    const words = button.textContent;
    if (words === button.dataset.done) return;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  }

  // --- events: one listener of each kind, so it holds for messages that come later

  const ACTS = { close, copy, previous: () => step(-1), next: () => step(1) };

  // A suggested question is asked as if it had been typed.
  function ask(question) {
    const field = document.querySelector("#question textarea");
    if (!field || field.disabled) return;
    const draft = field.value;
    const write = (words) => {
      Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(field, words);
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    write(question);
    setTimeout(() => document.querySelector("#send")?.click(), 0); // after the field has told its value
    if (!draft.trim()) return;
    const sent = setInterval(() => { // what was being written comes back when the field has been emptied
      if (field.value === question) return;
      clearInterval(sent);
      if (!field.value) write(draft);
    }, 50);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href^='#']");
    if (link?.getAttribute("href").startsWith(QUESTION)) {
      event.preventDefault(); // its address asks a question, and is nothing to open elsewhere
      ask(decodeURIComponent(link.getAttribute("href").slice(QUESTION.length)));
      return;
    }
    if (link && (ADDRESS.test(link.getAttribute("href")) || link.getAttribute("href") === SHELF)) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      open(link.getAttribute("href"), link.closest("#pane") ? marker : link);
      return;
    }
    const button = event.target.closest?.("#pane [data-act]");
    if (button) ACTS[button.dataset.act]?.(button); // those of the shelf are in library.js
    // The dimmed page behind the sheet.
    else if (event.target.closest?.("#pane-holder") && !event.target.closest("#pane")) close();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && root.hasAttribute("data-open")) close();
  });

  window.addEventListener("popstate", () => {
    lastHash = window.location.hash;
    show({ takeFocus: true });
  });

  // --- beginning

  async function whenReady() {
    for (;;) {
      const response = await fetch("readyz").catch(() => null);
      if (response && response.status !== 503) return;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }

  function begin() {
    setTheme(root.dataset.theme);
    root.dataset.language ||= saved("language") || document.querySelector("#language input:checked")?.value || "id";
    root.lang = root.dataset.language;
    lastHash = window.location.hash;
    show({ takeFocus: true });
    whenReady().then(() => show());
    const log = document.getElementById("chat"); // the log itself comes and goes inside it
    const look = () => { light(window.location.hash); mendNames(); follow(); };
    for (const kind of ["wheel", "touchmove"]) log.addEventListener(kind, () => { following = null; }, { passive: true });
    new MutationObserver(look).observe(log, { childList: true, subtree: true, attributeFilter: ["aria-label"] });
  }

  setTheme(saved("theme") || (DARK.matches ? "dark" : "light"));
  DARK.addEventListener("change", (event) => { if (!saved("theme")) setTheme(event.matches ? "dark" : "light"); });
  WIDE.addEventListener("change", () => placeSteps());
  window.tanya = { setLanguage, switchTheme, close, language, show };

  const waiting = setInterval(() => {
    if (!pane() || !document.getElementById("chat")) return;
    clearInterval(waiting);
    begin();
  }, 30);
})();
