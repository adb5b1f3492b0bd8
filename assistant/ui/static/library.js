// The shelf: adding sources, watching them come in, editing and removing them, and choosing which ones answer.
(() => {
  "use strict";

  const HEADERS = { "X-Tanya": "1" }; // another site's page cannot send it
  const LOOK_AGAIN = 700; // milliseconds between two looks at files that are coming in
  const CHOSEN = "tanya.chosen";

  const pane = () => document.getElementById("pane");
  const shelf = () => pane()?.querySelector(".shelf");
  const part = (role) => shelf()?.querySelector(`[data-role=${role}]`);
  const language = () => window.tanya.language();

  const chosen = new Set(read(CHOSEN));
  let finished = null; // how many files were finished at the last look; null before the first
  let looking = 0;

  function read(key) {
    try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return []; }
  }

  async function send(address, options = {}) {
    const response = await fetch(address, { method: "POST", ...options, headers: { ...HEADERS, ...options.headers } }).catch(() => null);
    if (response?.ok) return response;
    const words = response ? (await response.json().catch(() => ({}))).message : "";
    refusals.push(words || pane().getAttribute(`data-unreachable-${language()}`));
    place();
    return null;
  }

  // --- adding

  const refusals = [];

  function place() {
    const target = part("refused");
    if (!target) return;
    target.replaceChildren(...refusals.map((words) => Object.assign(document.createElement("span"), { textContent: words })));
    target.hidden = !refusals.length;
  }

  async function handIn(files) {
    refusals.length = 0;
    place();
    for (const file of files) {
      await send(`library/files?name=${encodeURIComponent(file.name)}&lang=${language()}`, { body: file });
      look();
    }
  }

  // --- watching

  async function look() {
    clearTimeout(looking);
    const target = part("intake");
    if (!target) return;
    const response = await fetch(`library/progress?lang=${language()}`).catch(() => null);
    if (!response?.ok || !target.isConnected) return;
    const markup = await response.text();
    if (target.innerHTML !== markup) target.innerHTML = markup; // our own route; every name in it is escaped
    const state = target.firstElementChild;
    const now = Number(state?.dataset.finished || 0);
    if (finished !== null && now > finished) reload();
    finished = now;
    if (state?.hasAttribute("data-active")) looking = setTimeout(look, LOOK_AGAIN);
  }

  // The list is made anew when something came or went; what the person was doing there stays.
  async function reload() {
    const scroller = pane().querySelector(".pane-scroll");
    const top = scroller?.scrollTop || 0;
    const words = part("search")?.value || "";
    await window.tanya.show();
    if (part("search")) part("search").value = words;
    filter();
    const renewed = pane().querySelector(".pane-scroll");
    if (renewed) renewed.scrollTop = top;
  }

  // --- choosing

  function showChosen() {
    for (const box of shelf()?.querySelectorAll("[data-choose]") || []) box.checked = chosen.has(box.dataset.choose);
    try { sessionStorage.setItem(CHOSEN, JSON.stringify([...chosen])); } catch { /* private window */ }
    const chat = document.getElementById("chat");
    if (!chat) return;
    let bar = document.getElementById("scope");
    if (!chosen.size) { bar?.remove(); return; }
    if (!bar) {
      bar = Object.assign(document.createElement("div"), { id: "scope" });
      bar.append(document.createElement("span"), Object.assign(document.createElement("button"), { type: "button" }));
      bar.lastChild.addEventListener("click", () => { chosen.clear(); showChosen(); });
      document.getElementById("ask").before(bar);
    }
    bar.firstChild.textContent = pane().getAttribute(`data-only-${language()}`).replace("#", String(chosen.size));
    bar.lastChild.textContent = pane().getAttribute(`data-every-${language()}`);
  }

  function filter() {
    const words = (part("search")?.value || "").toLowerCase().split(/\s+/).filter(Boolean);
    let any = false;
    for (const section of shelf()?.querySelectorAll("section") || []) {
      let some = false;
      for (const entry of section.querySelectorAll(":scope > ul > li")) {
        const text = entry.querySelector(".shelf-entry").textContent.toLowerCase();
        entry.hidden = !words.every((word) => text.includes(word));
        some ||= !entry.hidden;
      }
      if (!section.matches(".shelf-own")) section.hidden = !some;
      any ||= some;
    }
    const none = shelf()?.querySelector(".shelf-none");
    if (none) none.hidden = any;
  }

  // --- editing and removing

  const holder = (element) => element.closest("[data-document]");

  async function save(form) {
    const edits = Object.fromEntries(new FormData(form));
    const options = { body: JSON.stringify(edits), headers: { "Content-Type": "application/json" } };
    if (await send(`documents/${holder(form).dataset.document}/record?lang=${language()}`, options)) reload();
  }

  const ACTS = {
    edit: (button) => {
      const form = holder(button).querySelector("form");
      form.hidden = !form.hidden;
      if (!form.hidden) form.querySelector("input").focus();
    },
    remove: (button) => {
      const sure = holder(button).querySelector(".sure");
      sure.hidden = !sure.hidden;
    },
    "remove-now": async (button) => {
      const id = holder(button).dataset.document;
      if (await send(`documents/${id}/remove?lang=${language()}`)) {
        chosen.delete(id);
        showChosen();
        reload();
      }
    },
    cancel: async (button) => { await send(`library/items/${item(button)}/cancel`); look(); },
    choose: async (button) => { await send(`library/items/${item(button)}/choose?choice=${button.dataset.choice}`); look(); },
    dismiss: async () => { refusals.length = 0; place(); await send("library/dismiss"); look(); },
  };

  const item = (button) => button.closest("[data-item]").dataset.item;

  // --- events

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("#pane .shelf [data-act]");
    if (button) ACTS[button.dataset.act]?.(button);
  });

  document.addEventListener("change", (event) => {
    const box = event.target.closest?.("[data-choose]");
    if (box) {
      chosen[box.checked ? "add" : "delete"](box.dataset.choose);
      showChosen();
    } else if (event.target.matches?.("[data-role=files]")) {
      handIn([...event.target.files]);
      event.target.value = "";
    }
  });

  document.addEventListener("input", (event) => { if (event.target.matches?.("[data-role=search]")) filter(); });

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches?.("[data-role=address], [data-role=record]")) return;
    event.preventDefault();
    if (form.matches("[data-role=record]")) { save(form); return; }
    const url = form.elements.url.value.trim();
    const options = { body: JSON.stringify({ url }), headers: { "Content-Type": "application/json" } };
    if (url && await send("library/addresses", options)) { form.reset(); look(); }
  });

  // A file dropped beside its place must not make the browser leave the page.
  for (const kind of ["dragover", "drop"]) {
    window.addEventListener(kind, (event) => {
      const drop = part("files")?.closest(".drop");
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      drop?.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && drop && event.target.closest?.("#pane")) handIn([...event.dataTransfer.files]);
    });
  }

  document.addEventListener("tanya:shown", () => { finished = null; place(); showChosen(); look(); });

  window.tanya.chosen = () => [...chosen].join(" ");
})();
