// The rows of documents, as many as were fetched: kept true where somebody looks, continued where they end.
import { row } from "./document_row.js";
import { make } from "./make.js";

const ABOVE = 10; // rows before the first one that is seen which are kept true, too

export class DocumentList {
  element = make("ul", { class: "list card", "aria-label": "Documents" });
  /** Whether there are documents after the last row. */
  goesOn = false;
  #rows = new Map(); // by a document's number: its row, and what that says
  #changed;

  /** `changed` is called once something was asked of a document. */
  constructor(changed) {
    this.#changed = changed;
    this.element.hidden = true;
  }

  /** After which document those follow that are looked at; null: from the first on. */
  get lookedAtAfter() {
    const rows = [...this.element.children];
    const first = rows.findIndex((one) => one.getBoundingClientRect().bottom > 0);
    return first > ABOVE ? Number(rows[first - ABOVE].dataset.id) : null;
  }

  get last() {
    return Number(this.element.lastElementChild?.dataset.id) || null;
  }

  empty() {
    this.element.replaceChildren();
    this.element.hidden = true;
    this.#rows.clear();
    this.goesOn = false;
  }

  /** Put what was answered about the documents after this one in place of what was known of them. */
  put({ documents, before }, after) {
    const old = [...this.element.children];
    const from = old.findIndex((one) => one.dataset.id === String(after)) + 1;
    const named = new Set(documents.map((one) => String(one.id)));
    const overlap = old.findLastIndex((one, place) => place >= from && named.has(one.dataset.id)) + 1;
    const until = before !== null && overlap ? overlap : old.length; // else there may be others between
    for (const one of old.slice(from, until)) if (!named.has(one.dataset.id)) this.#remove(one);
    documents.forEach((one, place) => {
      const wanted = this.#kept(one);
      const there = this.element.children[from + place] ?? null;
      if (there !== wanted) this.element.insertBefore(wanted, there);
    });
    if (before === null) this.goesOn = false;
    else if (documents.at(-1)?.id === this.last) this.goesOn = true;
    this.element.hidden = !this.element.childElementCount;
  }

  #remove(one) {
    this.#rows.delete(Number(one.dataset.id));
    one.remove();
  }

  /** The row of a document: the old one while it says the same, so that focus stays. */
  #kept(one) {
    const { state, pages, pages_done, doubtful_pages, sentence, advice, note, finished } = one;
    const said = JSON.stringify([
      state,
      pages,
      pages_done,
      doubtful_pages,
      sentence,
      advice,
      note,
      finished,
    ]);
    const old = this.#rows.get(one.id);
    if (old?.said === said) return old.element;
    const fresh = row(one, this.#changed);
    const focused = old?.element.contains(document.activeElement);
    old?.element.replaceWith(fresh);
    if (focused) fresh.querySelector("a").focus();
    this.#rows.set(one.id, { said, element: fresh });
    return fresh;
  }
}
