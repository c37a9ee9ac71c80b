// Doubt: which pages somebody should look at, and which words; each word with what the reader saw of it.
import { translate, translateAround, translateMany } from "./language.js";
import { draw, icon, make } from "./make.js";

const MOST = 60; // pages that are named, of a document that is doubtful all over
const SOURCES = {
  recognised: translate("Recognised"),
  "from the PDF itself": translate("From the PDF itself"),
  "from the PDF itself, the rest recognised": translate("From the PDF itself, the rest recognised"),
};
const HIGH = 44; // px: how high a word is shown in the glass
const AROUND = { x: 1.6, y: 0.45 }; // what is shown around it, in heights of the word
const percent = (share) => translate("{number} %", { number: Math.floor(share * 100) });

/** The doubtful pages of a document, each a button that leads there; nothing where there are none. */
export function doubtfulPages({ doubtful_pages: pages, pages: all }, shown, turn) {
  if (!pages?.length || all < 2) return [];
  const named = pages.slice(0, MOST).map((page) =>
    make(
      "button",
      {
        type: "button",
        class: "chip number",
        "aria-label": translate("Page {number}", { number: page }),
        "aria-current": page === shown && "page",
        on: { click: () => turn(page) },
      },
      page,
    ),
  );
  return [
    make(
      "p",
      {},
      icon("problems"),
      translateMany("{count} page of {all} may be misread:", "{count} pages of {all} may be misread:", pages.length, {
        all,
      }),
    ),
    ...named,
    pages.length > MOST && "…",
    make("span", { class: "dim hint" }, ...translateAround("{key} leads to the next", { key: make("kbd", {}, "d") })),
  ].filter(Boolean);
}

/** The doubtful page that comes after this one, round and round. */
export const nextDoubtful = ({ doubtful_pages: pages = [] }, shown) =>
  pages.find((page) => page > shown) ?? pages[0] ?? shown;

/** How a page was come by, and how much of it is likely to be right. */
export function howSure({ source, confidence, is_doubtful: doubtful, doubtful_words: words }) {
  const how = SOURCES[source] ?? source;
  if (!doubtful && !words.length) return make("p", { class: "sure dim" }, how);
  const underlined = words.length
    ? ` ${translateMany("{count} doubtful word is underlined.", "{count} doubtful words are underlined.", words.length)}`
    : "";
  if (!doubtful) return make("p", { class: "sure dim" }, `${how}.${underlined}`);
  return make(
    "p",
    { class: "sure doubtful" },
    icon("problems"),
    make("span", {}, make("strong", {}, sureness(confidence)), underlined),
  );
}

const sureness = (confidence) =>
  confidence === null
    ? translate("A second reader did not see all of this page's numbers and names.")
    : translate("{part} of this page is likely to be right.", { part: percent(confidence) });

/**
 * Underline the doubtful words: in the text, in `parts` as `blocks` tell them, and on the picture if there is one.
 * @param {{ parts: Element[], blocks: any[], words: any[], overlay: SVGElement | null }} page
 */
export function markDoubts({ parts, blocks, words, overlay }) {
  const glass = new Glass(overlay?.parentElement.querySelector("img") ?? new Image());
  for (const word of words) {
    const mark = underline(word, parts, blocks);
    const place = word.box && overlay && drawn(word.box, overlay);
    join(word, mark, place, glass);
  }
  return glass.element;
}

function underline(word, parts, blocks) {
  const { box, text } = word;
  const [x, y] = box ? [(box.left + box.right) / 2, (box.top + box.bottom) / 2] : [];
  const holds = ({ box: one }) => one && one.left <= x && x <= one.right && one.top <= y && y <= one.bottom;
  for (const [at, block] of blocks.entries()) {
    if (box && !holds(block)) continue;
    const along = box ? (y - block.box.top) / (block.box.bottom - block.box.top || 1) : 0;
    const found = find(parts[at], text, along);
    if (found) return wrap(found, text.length);
  }
  return null;
}

/** Where a word stands in a part: of several such words, the one that is about as far `along`. */
function find(part, text, along) {
  const places = [];
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  let before = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest("mark, math"))
      for (let at = node.data.indexOf(text); at >= 0; at = node.data.indexOf(text, at + 1))
        if (stands(node.data, at, text)) places.push({ node, at, far: before + at });
    before += node.data.length;
  }
  const distance = ({ far }) => Math.abs(far / Math.max(1, before) - along);
  return places.sort((one, other) => distance(one) - distance(other))[0];
}

