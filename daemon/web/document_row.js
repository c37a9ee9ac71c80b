// One document in the list: its name, where it lies, how far it is, and what went wrong.
import { ask } from "./ask.js";
import { unfinishedOf } from "./errands.js";
import { translate } from "./language.js";
import { button, icon, make, sentence } from "./make.js";
import { say, trying } from "./say.js";
import { ago, clock, ENDED_BADLY, manyPages, OPEN, split, STATES } from "./words.js";

/**
 * `changed` is called once something was asked of the document, `pick` when its box is pressed,
 * `isPicked` says whether it is picked.
 */
export function row(one, { changed, pick, isPicked }) {
  const [word, sign, colour] = STATES[one.state];
  const [top] = split(one.folder);
  const inside = split(one.path.slice(one.folder.length))[1];
  const reading = OPEN.includes(one.state);
  const moment = one.finished ?? one.added;
  return make(
    "li",
    { class: "row", "data-id": one.id },
    make(
      "label",
      { class: "picking" },
      make("input", {
        type: "checkbox",
        class: "pick",
        checked: isPicked(one.id),
        "aria-label": translate("Select {name}", { name: one.name }),
        on: { click: (event) => pick(one.id, event.target.checked, event.shiftKey) },
      }),
    ),
    make(
      "a",
      { href: `#/document/${one.id}` },
      thumbnail(one),
      make(
        "span",
        { class: `mark ${colour}`, title: word },
        icon(sign),
        make("span", { class: "hidden" }, word),
      ),
      make(
        "span",
        { class: "what" },
        make("strong", {}, one.name),
        make("span", { class: "where", title: one.path }, make("bdi", { dir: "ltr" }, top + inside)),
      ),
      make("span", { class: "far number" }, reading && one.pages > 1 ? progress(one) : pages(one)),
      make("time", { datetime: new Date(moment * 1000).toISOString(), title: clock(moment) }, ago(moment)),
    ),
    (one.sentence || ENDED_BADLY.includes(one.state)) && problem(one, changed),
    one.unfinished && unfinishedOf(one.unfinished),
  );
}

/** Its first page, small, once that was opened; an empty sheet where it cannot be drawn. */
function thumbnail(one) {
  const sheet = make("span", { class: "sheet-small" });
  if (!one.pages) return sheet;
  const source = `/v1/documents/${one.id}/thumbnail?of=${one.mtime_ns}`;
  sheet.append(
    make("img", { src: source, alt: "", loading: "lazy", on: { error: ({ target }) => target.remove() } }),
  );
  return sheet;
}

const pages = (one) => (one.pages ? make("span", {}, manyPages(one.pages), doubtful(one)) : "");

const doubtful = ({ pages: all, doubtful_pages: pages }) =>
  pages.length > 0 &&
  make(
    "span",
    { class: "tag warn", title: all > 1
          ? translate("Pages that may be misread: {pages}", { pages: pages.join(", ") })
          : translate("It may be misread") },
    all > 1 ? translate("{number} doubtful", { number: pages.length }) : translate("doubtful"),
  );

const progress = (one) =>
  make(
    "span",
    { class: "part" },
    translate("{number} of {total}", { number: one.pages_done, total: one.pages }),
    make("progress", {
      max: one.pages,
      value: one.pages_done,
      "aria-label": translate("Pages of {name} read", { name: one.name }),
    }),
  );

function problem(one, changed) {
  const happened = one.sentence || translate("Some of its pages could not be read; the note says which.");
  return make(
    "div",
    { class: "problem" },
    make("p", {}, make("strong", {}, ...sentence(happened)), " ", ...sentence(one.advice)),
    ENDED_BADLY.includes(one.state) &&
      button("retry", translate("Read again"), () => retry(one, changed), {
        "aria-label": translate("Read {name} again", { name: one.name }),
      }),
  );
}

/** Have it read again; with `changed` called once that is under way. */
export async function retry(one, changed) {
  const answer = await trying(() => ask("POST", `/v1/documents/${one.id}/retry`, {}));
  if (!answer) return;
  say(translate("{name} will be read again.", { name: one.name }));
  changed();
}
