// The pages that have what is searched for, best first: what stands around it, and the way to its place on the scan.
import { ask } from "./ask.js";
import { translate, translateAround } from "./language.js";
import { button, make, sentence, trouble } from "./make.js";
import { ago, clock, manyPages } from "./words.js";

const FEW = 10;
const MANY = 100;
const NOT_UNDERSTOOD = 422;

/** Asks for one thing at a time: what was wanted meanwhile comes next, and an answer that is too old is dropped. */
export class FoundPages {
  #list = make("ul", { class: "list card", "aria-label": translate("Pages") });
  #said = make("div", { class: "said dim", role: "status" });
  #more = button(null, translate("Show more pages"), () => this.look(this.#wanted.words, this.#wanted.sifted, MANY));
  #wanted = { words: "", sifted: [], limit: FEW };
  #meant;
  #busy = false;
  element = make(
    "section",
    { class: "found", "aria-label": translate("In the texts") },
    make("div", { class: "over" }, make("h2", {}, translate("In the texts")), this.#said),
    this.#list,
    make("div", { class: "after" }, this.#more),
  );

  /** `meant` is called with other words, where somebody takes those that are offered. */
  constructor(meant) {
    this.#meant = meant;
    this.#show([], []);
  }

  /** Show the pages that have these words, of the documents that are `sifted` out; no words, no section. */
  async look(words, sifted, limit = FEW) {
    if (words !== this.#wanted.words) this.#old(true);
    this.#wanted = { words, sifted, limit };
    this.element.hidden = !words;
    if (this.#busy) return;
    this.#busy = true;
    for (let asked = null; asked !== this.#wanted; ) {
      asked = this.#wanted;
      const show = asked.words ? await this.#answer(asked) : () => this.#show([], []);
      if (asked === this.#wanted) show();
    }
    this.#busy = false;
  }

  async #answer({ words, sifted, limit }) {
    const wish = new URLSearchParams([["words", words], ["limit", String(limit)], ...sifted]);
    try {
      const { pages, nearest } = await ask("GET", `/v1/search?${wish}`);
      const said = [sum(pages, limit), ...this.#offer(nearest)];
      return () => this.#show(pages, said, pages.length === limit && limit < MANY);
    } catch (problem) {
      return () => this.#show([], refusal(problem));
    }
  }

  /** Pale while it answers other words than those that are asked for now. */
  #old(old) {
    for (const part of [this.#list, this.#said]) part.classList.toggle("old", old);
  }

  #offer(nearest) {
    if (!nearest) return [];
    const words = button(null, nearest, () => this.#meant(nearest), { class: "inline" });
    return [" ", ...translateAround("Did you mean {words}?", { words })];
  }

  #show(pages, said, goesOn = false) {
    this.#old(false);
    this.#list.replaceChildren(...pages.map(hit));
    this.#list.hidden = !pages.length;
    this.#more.parentElement.hidden = !goesOn;
    this.#said.replaceChildren(...said);
  }
}

function sum({ length }, limit) {
  if (!length) return translate("No page has that.");
  return length < limit ? manyPages(length) : translate("The best {number} pages", { number: limit });
}

/** That nobody is logged in any more is said once, at the top of the page. */
function refusal({ message, advice, status }) {
  if (status === 401) return [];
  return status === NOT_UNDERSTOOD ? sentence(`${message} ${advice}`) : [trouble(message, advice)];
}

function hit({ document: one, page, snippet, box }) {
  const moment = one.finished ?? one.added;
  return make(
    "li",
    { class: "row hit" },
    make(
      "a",
      { href: `#/document/${one.id}/${page}${placed(box)}`, title: one.path },
      make(
        "span",
        { class: "what" },
        make("strong", {}, one.name),
        make("span", { class: "where" }, translate("page {page}", { page })),
      ),
      make("time", { datetime: new Date(moment * 1000).toISOString(), title: clock(moment) }, ago(moment)),
      make(
        "span",
        { class: "snippet" },
        ...snippet.map((part) => (part.is_match ? make("mark", {}, part.text) : part.text)),
      ),
    ),
  );
}

const placed = (box) =>
  box ? `?box=${[box.left, box.top, box.right, box.bottom].map((one) => one.toFixed(4)).join(",")}` : "";
