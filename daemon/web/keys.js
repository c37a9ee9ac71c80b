// The keyboard: / to search, j k and arrows through the documents, Escape back; views have keys of their own.

const MENUS = "details:is(.menu, .sifting)[open]";

/** @param {() => any} view The view that is shown. */
export function listenToKeys(view) {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape" && closeMenu()) return;
    const shown = view();
    if (writing(event.target)) {
      if (event.key === "Escape") leave(event.target, shown);
      if (["ArrowDown", "Enter"].includes(event.key) && event.target === shown?.search)
        step(shown, 1, event);
      return;
    }
    if (event.key === "/" && shown?.search) {
      event.preventDefault();
      shown.search.focus();
    } else if (shown?.keys?.[event.key] && !event.target.closest?.(".frame, .scrolled, .raw"))
      shown.keys[event.key]();
    else if (["j", "ArrowDown"].includes(event.key)) step(shown, 1, event);
    else if (["k", "ArrowUp"].includes(event.key)) step(shown, -1, event);
  });
  addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll(MENUS))
      if (!menu.contains(event.target)) menu.open = false;
  });
}

function step(shown, by, event) {
  const rows = shown?.rows?.() ?? [];
  if (!rows.length || event.target.closest?.("details, .problem")) return;
  event.preventDefault();
  const at = rows.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1);
  rows[next].focus();
}

function leave(field, shown) {
  field.blur();
  if (field === shown?.search) shown.keys?.Escape?.();
}

const writing = (target) => target.matches?.("input:not([type=radio], [type=checkbox]), select, textarea");

function closeMenu() {
  const open = document.querySelector(MENUS);
  if (!open) return false;
  open.open = false;
  open.querySelector("summary").focus();
  return true;
}
