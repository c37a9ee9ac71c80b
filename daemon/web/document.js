// One document: each page beside its part of the note, the note's Markdown, and what can be done with it.
import { ask } from "./ask.js";
import { doubtfulPages, nextDoubtful } from "./doubts.js";
import { documentErrands } from "./errands.js";
import { exportMenu } from "./export.js";
import { button, icon, make, surely, trouble } from "./make.js";
import { pageBeside } from "./page.js";
import { retry } from "./document_row.js";
import { shortPath, translate, translateMany, translateSentence } from "./language.js";
import { say, trying } from "./say.js";
import { clock, manyPages, split, STATES } from "./words.js";

/**
 * @param {{ id: number, page: number, box: object|null, up: string }} given
 * `box` is what to show of the page; `up` is where one came from.
 */
export function documentView({ id, page, box, up }) {
  let whole = null,
    shown = page,
    raw = false,
    seen = "",
    closed = false;
  const heading = make("h1", { tabindex: "-1" }, "…");
  const about = make("p", { class: "about" });
  const problem = make("div", {});
  const errands = documentErrands(id);
  const doubts = make("nav", { class: "doubts", "aria-label": translate("Doubtful pages") });
  const deeds = make("div", { class: "buttons" });
  const body = make("div", { class: "body" });
  const tabs = make("div", { class: "tabs", role: "group", "aria-label": translate("How to show it") });
  const pager = make("nav", { class: "pager", "aria-label": translate("Pages") });
  const element = make(
    "article",
    { class: "document" },
    make("a", { class: "up", href: up }, icon("back"), up.includes("?") ? translate("Search") : translate("Documents")),
    make("div", { class: "title" }, make("div", { class: "name" }, heading, about), deeds),
    problem,
    errands.element,
    doubts,
    make("div", { class: "filter" }, tabs, pager),
    body,
  );

  async function look() {
    const found = await ask("GET", `/v1/documents/${id}`).catch(missing);
    if (closed || !found) return;
    whole = found;
    shown = Math.min(Math.max(1, shown), Math.max(1, whole.pages));
    await errands.look(); // before the page is shown: what comes later would push it down
    if (closed) return;
    showHead();
    if (bodySays() !== body.dataset.says) showBody();
  }

  function missing(problem) {
    if (!whole) heading.textContent = translateSentence(problem.message);
  }

  /** What the body depends on: a page that is looked at stays as it is while others are read. */
  function bodySays() {
    const { state, seconds } = whole.each_page[shown - 1] ?? {};
    return JSON.stringify([shown, whole.pages, raw ? whole.note_text : [state, seconds]]);
  }

  function showHead() {
    const [word, sign, colour] = STATES[whole.state];
    const facts = [
      whole.pages ? manyPages(whole.pages) : "",
      whole.reader,
      whole.device,
      whole.finished ? clock(whole.finished) : "",
    ];
    const head = JSON.stringify([
      whole.state,
      facts,
      whole.sentence,
      whole.note,
      whole.note_text?.length,
      whole.doubtful_pages,
    ]);
    if (head === element.dataset.says) return;
    element.dataset.says = head;
    document.title = `${whole.name} · papertray`;
    heading.textContent = whole.name;
    about.replaceChildren(
      make("span", { class: `mark ${colour}` }, icon(sign), word),
      make("span", {}, facts.filter(Boolean).join(" · ")),
      make("span", { class: "path", title: whole.path }, translate("in {folder}", { folder: shortPath(split(whole.path)[1]) })),
    );
    problem.replaceChildren(...problems(whole));
    showDoubts();
    deeds.replaceChildren(
      ...[
        whole.note && button("open", translate("Open note"), openNote),
        whole.note_text !== null && button("copy", translate("Copy Markdown"), () => copy(whole.note_text)),
        whole.note && exportMenu(whole),
        button("retry", translate("Read again"), () => retry(whole, look)),
        surely("remove", translate("Forget"), translate("Really forget?"), forget),
      ].filter(Boolean),
    );
  }

  function showBody() {
    body.dataset.says = bodySays();
    const kinds = [
      [translate("Page and note"), false],
      [translate("Markdown"), true],
    ];
    tabs.replaceChildren(
      ...kinds.map(([words, is]) =>
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(raw === is),
            on: {
              click: () => {
                raw = is;
                showBody();
                tabs.children[Number(is)].focus();
              },
            },
          },
          words,
        ),
      ),
    );
    doubts.hidden = raw;
    pager.hidden = raw || whole.pages < 2;
    if (!pager.hidden) showPager();
    body.replaceChildren(
      raw
        ? markdown()
        : whole.pages
          ? pageBeside(whole, shown, shown === page ? box : null)
          : make("p", { class: "unread" }, unopened(whole)),
    );
  }

  function showDoubts() {
    const focused = [...doubts.children].indexOf(document.activeElement);
    doubts.replaceChildren(...doubtfulPages(whole, shown, turn));
    doubts.children[focused]?.focus();
  }

  function showPager() {
    const choice = make(
      "select",
      { class: "field", "aria-label": translate("Page"), on: { change: (event) => turn(Number(event.target.value)) } },
      ...whole.each_page.map((one) =>
        make(
          "option",
          { value: one.number, selected: one.number === shown },
          remark(whole, one),
        ),
      ),
    );
    pager.replaceChildren(
      button("back", null, () => turn(shown - 1), {
        class: "bare",
        "aria-label": translate("Previous page"),
        disabled: shown <= 1,
      }),
      choice,
      make("span", { class: "dim number" }, translate("of {pages}", { pages: whole.pages })),
      button("forward", null, () => turn(shown + 1), {
        class: "bare",
        "aria-label": translate("Next page"),
        disabled: shown >= whole.pages,
      }),
    );
  }

  function turn(to) {
    if (!whole || raw || to < 1 || to > whole.pages || to === shown) return;
    const which = [...pager.children].indexOf(document.activeElement);
    shown = to;
    showDoubts();
    history.replaceState(null, "", `#/document/${id}/${to}`);
    showBody();
    pager.children[which]?.focus();
  }

  const markdown = () =>
    whole.note_text === null
      ? make(
          "p",
          { class: "unread" },
          whole.state === "failed" ? translate("There is no note.") : translate("There is no note yet."),
        )
      : make(
          "pre",
          { class: "raw card", tabindex: "0", role: "region", "aria-label": translate("The note's Markdown") },
          whole.note_text,
        );

  const openNote = async () => {
    if (await trying(() => ask("POST", `/v1/documents/${id}/open`)))
      say(translate("Opening {name}.", { name: split(whole.note)[0] }));
  };

  const forget = async () => {
    if (!(await trying(() => ask("POST", `/v1/documents/${id}/forget`)))) return;
    say(
      translate("{name} is forgotten.", { name: whole.name }),
      translate("The file and its note stay where they are."),
    );
    location.hash = up;
  };

  function status(now) {
    const said = JSON.stringify([now?.counts, now?.errands_unfinished, now?.outputs_left, now?.reading.filter((one) => one.document === id)]);
    if (said !== seen) look();
    seen = said;
  }

  /** A page whose picture or text could not be fetched comes anew. */
  function again() {
    if (body.querySelector(".unread")) body.dataset.says = "";
    look();
  }

  const keys = {
    ArrowLeft: () => turn(shown - 1),
    ArrowRight: () => turn(shown + 1),
    d: () => whole && turn(nextDoubtful(whole, shown)),
    Escape: () => {
      location.hash = up;
    },
  };
  return {
    title: translate("Document"),
    element,
    wide: true,
    status,
    again,
    keys,
    close: () => {
      closed = true;
    },
  };
}

const unopened = ({ state }) =>
  state === "failed" ? translate("None of its pages can be shown.") : translate("It has not been opened yet.");

const remark = ({ doubtful_pages: doubtful }, { number, state }) =>
  state === "failed"
    ? translate("Page {number}, failed", { number })
    : doubtful.includes(number)
      ? translate("Page {number}, doubtful", { number })
      : translate("Page {number}", { number });

/** What went wrong with a document, or with some of its pages. */
function problems({ sentence, advice, state, each_page: pages }) {
  if (sentence) return [trouble(sentence, advice)];
  const failed = pages.filter((one) => one.state === "failed").map((one) => one.number);
  if (state !== "problems" || !failed.length) return [];
  return [
    trouble(
      translateMany("Page {pages} could not be read.", "Pages {pages} could not be read.", failed.length, {
        pages: failed.join(", "),
      }),
    ),
  ];
}

/** Put text onto the clipboard, and say so. */
export async function copy(text) {
  const done = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  if (done) say(translate("Copied."));
  else say(
      translate("The browser did not allow copying."),
      translate("Select the text and copy it by hand."),
    );
}
