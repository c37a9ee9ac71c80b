// The documents: all, or those in some states, or those whose path holds what is searched for.
import { ask } from "./ask.js";
import { button, empty, icon, make, trouble } from "./make.js";
import { row } from "./document_row.js";
import { say, trying } from "./say.js";
import { counted, ENDED_BADLY, many, OPEN } from "./words.js";

const TABS = [
  ["", "All", []],
  ["open", "In progress", OPEN],
  ["done", "Done", ["done"]],
  ["problems", "Problems", ENDED_BADLY],
  ["doubtful", "Doubtful", []],
];
const MANY = 50;
const CALM = 400; // ms between two looks at the list

/** @param {{ live: import("./live.js").Live, choose: () => void, tab: string }} given */
export function documents({ live, choose, tab }) {
  const [, , states] = TABS.find(([name]) => name === tab) ?? TABS[0];
  const rows = new Map();
  const list = make("ul", { class: "list card", "aria-label": "Documents" });
  const nothing = make("div", {});
  const troubles = make("div", { class: "troubles" });
  const search = make("input", {
    class: "field",
    type: "search",
    placeholder: "Search by name or folder",
    "aria-label": "Search documents",
    on: { input: () => look(true) },
  });
  const more = button(null, "Show more", () => {
    limit += MANY;
    look(true);
  });
  const again = button("retry", "Retry all", retryAll);
  const tabs = make("nav", { class: "tabs", "aria-label": "Which documents" });
  let limit = MANY,
    timer = 0,
    asked = 0,
    seen = "",
    known = false;

  const element = make(
    "div",
    {},
    make(
      "div",
      { class: "title" },
      make("h1", {}, "Documents"),
      make("div", { class: "search" }, icon("search"), search, make("kbd", { "aria-hidden": "true" }, "/")),
    ),
    troubles,
    make("div", { class: "filter" }, tabs, again),
    list,
    nothing,
    make("div", { class: "after" }, more),
  );
  for (const part of [list, again, more]) part.hidden = true;

  function look(soon) {
    if (!soon && timer) return;
    clearTimeout(timer);
    timer = setTimeout(
      async () => {
        timer = 0;
        await fetchList();
      },
      soon ? 120 : CALM,
    );
  }

  async function fetchList() {
    const number = ++asked;
    const wish = new URLSearchParams([
      ["limit", String(Math.min(limit, 1000))],
      ["search", search.value.trim()],
      ...states.map((state) => ["state", state]),
      ...(tab === "doubtful" ? [["doubtful", "true"]] : []),
    ]);
    const answer = await trying(() => ask("GET", `/v1/documents?${wish}`));
    if (answer && number === asked) show(answer);
  }

  function show({ documents: found, before }) {
    known = true;
    const wanted = found.map((one) => kept(one));
    for (const [id, { element: old }] of rows)
      if (!found.some((one) => one.id === id)) {
        old.remove();
        rows.delete(id);
      }
    wanted.forEach((one, place) => {
      if (list.children[place] !== one) list.insertBefore(one, list.children[place] ?? null);
    });
    list.hidden = !found.length;
    more.hidden = before === null;
    again.hidden = tab !== "problems" || !found.length;
    nothing.replaceChildren(...(found.length ? [] : [lesson()]));
  }

  /** The row of a document: the old one while it says the same, so that focus stays. */
  function kept(one) {
    const said = JSON.stringify([
      one.state,
      one.pages,
      one.pages_done,
      one.doubtful_pages,
      one.sentence,
      one.advice,
      one.note,
      one.finished,
    ]);
    const old = rows.get(one.id);
    if (old?.said === said) return old.element;
    const fresh = row(one, () => look(true));
    const focused = old?.element.contains(document.activeElement);
    old?.element.replaceWith(fresh);
    if (focused) fresh.querySelector("a").focus();
    rows.set(one.id, { said, element: fresh });
    return fresh;
  }

  function lesson() {
    if (search.value.trim())
      return empty(
        "Nothing found",
        make("p", {}, `No document's name or folder holds “${search.value.trim()}”.`),
      );
    const lessons = {
      open: ["Nothing waits", "Every document has been read."],
      done: ["No notes yet", "They appear here, and beside your scans, as soon as a document has been read."],
      problems: ["No problems", "Documents that cannot be read are listed here, with what to do about them."],
      doubtful: ["No doubts", "Documents with pages that may be misread are listed here."],
    };
    if (lessons[tab]) return empty(lessons[tab][0], make("p", {}, lessons[tab][1]));
    const folder = live.status?.folders[0]?.path ?? "a watched folder";
    return empty(
      "Drop a scan, get a note",
      make(
        "p",
        {},
        "Put a scan or a PDF into ",
        make("code", {}, folder),
        ". A Markdown note appears beside it.",
      ),
      make("p", {}, "Or drop a file anywhere on this page to read it just once."),
      button("upload", "Choose a file", choose),
    );
  }

  async function retryAll() {
    const answer = await trying(() => ask("POST", "/v1/retry-failed"));
    if (answer) say(`${many(answer.queued, "document")} will be read again.`);
  }

  function status(now) {
    if (!now) return;
    const wanted = JSON.stringify([
      now.counts,
      now.reading.map((page) => [page.document, page.page]),
      now.batch_done,
    ]);
    if (wanted !== seen) look(!known);
    seen = wanted;
    showTabs(tabs, tab, now.counts);
    const said = JSON.stringify(now.troubles);
    if (troubles.dataset.said !== said) {
      troubles.dataset.said = said;
      troubles.replaceChildren(...now.troubles.map((one) => trouble(one.sentence, one.advice)));
    }
  }

  return {
    title: "Documents",
    element,
    status,
    again: () => look(true),
    search,
    rows: () => [...list.querySelectorAll(".row > a")],
    close: () => clearTimeout(timer),
  };
}

function showTabs(place, chosen, counts) {
  const wanted = TABS.map(([name, words, states]) => {
    const count = name === "doubtful" ? 0 : counted(counts, states.length ? states : Object.keys(counts));
    return [name, words, count];
  });
  const said = JSON.stringify(wanted);
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  const focused = [...place.children].indexOf(document.activeElement);
  place.replaceChildren(
    ...wanted.map(([name, words, count]) =>
      make(
        "button",
        {
          type: "button",
          "aria-pressed": String(name === chosen),
          on: {
            click: () => {
              location.hash = name ? `#/documents/${name}` : "#/documents";
            },
          },
        },
        words,
        make("span", { class: "count" }, count || ""),
      ),
    ),
  );
  place.children[focused]?.focus();
}
