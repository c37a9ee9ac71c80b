// Files that come through the page: put into a watched folder, where they stay; or read once and kept nowhere.
import { addFile } from "./ask.js";
import { shortPath, translate } from "./language.js";
import { button, empty, fileCard, make, trouble } from "./make.js";
import { ReadOnce } from "./read_once.js";
import { split } from "./words.js";

const NOWHERE = "nowhere";
const REMEMBERED = "papertray-add-to";

/** The files of this visit, the newest first. Outlives the view, so that one may look elsewhere meanwhile. */
export class Adding {
  /** @type {HTMLElement[]} */
  cards = [];
  #live;
  #place = localStorage.getItem(REMEMBERED) ?? "";

  constructor(live) {
    this.#live = live;
  }

  get folders() {
    return (this.#live.status?.folders ?? []).map((one) => one.path);
  }

  /** A watched folder, or that they are kept nowhere. */
  get place() {
    return this.#place === NOWHERE || this.folders.includes(this.#place) ? this.#place : (this.folders[0] ?? NOWHERE);
  }

  set place(place) {
    this.#place = place;
    localStorage.setItem(REMEMBERED, place);
  }

  /** What happens to what is dropped now, in few words. */
  get promise() {
    return this.place === NOWHERE
      ? translate("Drop it to read it once")
      : translate("Drop it to add it to {folder}", { folder: split(this.place)[0] });
  }

  async add(files) {
    const { place } = this;
    const paused = () => this.#live.status?.paused;
    const cards = files.map((file) => (place === NOWHERE ? new ReadOnce(file) : new Added(file, place, paused)));
    this.cards.unshift(...cards.map((card) => card.element));
    for (const card of cards) await card.begin();
  }
}

export function addingView({ choose, adding }) {
  const list = make("div", { class: "cards" });
  const place = make("select", {
    class: "field",
    id: "add-to",
    on: {
      change: () => {
        adding.place = place.value;
        about();
      },
    },
  });
  const promise = make("p", { class: "dim" });
  const element = make(
    "div",
    {},
    make(
      "div",
      { class: "title" },
      make("h1", {}, translate("Add files")),
      button("upload", translate("Choose files"), choose, { class: "first" }),
    ),
    make("div", { class: "adding" }, make("label", { for: "add-to" }, translate("Add to")), place),
    list,
  );
  let known = "";

  function about() {
    promise.textContent =
      adding.place === NOWHERE
        ? translate("Drop an image or a PDF anywhere on this page. Its text is shown here; nothing of it is kept.")
        : translate(
            "Drop images or PDFs anywhere on this page. They are put into this folder and read there, as if a scanner had brought them.",
          );
  }

  function status() {
    const said = JSON.stringify(adding.folders);
    if (said === known) return;
    known = said;
    place.replaceChildren(
      ...adding.folders.map((path) => make("option", { value: path, title: path }, inWords(path))),
      make("option", { value: NOWHERE }, translate("Nowhere: read once, keep nothing")),
    );
    place.value = adding.place;
    about();
  }

  list.append(...(adding.cards.length ? adding.cards : [empty(translate("Add a scan or a PDF"), promise)]));
  status();
  about();
  return { title: translate("Add files"), element, status, close: () => {} };
}

/** A folder's name before where it lies: of a long path the end matters. */
function inWords(path) {
  const [name, above] = split(path);
  return name && above ? `${name} · ${shortPath(above)}` : path;
}

/** A file that is put into a folder. */
class Added {
  #file;
  #folder;
  #paused;
  #line = make("p", { class: "dim", role: "status" }, translate("Waiting"));
  #deeds = make("div", { class: "buttons" });
  #wrong = make("div", {});

  constructor(file, folder, paused) {
    this.#file = file;
    this.#folder = folder;
    this.#paused = paused;
    this.element = fileCard(file.name, this.#line, this.#deeds, this.#wrong);
  }

  async begin() {
    this.#line.textContent = translate("Sending");
    this.#wrong.replaceChildren();
    this.#deeds.replaceChildren();
    try {
      const added = await addFile(this.#file, this.#folder);
      const [name] = split(added.path);
      const then = this.#paused() ? translate("It is read once papertray resumes.") : translate("It is read now.");
      const where =
        name === this.#file.name
          ? translate("Added to {folder}.", { folder: shortPath(this.#folder) })
          : translate("Added to {folder} as {name}.", { folder: shortPath(this.#folder), name });
      this.#line.textContent = `${where} ${then}`;
      this.#deeds.replaceChildren(make("a", { class: "button", href: `#/document/${added.id}` }, translate("Open")));
    } catch (problem) {
      this.#line.textContent = translate("It was not added");
      this.#deeds.replaceChildren(button("retry", translate("Try again"), () => this.begin()));
      this.#wrong.replaceChildren(trouble(problem.message, problem.advice ?? ""));
    }
  }
}
