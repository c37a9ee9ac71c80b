// Elements of the page. Text is always put in as text; what is HTML comes through `rendered.js` alone.
import { translateSentence } from "./language.js";

/**
 * An element with these attributes and children; `on` holds listeners by event. Null and false are left out.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node|string|number|null|undefined|false)} children
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on")
      for (const [event, heard] of Object.entries(value)) element.addEventListener(event, heard);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined)
      element.setAttribute(name, String(value));
  }
  element.append(
    ...children.filter((child) => child !== null && child !== undefined && child !== false).map(asChild),
  );
  return element;
}

/** A shape inside a drawing. */
export function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children.map(asChild));
  return element;
}

export const icon = (name) => make("span", { class: `icon icon-${name}`, "aria-hidden": "true" });

/** A button with an icon; without words it says `label` to those who cannot see it. */
export function button(name, words, pressed, attributes = {}) {
  const { class: more = "", ...others } = attributes;
  return make(
    "button",
    { type: "button", class: `button ${more}`, on: { click: pressed }, ...others },
    name && icon(name),
    words,
  );
}

/**
 * A button that does it only when pressed again, having said so; it forgets the first time soon. `again` is
 * what it says then, or what tells it.
 */
export function surely(name, words, again, pressed) {
  const asked = button(name, words, () => {
    if (asked.classList.toggle("sure")) {
      asked.lastChild.textContent = typeof again === "function" ? again() : again;
      setTimeout(calm, 4000);
    } else {
      calm();
      pressed();
    }
  });
  const calm = () => {
    asked.classList.remove("sure");
    asked.lastChild.textContent = words;
  };
  asked.dataset.asks = words; // by which one that was made anew is known to do the same
  return asked;
}

/** Words as nodes: what stands between backticks is code. */
export const withCode = (words) =>
  words.split("`").map((part, place) => (place % 2 ? make("code", {}, part) : part));

/** A sentence of the daemon's, in the language of the page. */
export const sentence = (text) => withCode(translateSentence(text));

/** Something to look at: what happened, and what can be done. */
export const trouble = (happened, advice = "") =>
  make(
    "div",
    { class: "trouble" },
    icon("problems"),
    make("p", {}, make("strong", {}, ...sentence(happened)), advice && make("span", {}, ...sentence(advice))),
  );

/** What a place shows where there is nothing yet: how to begin. */
export const empty = (title, ...children) =>
  make(
    "div",
    { class: "empty" },
    make("img", { src: "/icons/papertray.svg", alt: "" }),
    make("h2", {}, title),
    ...children,
  );

const asChild = (child) => (child instanceof Node ? child : document.createTextNode(String(child)));

/** A file on its way: its name, how it goes in `line`, what can be done in `deeds`, and the rest below. */
export function fileCard(name, line, deeds, ...rest) {
  return make(
    "section",
    { class: "once card", "aria-label": name },
    make("div", { class: "head" }, make("div", { class: "name" }, make("h2", {}, name), line), deeds),
    ...rest,
  );
}
