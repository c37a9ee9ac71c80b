// The documents: all, or those in some states, sifted as one likes; or what is searched for, in texts, names and folders.
import { ask } from "./ask.js";
import { fetchUnfinished, unfinishedErrands } from "./errands.js";
import { DocumentList, PART } from "./document_list.js";
import { FoundPages } from "./found_pages.js";
import { translate } from "./language.js";
import { lesson } from "./lessons.js";
import { button, icon, make, trouble } from "./make.js";
import { Picking } from "./picking.js";
import { say, trying } from "./say.js";
import { Sifting } from "./sifting.js";
import { showTabs, statesOf } from "./tabs.js";
import { willBeReadAgain } from "./words.js";

const CALM = 400; // ms between two looks at the list
const SELDOM = 3000; // ms between two looks at what it can be narrowed by
const TRIES = 3; // to reach a place whose height is only known once it is there
const TYPING = 150; // ms after a letter, as another may follow

/**
 * @param {{ live: import("./live.js").Live, choose: () => void, tab: string, given: URLSearchParams }} given
 * `given` are the parameters of the address: what is searched for, and how the list is sifted.
 */
export function documents({ live, choose, tab, given }) {
  const found = new FoundPages(meant);
  const nothing = make("div", {});
  const troubles = make("div", { class: "troubles" });
  const search = make("input", {
    class: "field",
    type: "search",
    placeholder: translate("Search texts, names, folders"),
    maxlength: 200,
    value: given.get("words") ?? "",
    "aria-label": translate("Search documents"),
    on: { input: typed },
  });
  const picking = new Picking({
    list: () => list.shown.map((one) => one.id),
    all: async () => (await trying(() => ask("GET", `/v1/documents/numbers?${wish()}`)))?.documents,
    changed: () => look(0),
  });
  const list = new DocumentList({ changed: () => look(0), pick: picking.pick, isPicked: picking.has });
  const sifting = new Sifting(given, sifted, jump);
  const again = button("retry", translate("Read all again"), retryAll);
  const tabs = make("nav", { class: "tabs", "aria-label": translate("Which documents") });
  const filter = make("div", { class: "filter" }, tabs, make("div", { class: "buttons" }, again, sifting.element));
  const names = make("h2", { class: "over" }, translate("In names and folders"));
  let timer = 0,
    moved = 0, // the frame in which rows are put where one scrolled to
    listed = null, // the words and the sifting whose documents are in the list
    looking = false,
    wanted = false,
    seen = "",
    counted = "",
    groupsDue = 0,
    doubtful = 0,
    unfinished = new Map(); // by a document's number: what was to be done after reading and was not

  const title = make(
    "div",
    { class: "title" },
    make("h1", {}, translate("Documents")),
    make("div", { class: "search" }, icon("search"), search, make("kbd", { "aria-hidden": "true" }, "/")),
  );
  const element = make(
    "div",
    {},
    title,
    troubles,
    filter,
    found.element,
    names,
    picking.element,
    list.element,
    nothing,
  );
  again.hidden = true;
  showSearching();

  function searched() {
    return search.value.trim();
  }

  /** Which documents are wanted, as parameters of the API. */
  function wish() {
    const words = searched();
    return new URLSearchParams([
      ...(words ? [["search", words]] : statesOf(tab).map((state) => ["state", state])),
      ...(!words && tab === "doubtful" ? [["doubtful", "true"]] : []),
      ...sifting.wish,
    ]);
  }

  /** What is searched for, and how the list is sifted, is part of the address: so that one comes back to it. */
  function remember() {
    const place = tab ? `#/documents/${tab}` : "#/documents";
    const query = new URLSearchParams({ ...(searched() && { words: searched() }), ...sifting.chosen }).toString();
    history.replaceState(null, "", query ? `${place}?${query}` : place);
  }

  /** Other words that somebody probably meant. */
  function meant(words) {
    search.value = words;
    search.focus();
    typed();
  }

  function typed() {
    remember();
    showSearching();
    look(TYPING);
  }

  function sifted() {
    remember();
    showSearching();
    look(0);
  }

  /** A search goes through documents of all states; how the list is sifted holds for it, too. */
  function showSearching() {
    names.hidden = found.element.hidden = !searched();
    tabs.hidden = Boolean(searched());
    if (searched()) again.hidden = true;
    list.isOld = wish().toString() !== listed;
  }

  function look(wait) {
    if (wait === CALM && timer) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      timer = 0;
      found.look(searched(), sifting.wish);
      fetchList();
    }, wait);
  }

  /** The parts that are looked at, one after the other; again when there was news meanwhile. */
  async function fetchList() {
    wanted = true;
    if (looking) return;
    looking = true;
    while (wanted) {
      wanted = false;
      const asked = wish().toString();
      for (const place of asked === listed ? list.wanted : [0]) {
        if (!(await fetchPart(place, asked))) break;
      }
      list.forgetUnseen();
      await fetchMissing(asked);
    }
    looking = false;
  }

  /** What one scrolled to and was not there; on, as long as one scrolls. */
  async function fetchMissing(asked) {
    for (let [place] = list.missing; place !== undefined && element.isConnected; [place] = list.missing)
      if (!(await fetchPart(place, asked))) return;
  }

  /** Whether this part of the list is known now. */
  async function fetchPart(place, asked) {
    const query = new URLSearchParams(asked);
    query.append("limit", String(PART));
    query.append("offset", String(place * PART));
    const answer = await trying(() => ask("GET", `/v1/documents?${query}`));
    if (!answer || asked !== wish().toString()) return false;
    if (asked !== listed) list.empty();
    listed = asked;
    list.isOld = false;
    const documents = answer.documents.map((one) => ({ ...one, unfinished: unfinished.get(one.id) }));
    list.put(place, { ...answer, documents });
    list.show();
    again.hidden = tab !== "problems" || list.element.hidden || Boolean(searched());
    nothing.replaceChildren(
      ...(list.element.hidden ? [lesson({ tab, live, choose, words: searched(), sifted: sifting.wish.length })] : []),
    );
    return true;
  }

  function scrolled() {
    moved ||= requestAnimationFrame(async () => {
      moved = 0;
      if (!element.isConnected || listed === null) return;
      list.show();
      if (looking || !list.missing.length) return;
      looking = true;
      await fetchMissing(listed);
      looking = false;
      if (wanted) fetchList();
    });
  }

  /** To the first document that arrived before this moment: so many are newer. The list may not be here yet. */
  async function jump(moment) {
    const newer = wish();
    newer.set("since", String(moment));
    newer.set("limit", "1");
    const answer = await trying(() => ask("GET", `/v1/documents?${newer}`));
    if (!answer || !(await fetchPart(0, wish().toString())) || !list.total) return;
    const place = Math.min(answer.total, list.total - 1);
    const top = () => list.element.getBoundingClientRect().top + scrollY + list.topOf(place);
    let there = null;
    for (let tries = 0; tries < TRIES && !there; tries++) {
      scrollTo({ top: top() - innerHeight / 4, behavior: "instant" });
      list.show();
      await fetchMissing(listed);
      there = list.element.querySelector(`[aria-posinset="${place + 1}"] > a`);
    }
    there?.scrollIntoView({ block: "center", behavior: "instant" });
    there?.focus({ preventScroll: true });
  }

  async function fetchGroups() {
    groupsDue = Date.now() + SELDOM;
    const answer = await trying(() => ask("GET", "/v1/documents/groups"));
    if (!answer) return;
    sifting.fill(answer);
    doubtful = answer.doubtful;
    if (live.status) showTabs(tabs, tab, live.status.counts, doubtful);
  }

  async function retryAll() {
    const answer = await trying(() => ask("POST", "/v1/retry-failed"));
    if (answer) say(willBeReadAgain(answer.queued));
  }

  function status(now) {
    if (!now) return;
    const counts = JSON.stringify(now.counts);
    const said = JSON.stringify([counts, now.reading.map((page) => [page.document, page.page]), now.batch_done]);
    if (said !== seen) look(listed === null ? 0 : CALM);
    seen = said;
    if (counts !== counted && (Date.now() > groupsDue || now.activity === "idle")) {
      counted = counts;
      fetchGroups();
    }
    showTabs(tabs, tab, now.counts, doubtful);
    const wrong = JSON.stringify([now.troubles, now.errands_unfinished]);
    if (troubles.dataset.said !== wrong) {
      troubles.dataset.said = wrong;
      troubles.replaceChildren(...now.troubles.map((one) => trouble(one.sentence, one.advice)));
      if (now.errands_unfinished) troubles.append(unfinishedErrands(now.errands_unfinished));
      lookAtErrands(now.errands_unfinished);
    }
  }

  async function lookAtErrands(count) {
    if (!count && !unfinished.size) return;
    unfinished = count ? await fetchUnfinished() : new Map();
    look(0);
  }

  function escape() {
    if (picking.any) picking.clear();
    else if (searched()) {
      search.value = "";
      typed();
    }
  }

  /** Pick the document whose row has the focus, or pick it no more. */
  function pickFocused() {
    const id = Number(document.activeElement?.closest?.(".row[data-id]")?.dataset.id);
    if (id) picking.pick(id, !picking.has(id));
  }

  addEventListener("scroll", scrolled, { passive: true });
  addEventListener("resize", scrolled, { passive: true });
  return {
    title: translate("Documents"),
    isList: true,
    element,
    status,
    again: () => look(0),
    search,
    keys: { Escape: escape, x: pickFocused, g: () => sifting.open() },
    rows: () => [...element.querySelectorAll(".row > a")],
    close: () => {
      clearTimeout(timer);
      removeEventListener("scroll", scrolled);
      removeEventListener("resize", scrolled);
    },
  };
}
