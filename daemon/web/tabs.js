// Which documents the list shows, by where they stand: a tab for each sort, with how many there are.
import { number, translate } from "./language.js";
import { make } from "./make.js";
import { counted, ENDED_BADLY, OPEN } from "./words.js";

const TABS = [
  ["", translate("All"), []],
  ["open", translate("In progress"), OPEN],
  ["done", translate("Done"), ["done"]],
  ["problems", translate("Problems"), ENDED_BADLY],
  ["doubtful", translate("Doubtful"), []],
];

/** The states that this tab is about; none: all of them. */
export const statesOf = (tab) => (TABS.find(([name]) => name === tab) ?? TABS[0])[2];

/** Put the tabs in place, leaving focus where it was. */
export function showTabs(place, chosen, counts, doubtful) {
  const wanted = TABS.map(([name, words, states]) => {
    const count = counted(counts, states.length ? states : Object.keys(counts));
    return [name, words, name === "doubtful" ? doubtful : count];
  });
  const said = JSON.stringify(wanted);
  if (place.dataset.said === said) return;
  place.dataset.said = said;
  const focused = [...place.children].indexOf(document.activeElement);
  place.replaceChildren(...wanted.map((one) => tab(one, chosen)));
  place.children[focused]?.focus();
}

const tab = ([name, words, count], chosen) =>
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
    make("span", { class: "count" }, count ? number(count) : ""),
  );
