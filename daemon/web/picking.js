// Several documents at once: which are picked, and what can be asked of them all.
import { ask } from "./ask.js";
import { exportSeveral } from "./export.js";
import { translate, translateMany } from "./language.js";
import { button, make, surely } from "./make.js";
import { say, trying } from "./say.js";
import { willBeReadAgain } from "./words.js";

const QUICK = "quick";
const WILL_BE_READ = (count) => translateMany("Read {count} document again?", "Read {count} documents again?", count);
const WILL_BE_FORGOTTEN = (count) =>
  translateMany("Forget {count}? Its files stay.", "Forget {count}? Their files stay.", count);

export class Picking {
  #picked = new Set();
  #last = null; // the document that was picked last: with Shift, all from there on
  #count = make("strong", { role: "status" });
  #reader = make("select", { class: "field", "aria-label": translate("Read again with") });
  #again = surely("retry", translate("Read again"), () => this.#sum(WILL_BE_READ), () => this.#retry());
  #forgetting = surely("remove", translate("Forget"), () => this.#sum(WILL_BE_FORGOTTEN), () => this.#forget());
  #list;
  #all;
  #changed;

  /**
   * @param {{ list: () => number[], all: () => Promise<number[] | undefined>, changed: () => void }} given
   * `list` gives the documents whose rows are there, `all` those of the whole list.
   */
  constructor({ list, all, changed }) {
    this.#list = list;
    this.#all = all;
    this.#changed = changed;
    this.element = make(
      "div",
      { class: "picked card", role: "group", "aria-label": translate("The selected documents"), hidden: true },
      this.#count,
      button(null, translate("Select all"), () => this.#pickAll()),
      make("span", { class: "joined" }, this.#reader, this.#again),
      this.#forgetting,
      exportSeveral(() => [...this.#picked]),
      button("close", translate("Clear"), () => this.clear(), { class: "bare" }),
    );
  }

  has = (id) => this.#picked.has(id);

  get any() {
    return this.#picked.size > 0;
  }

  pick = (id, on, andBetween = false) => {
    const shown = this.#list();
    const ends = [shown.indexOf(this.#last), shown.indexOf(id)].sort((one, other) => one - other);
    const those = andBetween && ends[0] >= 0 ? shown.slice(ends[0], ends[1] + 1) : [id];
    for (const each of those) {
      if (on) this.#picked.add(each);
      else this.#picked.delete(each);
    }
    this.#last = id;
    this.#show();
  };

  /** What will happen, for whoever has to say it twice. */
  #sum = (words) => words(this.#picked.size);

  clear() {
    this.#picked.clear();
    this.#show();
  }

  async #pickAll() {
    const all = await this.#all();
    if (!all) return;
    this.#picked = new Set(all);
    this.#show();
  }

  #show() {
    const opens = this.element.hidden && this.any;
    this.element.hidden = !this.any;
    this.#count.textContent = translateMany("{count} selected", "{count} selected", this.#picked.size);
    for (const box of document.querySelectorAll(".row .pick"))
      box.checked = this.has(Number(box.closest(".row").dataset.id));
    if (opens) this.#fillReaders();
  }

  async #fillReaders() {
    const answer = await trying(() => ask("GET", "/v1/models"));
    const readers = (answer?.data ?? []).filter((one) => one.installed);
    this.#reader.replaceChildren(
      make("option", { value: "" }, translate("With the reader chosen now")),
      ...readers
        .filter(({ id }) => id !== QUICK)
        .map(({ id, title }) => make("option", { value: id }, translate("With {name}", { name: title }))),
      make("option", { value: QUICK }, translate("With the quick reader")),
    );
  }

  async #retry() {
    const wish = { documents: [...this.#picked], reader: this.#reader.value };
    const answer = await trying(() => ask("POST", "/v1/documents/retry", wish));
    if (answer) this.#done(willBeReadAgain(answer.queued));
  }

  async #forget() {
    const answer = await trying(() => ask("POST", "/v1/documents/forget", { documents: [...this.#picked] }));
    if (answer)
      this.#done(
        translateMany("{count} document forgotten.", "{count} documents forgotten.", answer.queued),
        translate("Files and notes stay where they are."),
      );
  }

  #done(happened, more) {
    say(happened, more);
    this.clear();
    this.#changed();
  }
}
