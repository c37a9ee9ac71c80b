// The rows of a long list: those that are seen and some around them, fetched in parts, kept true where one looks.
import { row } from "./document_row.js";
import { translate } from "./language.js";
import { make } from "./make.js";

export const PART = 50; // documents that are fetched at once
const AROUND = 800; // px above and below what is seen in which rows are there, too
const USUAL = 56; // px of a row, until some were measured

export class DocumentList {
  element = make("ul", { class: "list card", "aria-label": translate("Documents") });
  /** How many documents the whole list has; null before the first answer. */
  total = null;
  #above = make("li", { class: "space", "aria-hidden": "true" });
  #below = make("li", { class: "space", "aria-hidden": "true" });
  #parts = new Map(); // by its place: a part's documents, as they were answered last
  #heights = new Map(); // by its place: how many px a part took when it was there
  #rows = new Map(); // by a document's number: its row, and what that says
  #looked = [0]; // the places that were wanted last
  #deeds;

  /** `deeds` are what a row's own buttons and box lead to. */
  constructor(deeds) {
    this.#deeds = deeds;
    this.element.hidden = true;
  }

  /** Of other words than those that are asked for now: shown until the new ones are there, but pale. */
  set isOld(old) {
    this.element.classList.toggle("old", old);
    this.element.setAttribute("aria-busy", String(old));
  }

  empty() {
    this.element.replaceChildren();
    this.element.hidden = true;
    this.total = null;
    for (const kept of [this.#parts, this.#heights, this.#rows]) kept.clear();
  }

  /** The places of the parts that are seen or nearly, or were before one left; the first while nothing is known. */
  get wanted() {
    if (!this.total) return [0];
    if (this.element.isConnected) this.#looked = this.#places();
    return this.#looked;
  }

  #places() {
    const top = -this.element.getBoundingClientRect().top - AROUND;
    const bottom = top + innerHeight + 2 * AROUND;
    const places = [];
    let from = 0;
    for (let place = 0; place * PART < this.total; place++) {
      const until = from + this.#height(place);
      if (until > top && from < bottom) places.push(place);
      from = until;
    }
    return places.length ? places : [Math.max(0, Math.ceil(this.total / PART) - 1)];
  }

  /** Of the parts that are wanted, those that were never fetched. */
  get missing() {
    return this.wanted.filter((place) => !this.#parts.has(place));
  }

  /** Every document whose row is there, in order. */
  get shown() {
    return this.wanted.flatMap((place) => this.#parts.get(place) ?? []);
  }

  put(place, { documents, total }) {
    this.total = total;
    this.#parts.set(place, documents);
    for (const other of this.#parts.keys())
      if (other && other * PART >= total) {
        this.#parts.delete(other);
        this.#heights.delete(other);
      }
  }

  /** Forget what was fetched of the parts that nobody looks at: it may not be true any more. */
  forgetUnseen() {
    const wanted = new Set(this.wanted);
    for (const place of [...this.#parts.keys()]) if (!wanted.has(place)) this.#parts.delete(place);
  }

  /** Have the rows there that are wanted, and no others; what is seen stays where it is. */
  show() {
    const places = this.wanted.filter((place) => this.#parts.has(place));
    const shown = places.flatMap((place) => this.#parts.get(place));
    const held = this.#hold();
    const first = (places[0] ?? 0) * PART;
    const rows = shown.map((one, at) => this.#kept(one, first + at));
    const gone = new Set(this.#rows.keys());
    for (const one of shown) gone.delete(one.id);
    for (const id of gone) this.#rows.delete(id);
    arrange(this.element, [this.#above, ...rows, this.#below]);
    this.element.hidden = !this.total;
    this.#measure(places, rows);
    const last = places.at(-1) ?? -1;
    this.#above.style.height = `${this.#sum(0, places[0] ?? 0)}px`;
    this.#below.style.height = `${this.#sum(last + 1, Math.ceil((this.total ?? 0) / PART))}px`;
    held();
  }

  /** How far from the top of the list the document at this place is, as far as that is known. */
  topOf(place) {
    const part = Math.floor(place / PART);
    return this.#sum(0, part) + (this.#height(part) / PART) * (place % PART);
  }

  /** Remember a row that is seen; the function that this gives puts it back where it was in the window. */
  #hold() {
    const box = (one) => one.getBoundingClientRect();
    const seen = [...this.element.children].find((one) => one.dataset.id && box(one).bottom > 0);
    if (!seen || box(seen).top > innerHeight || box(this.element).top > 0) return () => {};
    const { id } = seen.dataset;
    const top = box(seen).top;
    return () => {
      const now = this.#rows.get(Number(id))?.element;
      if (now?.isConnected) scrollBy({ top: box(now).top - top, behavior: "instant" });
    };
  }

  #measure(places, rows) {
    let at = 0;
    for (const place of places) {
      const part = rows.slice(at, (at += this.#parts.get(place).length));
      if (!part.length || !this.element.isConnected) continue;
      const [from, until] = [part[0].getBoundingClientRect().top, part.at(-1).getBoundingClientRect().bottom];
      if (until > from) this.#heights.set(place, until - from);
    }
  }

  #sum(from, until) {
    let sum = 0;
    for (let place = from; place < until; place++) sum += this.#height(place);
    return sum;
  }

  #height(place) {
    const known = this.#heights.get(place);
    if (known) return known;
    const [some] = this.#heights.values();
    const [least] = this.#heights.keys();
    const usual = some ? some / Math.min(PART, this.total - least * PART) : USUAL;
    return usual * Math.max(0, Math.min(PART, this.total - place * PART));
  }

  /** The row of a document: the old one while it says the same, so that focus stays. */
  #kept(one, at) {
    const said = JSON.stringify(one);
    const old = this.#rows.get(one.id);
    const same = old?.said === said;
    const element = same ? old.element : row(one, this.#deeds);
    element.setAttribute("aria-posinset", String(at + 1));
    element.setAttribute("aria-setsize", String(this.total));
    if (same) return element;
    const focused = old?.element.contains(document.activeElement) && document.activeElement.className;
    old?.element.replaceWith(element);
    if (focused !== undefined && focused !== false)
      (element.querySelector(focused ? `.${focused.split(" ")[0]}` : "a") ?? element.querySelector("a")).focus();
    this.#rows.set(one.id, { said, element });
    return element;
  }
}

/** Make these the children, moving none that is in its place already: what is moved loses focus. */
function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  children.forEach((child, place) => {
    const there = parent.children[place] ?? null;
    if (there !== child) parent.insertBefore(child, there);
  });
}
