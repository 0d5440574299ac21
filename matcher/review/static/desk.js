"use strict";
/* Keys for the desk. Nothing works only here: each key clicks a button or follows a link that stands on the page.

   What pages mark, with data-key="…":
     suggestion   a card or row in a list: j and k go through them. The one the keys are at gets the class is-at.
     o            in it, or on the page: the link that opens the suggestion (Enter does the same)
     a  l  u      the button that approves, locks or unlocks, undoes
     r            the field for the reason of a rejection: it gets the focus, and a <details> around it opens
     n  p         the link to the next and to the previous suggestion, on a page that shows one: j and k follow them
     /            the search field
   A key acts inside the suggestion that j and k are at, and on the whole page where there is none. Buttons that are
   disabled are left alone. Keys do nothing while somebody types, nor with Ctrl, Alt or Meta, nor once they were
   switched off in the list of keys (kept in this browser under "matcher.keys"). */
(() => {
  const dialog = document.getElementById("keys");
  const help = document.querySelector("[data-keys-help]");
  const box = document.querySelector("[data-keys-on]");
  const kept = "matcher.keys";
  const read = () => { try { return localStorage.getItem(kept) !== "off"; } catch { return true; } };
  const keep = (on) => { try { localStorage.setItem(kept, on ? "on" : "off"); } catch { /* for this page only */ } };
  let isOn = read();

  const suggestions = () => [...document.querySelectorAll('[data-key="suggestion"]')];
  const at = () => document.querySelector('[data-key="suggestion"].is-at');
  const marked = (key) => {
    const usable = (one) => one && !one.disabled && one.getAttribute("aria-disabled") !== "true";
    const place = at() ?? document;
    return [...place.querySelectorAll(`[data-key="${key}"]`)].find(usable);
  };

  const goTo = (one) => {
    at()?.classList.remove("is-at");
    one.classList.add("is-at");
    const link = one.querySelector('[data-key="o"]');
    if (link) link.focus({ preventScroll: true });
    else { one.tabIndex = -1; one.focus({ preventScroll: true }); }
    one.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const all = suggestions();
    if (!all.length) { marked(by > 0 ? "n" : "p")?.click(); return; }
    const place = all.indexOf(at());
    goTo(all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by))]);
  };
  const open = (field) => {
    if (!field) return;
    for (let box = field.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    field.focus();
    field.scrollIntoView({ block: "nearest" });
  };
  const show = () => { if (dialog && !dialog.open) { box.checked = isOn; dialog.showModal(); } };
  const acts = {
    j: () => step(1), k: () => step(-1),
    o: () => marked("o")?.click(), a: () => marked("a")?.click(), l: () => marked("l")?.click(), u: () => marked("u")?.click(),
    r: () => open(marked("r")),
    "/": () => { const field = document.querySelector('[data-key="/"]'); field?.focus(); field?.select(); },
    "?": show,
  };

  const isTyping = (target) =>
    target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (!isOn || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || dialog?.open) return;
    if (isTyping(event.target) || !Object.hasOwn(acts, event.key)) return;
    event.preventDefault();
    acts[event.key]();
  });
  document.addEventListener("focusin", (event) => {
    const one = event.target.closest?.('[data-key="suggestion"]');
    if (one && one !== at()) { at()?.classList.remove("is-at"); one.classList.add("is-at"); }
  });

  if (dialog && help && box) {
    help.hidden = false;
    help.addEventListener("click", show);
    box.addEventListener("change", () => { isOn = box.checked; keep(isOn); });
  }
})();
