// The documents: all, or those in some states; or what is searched for, in texts, names and folders.
import { ask } from "./ask.js";
import { DocumentList } from "./document_list.js";
import { FoundPages } from "./found_pages.js";
import { button, empty, icon, make, trouble } from "./make.js";
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
const TYPING = 150; // ms after a letter, as another may follow
const NEAR = 800; // px from the end of the list where more is fetched

/**
 * @param {{ live: import("./live.js").Live, choose: () => void, tab: string, words: string }} given
 * `words` are those that are searched for from the beginning.
 */
export function documents({ live, choose, tab, words }) {
  const [, , states] = TABS.find(([name]) => name === tab) ?? TABS[0];
  const list = new DocumentList(() => look(0));
  const found = new FoundPages();
  const nothing = make("div", {});
  const troubles = make("div", { class: "troubles" });
  const search = make("input", {
    class: "field",
    type: "search",
    placeholder: "Search texts, names, folders",
    maxlength: 200,
    value: words,
    "aria-label": "Search documents",
    on: { input: typed },
  });
  const again = button("retry", "Read all again", retryAll);
  const tabs = make("nav", { class: "tabs", "aria-label": "Which documents" });
  const filter = make("div", { class: "filter" }, tabs, again);
  const names = make("h2", { class: "over" }, "In names and folders");
  const end = make("div", { class: "end" });
  const scrolled = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && look(0), {
    rootMargin: `${NEAR}px`,
  });
  let timer = 0,
    listed = null, // the words whose documents are in the list
    looking = false,
    wanted = false,
    seen = "";

  const title = make(
    "div",
    { class: "title" },
    make("h1", {}, "Documents"),
    make("div", { class: "search" }, icon("search"), search, make("kbd", { "aria-hidden": "true" }, "/")),
  );
  const element = make(
    "div",
    {},
    title,
    troubles,
    found.element,
    names,
    filter,
    list.element,
    end,
    nothing,
  );
  again.hidden = true;
  showSearching();

  function searched() {
    return search.value.trim();
  }

  /** What is searched for is part of the address, so that one comes back to it. */
  function typed() {
    const place = tab ? `#/documents/${tab}` : "#/documents";
    const query = searched() && `?${new URLSearchParams({ words: searched() })}`;
    history.replaceState(null, "", place + query);
    showSearching();
    look(TYPING);
  }

  /** A search goes through all documents, whatever their state. */
  function showSearching() {
    names.hidden = found.element.hidden = !searched();
    filter.hidden = Boolean(searched());
  }

  function look(wait) {
    if (wait === CALM && timer) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      if (searched() !== listed) found.look(searched());
      fetchList();
    }, wait);
  }

  /** Where somebody looks, then on as far as they are near the end; one after the other. */
  async function fetchList() {
    wanted = true;
    if (looking) return;
    looking = true;
    let known = false;
    while (wanted) {
      wanted = false;
      known = await fetchAfter(list.lookedAtAfter);
      while (known && !wanted && list.goesOn && isNearEnd()) known = await fetchAfter(list.last);
    }
    looking = false;
    if (!known || !list.goesOn) return;
    scrolled.unobserve(end); // it tells of changes only, and the end may have come and gone meanwhile
    scrolled.observe(end);
  }

  function isNearEnd() {
    return element.isConnected && end.getBoundingClientRect().top < innerHeight + NEAR;
  }

  /** Whether the documents after this one are known now. */
  async function fetchAfter(number) {
    const sought = searched();
    const after = sought === listed ? number : null;
    const wish = new URLSearchParams([
      ["limit", String(MANY)],
      ...(after === null ? [] : [["before", String(after)]]),
      ...(sought ? [["search", sought]] : states.map((state) => ["state", state])),
      ...(!sought && tab === "doubtful" ? [["doubtful", "true"]] : []),
    ]);
    const answer = await trying(() => ask("GET", `/v1/documents?${wish}`));
    if (!answer || sought !== searched()) return false;
    if (sought !== listed) list.empty();
    listed = sought;
    list.put(answer, after);
    again.hidden = tab !== "problems" || list.element.hidden;
    nothing.replaceChildren(...(list.element.hidden ? [lesson()] : []));
    return true;
  }

  function lesson() {
    if (searched()) return make("p", { class: "dim" }, `No name or folder holds “${searched()}”.`);
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
    const said = JSON.stringify([
      now.counts,
      now.reading.map((page) => [page.document, page.page]),
      now.batch_done,
    ]);
    if (said !== seen) look(listed === null ? 0 : CALM);
    seen = said;
    showTabs(tabs, tab, now.counts);
    const wrong = JSON.stringify(now.troubles);
    if (troubles.dataset.said !== wrong) {
      troubles.dataset.said = wrong;
      troubles.replaceChildren(...now.troubles.map((one) => trouble(one.sentence, one.advice)));
    }
  }

  /** Out of the search, wherever one is in what was found. */
  function leaveSearch() {
    search.value = "";
    typed();
  }

  scrolled.observe(title);
  scrolled.observe(end);
  return {
    title: "Documents",
    isList: true,
    element,
    status,
    again: () => {
      found.look(searched());
      look(0);
    },
    search,
    keys: { Escape: () => searched() && leaveSearch() },
    rows: () => [...element.querySelectorAll(".row > a")],
    close: () => {
      clearTimeout(timer);
      scrolled.disconnect();
    },
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
