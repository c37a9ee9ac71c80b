// What is done once a document is read, its outputs and what rules want: what failed or waits, and why.
import { ask } from "./ask.js";
import { translate, translateMany, translateSentence } from "./language.js";
import { button, empty, icon, make, sentence, surely, trouble } from "./make.js";
import { trying } from "./say.js";

const ACTIONS = { run: translate("command"), webhook: translate("webhook") };

/** Of all documents: those that failed, or wait to be tried again. */
export function errandsView() {
  const list = make("ul", { class: "list card", "aria-label": translate("After reading") });
  const nothing = make("div", {});
  const element = make(
    "div",
    {},
    make("a", { class: "up", href: "#/documents" }, icon("back"), translate("Documents")),
    make("div", { class: "title" }, make("h1", {}, translate("After reading"))),
    make(
      "p",
      { class: "lead dim" },
      translate("What rules and folders want done once a document is read. Here is what failed, or waits to be tried again; the notes stand."),
    ),
    list,
    nothing,
  );
  let seen = "";
  list.hidden = true;

  async function look() {
    const answer = await trying(() => ask("GET", "/v1/errands"));
    if (!answer) return;
    const focused = [...list.querySelectorAll("a, button")].indexOf(document.activeElement);
    list.replaceChildren(...answer.errands.map((one) => make("li", { class: "row errand" }, errand(one, look, one.name))));
    list.hidden = !answer.errands.length;
    nothing.replaceChildren(...(list.hidden ? [empty(translate("All is done"))] : []));
    if (focused >= 0) [...list.querySelectorAll("a, button")].at(Math.min(focused, list.children.length * 3 - 1))?.focus();
  }

  function status(now) {
    const said = JSON.stringify([now?.errands_unfinished, now?.outputs_left, now?.troubles]);
    if (said !== seen) look();
    seen = said;
  }

  return { title: translate("After reading"), element, status, again: look, close: () => {} };
}

/** Of one document: what did not work as troubles, what did below a line that opens. */
export function documentErrands(id) {
  const element = make("div", { class: "errands" });
  let shown = "";

  async function look() {
    const answer = await ask("GET", `/v1/documents/${id}/errands`).catch(() => null);
    if (!answer || shown === JSON.stringify(answer)) return;
    shown = JSON.stringify(answer);
    const wrong = answer.errands.filter(isUnfinished);
    const rest = answer.errands.filter((one) => !isUnfinished(one));
    const open = element.querySelector("details")?.open ?? false;
    element.replaceChildren(
      ...wrong.map((one) => make("div", { class: "trouble errand" }, icon("problems"), errand(one, look, ""))),
      rest.length ? others(rest, open) : "",
    );
  }

  return { element, look };
}

const others = (errands, open) =>
  make(
    "details",
    { open },
    make("summary", {}, translateMany("After reading: {count} errand", "After reading: {count} errands", errands.length)),
    make("ul", {}, ...errands.map((one) => make("li", {}, make("strong", {}, nameOf(one)), " ", howItWent(one)))),
  );

/** Above the list of documents: how many there are, and the way to them. */
export function unfinishedErrands(count) {
  const told = trouble(
    translateMany("{count} errand failed or waits.", "{count} errands failed or wait.", count),
    translate("The notes stand; what was to be done after reading was not."),
  );
  told.append(make("a", { class: "button", href: "#/errands" }, translate("Show")));
  return told;
}

const isUnfinished = ({ worked, given_up: givenUp, outcome }) => !worked && !givenUp && outcome !== "";

const nameOf = ({ rule, action }) =>
  rule ? translate("Rule {name}, {action}", { name: rule, action: ACTIONS[action] ?? action }) : translate("Outputs");

const howItWent = ({ outcome, ended, given_up: givenUp }) =>
  [
    translateSentence(outcome),
    ended === null && (outcome ? translate("It is tried again.") : translate("It is due.")),
    givenUp && translate("It was given up."),
  ]
    .filter(Boolean)
    .join(" ");

/** What it is, how it went and what can be done; with the document's name where that is not said already. */
function errand(one, changed, name) {
  const then = (what) => async () => {
    await trying(() => ask("POST", `/v1/errands/${one.id}/${what}`));
    await changed();
  };
  const what = name ? `${name}: ${nameOf(one)}` : nameOf(one);
  return make(
    "div",
    { class: "errand-what" },
    make(
      "p",
      {},
      make("strong", {}, name && make("a", { href: `#/document/${one.document}` }, name), name && " · ", nameOf(one)),
      make("span", {}, ...sentence(howItWent(one))),
    ),
    make(
      "div",
      { class: "buttons" },
      button("retry", translate("Try again"), then("retry"), { "aria-label": translate("Try again: {name}", { name: what }) }),
      surely("close", translate("Give up"), translate("Really give up?"), then("give-up")),
    ),
  );
}