const LETTER = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}]/u;
const stands = (data, at, text) =>
  !(LETTER.test(text[0]) && LETTER.test(data[at - 1] ?? "")) &&
  !(LETTER.test(text.at(-1)) && LETTER.test(data[at + text.length] ?? ""));

function wrap({ node, at }, length) {
  const word = node.splitText(at);
  word.splitText(length);
  const mark = make("mark", { class: "doubt", tabindex: "0" });
  word.replaceWith(mark);
  mark.append(word);
  return mark;
}

function drawn({ left, top, right, bottom }, overlay) {
  const [width, height] = [Math.max(0, right - left), Math.max(0, bottom - top)];
  const place = draw(
    "g",
    { class: "doubt" },
    draw("path", { d: `M${left} ${top}h${width}v${height}h${-width}z` }),
    draw("line", { x1: left, y1: bottom, x2: right, y2: bottom }),
  );
  overlay.append(place);
  return place;
}

function join(word, mark, place, glass) {
  for (const one of [mark, place]) {
    if (!one) continue;
    const show = () => {
      for (const both of [mark, place]) both?.classList.add("lit");
      glass.show(word, one);
    };
    const hide = () => {
      for (const both of [mark, place]) both?.classList.remove("lit");
      glass.hide(one);
    };
    one.addEventListener("pointerenter", show);
    one.addEventListener("pointerleave", hide);
    one.addEventListener("focus", show);
    one.addEventListener("blur", hide);
  }
  place?.addEventListener("click", () => {
    mark?.focus({ preventScroll: true });
    mark?.scrollIntoView({ block: "nearest" });
  });
}

let glasses = 0;

/** Shows a word as it stands on the page, larger, and what was read there. */
class Glass {
  #image;
  #now = null; // what is shown
  #shown = make("canvas", { "aria-hidden": "true" });
  #said = make("p", {});
  element = make("div", { class: "glass", role: "tooltip", id: `glass-${++glasses}` }, this.#shown, this.#said);

  constructor(image) {
    this.#image = image;
    this.element.hidden = true;
    image.addEventListener("load", () => this.#now && this.show(...this.#now));
  }

  show(word, beside) {
    this.#now = [word, beside];
    const { text, certain, box } = word;
    const read = { word: make("strong", {}, text), part: certain === null ? "" : percent(certain) };
    this.#said.replaceChildren(
      ...(certain === null
        ? translateAround("Read as {word}, which a second reader did not see.", read)
        : translateAround("Read as {word}, {part} sure.", read)),
    );
    this.#shown.hidden = !box || !this.#image.naturalWidth;
    if (!this.#shown.hidden) this.#enlarge(box);
    this.element.hidden = false;
    beside.setAttribute("aria-describedby", this.element.id);
    const { left, top, bottom } = beside.getBoundingClientRect();
    const { clientWidth: room } = document.documentElement;
    const { offsetWidth: wide, offsetHeight: high } = this.element;
    const below = bottom + 8 + high < innerHeight;
    this.element.style.left = `${Math.max(8, Math.min(left - 12, room - wide - 8))}px`;
    this.element.style.top = `${below ? bottom + 8 : Math.max(8, top - high - 8)}px`;
  }

  hide(beside) {
    this.#now = null;
    beside.removeAttribute("aria-describedby");
    this.element.hidden = true;
  }

  #enlarge({ left, top, right, bottom }) {
    const { naturalWidth: wide, naturalHeight: high } = this.#image;
    const letter = (bottom - top) * high;
    const [x, y] = [left * wide - AROUND.x * letter, top * high - AROUND.y * letter];
    const [width, height] = [(right - left) * wide + 2 * AROUND.x * letter, letter * (1 + 2 * AROUND.y)];
    const times = HIGH / Math.max(1, letter);
    const dense = devicePixelRatio;
    const [shownWide, shownHigh] = [Math.min(width * times, 420), height * times];
    Object.assign(this.#shown, { width: shownWide * dense, height: shownHigh * dense });
    Object.assign(this.#shown.style, { width: `${shownWide}px`, height: `${shownHigh}px` });
    const pen = this.#shown.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, this.#shown.width, this.#shown.height);
    pen.drawImage(this.#image, x, y, width, height, 0, 0, width * times * dense, shownHigh * dense);
  }
}
