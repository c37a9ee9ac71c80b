// The one place where HTML is put into the page: text of notes, which the daemon has made safe before.
import { translate } from "./language.js";
import { make } from "./make.js";

/**
 * A part of a note. Its figures get the source that `figure` gives for their names; there are no others.
 * @param {string} html
 * @param {(name: string) => string} figure
 */
export function rendered(html, figure) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const image of parsed.querySelectorAll("img")) {
    if (image.dataset.figure) image.src = figure(image.dataset.figure);
    else image.remove();
  }
  const part = make("div", { class: "prose" });
  part.append(...parsed.body.childNodes);
  for (const table of part.querySelectorAll("table")) {
    const scrolled = make("div", { class: "scrolled", tabindex: "0", role: "group", "aria-label": translate("Table") });
    table.replaceWith(scrolled);
    scrolled.append(table);
  }
  return part;
}
