// A page's picture with its blocks' boxes drawn over it, beside the blocks as text; one lights the other.
import { ask } from "./ask.js";
import { howSure, markDoubts } from "./doubts.js";
import { translate } from "./language.js";
import { button, draw, make, sentence, trouble } from "./make.js";
import { rendered } from "./rendered.js";

const KINDS = {
  title: translate("title"),
  heading: translate("heading"),
  text: translate("text"),
  list: translate("list"),
  table: translate("table"),
  formula: translate("formula"),
  figure: translate("figure"),
  caption: translate("caption"),
  footnote: translate("footnote"),
  header: translate("header"),
  footer: translate("footer"),
};
const SAME = 0.001; // how much a box may differ from itself, once it was part of an address
const BESIDE = "(min-width: 60.01rem)"; // where picture and text stand side by side

/** The picture and the text of page `number`, which come a moment later; `box` is marked on both. */
export function pageBeside(whole, number, box = null) {
  const picture = make("figure", { class: "picture card" });
  const text = make("div", { class: "text", "aria-live": "off" });
  // a heading of ours: those of the text may begin at any rank
  const heading = make("h2", { class: "hidden" }, translate("Page {number}", { number }));
  const beside = make("div", { class: "beside" }, heading, picture, text);
  fill(whole, number, picture, text, box);
  return beside;
}

async function fill(whole, number, picture, text, box) {
  const source = `/v1/documents/${whole.id}/pages/${number}/image?longest_side=2000`;
  const overlay = showPicture(picture, source, translate("Page {number} of {name}", { number, name: whole.name }), () =>
    picture.replaceChildren(gone()),
  );
  if (box) drawBox(box, overlay).classList.add("found");
  let page;
  try {
    page = await ask("GET", `/v1/documents/${whole.id}/pages/${number}`);
  } catch (problem) {
    text.append(make("p", { class: "unread" }, ...sentence(problem.message)));
    return;
  }
  const figure = (name) => `/v1/documents/${whole.id}/figures/${number}/${encodeURIComponent(name)}`;
  const shown = showBlocks(page.blocks, overlay, figure);
  const parts = [...warnings(page, whole.sentence), ...(shown.length ? [howSure(page.text)] : []), ...shown];
  await Promise.all(
    parts.flatMap((part) => [...part.querySelectorAll("img")]).map((image) => image.decode().catch(() => {})),
  );
  const words = page.text?.doubtful_words ?? [];
  if (words.length) parts.push(markDoubts({ parts: shown, blocks: page.blocks, words, overlay }));
  text.append(...parts); // with its figures, so that nothing moves when they come
  if (!text.childElementCount) text.append(make("p", { class: "unread" }, unread(page)));
  if (box) markPart(page.blocks, shown, box);
}

/** The part of the text that stands in this box; brought into sight where that does not hide the picture. */
function markPart(blocks, parts, box) {
  const far = (one) => Math.max(...Object.keys(box).map((side) => Math.abs(one[side] - box[side])));
  const part = parts[blocks.findIndex((block) => block.box && far(block.box) < SAME)];
  part?.classList.add("found");
  if (matchMedia(BESIDE).matches) part?.scrollIntoView({ block: "nearest" });
}

const gone = () =>
  make(
    "p",
    { class: "unread" },
    translate("The file is gone or was changed since, so its picture cannot be shown. The text stays."),
  );

/**
 * Put the picture at `source` into `picture`; gives what its boxes are drawn on.
 * `failed` is called when it cannot be shown.
 */
export function showPicture(picture, source, alt, failed) {
  const overlay = draw("svg", {
    class: "boxes",
    viewBox: "0 0 1 1",
    preserveAspectRatio: "none",
    "aria-hidden": "true",
  });
  const image = make("img", { src: source, alt });
  const sheet = make("div", { class: "sheet" }, image, overlay);
  const zoom = button("zoom", null, () => picture.classList.toggle("wide"), {
    class: "zoom",
    "aria-label": translate("Zoom"),
  });
  picture.append(
    make(
      "div",
      { class: "frame", tabindex: "0", role: "region", "aria-label": translate("Picture of the page") },
      sheet,
    ),
    zoom,
  );
  image.addEventListener("load", () => picture.classList.add("here"));
  image.addEventListener("error", failed);
  return overlay;
}

/** The blocks as parts of the text, each joined to its box. */
export function showBlocks(blocks, overlay, figure) {
  const number = Number.isFinite.bind(Number);
  const parts = blocks.map((block) => {
    const part = make(
      "div",
      {
        class: "block",
        role: "group",
        "data-kind": block.kind,
        "aria-label": KINDS[block.kind] ?? block.kind,
        tabindex: block.box ? "0" : null,
      },
      rendered(block.html, figure),
    );
    const box = block.box;
    if (overlay && box && [box.left, box.top, box.right, box.bottom].every(number))
      join(part, drawBox(box, overlay), overlay);
    return part;
  });
  rankHeadings(parts);
  return parts;
}

/** Headings look as the note has them; for those who listen none leaves out a rank, below the page's own. */
function rankHeadings(parts) {
  let last = 2;
  for (const heading of parts.flatMap((part) => [...part.querySelectorAll("h2, h3, h4, h5, h6")])) {
    const rank = Number(heading.tagName[1]);
    last = Math.min(rank, last + 1);
    if (last !== rank) heading.setAttribute("aria-level", String(last));
  }
}

function drawBox({ left, top, right, bottom }, overlay) {
  const box = draw("rect", {
    x: left,
    y: top,
    width: Math.max(0, right - left),
    height: Math.max(0, bottom - top),
  });
  overlay.append(box);
  return box;
}

function join(part, box, overlay) {
  const light = (lit) => {
    part.classList.toggle("lit", lit);
    box.classList.toggle("lit", lit);
    overlay.classList.toggle("lit", lit);
  };
  const by = [
    [part, "pointerenter", "pointerleave"],
    [part, "focusin", "focusout"],
    [box, "pointerenter", "pointerleave"],
  ];
  for (const [one, on, off] of by) {
    one.addEventListener(on, () => light(true));
    one.addEventListener(off, () => light(part.contains(document.activeElement)));
  }
  part.addEventListener("focusout", () => light(false));
  box.addEventListener("click", () => {
    part.focus({ preventScroll: true });
    part.scrollIntoView({ block: "nearest" });
  });
}

/** What the document says as a whole is not said again of its page. */
const warnings = (page, said) => [
  ...(page.problem && page.problem !== said ? [trouble(page.problem, page.advice)] : []),
  ...(page.text?.warnings ?? []).map((warning) => trouble(warning)),
];

function unread(page) {
  if (page.text?.blank) return translate("This page is blank.");
  if (page.state === "failed") return translate("There is no text of this page.");
  return page.state === "done"
    ? translate("No text was found on this page.")
    : translate("This page has not been read yet.");
}
