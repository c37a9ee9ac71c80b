// The watched folders: which there are, how each is watched, one more, one less.
import { ask } from "./ask.js";
import { empty, icon, make, surely } from "./make.js";
import { say, trying } from "./say.js";

const WATCHED = {
  native: "watched",
  poll: "looked at regularly",
  gone: "not there",
  auto: "about to be watched",
};

export function folders() {
  const list = make("ul", { class: "list card", "aria-label": "Watched folders" });
  const nothing = make("div", {});
  const path = make("input", {
    class: "field",
    name: "path",
    required: true,
    placeholder: "~/Documents/Scans",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Folder to watch",
  });
  const form = make(
    "form",
    { class: "adding", on: { submit: add } },
    path,
    make("button", { class: "button first" }, icon("plus"), "Watch folder"),
  );
  const element = make(
    "div",
    {},
    make("div", { class: "title" }, make("h1", {}, "Folders")),
    make(
      "p",
      { class: "lead dim" },
      "Every scan, photo and PDF that arrives in these folders is read. Its note appears beside it, unless the settings say otherwise.",
    ),
    form,
    list,
    nothing,
  );
  let seen = "";
  list.hidden = true;

  async function look() {
    const answer = await trying(() => ask("GET", "/v1/folders"));
    if (!answer) return;
    list.replaceChildren(...answer.folders.map(row));
    list.hidden = !answer.folders.length;
    nothing.replaceChildren(
      ...(answer.folders.length
        ? []
        : [empty("No folder is watched", make("p", {}, "Add the folder that your scanner writes to."))]),
    );
  }

  async function add(event) {
    event.preventDefault();
    const wanted = path.value.trim();
    if (!(await trying(() => ask("POST", "/v1/folders", { path: wanted })))) return;
    path.value = "";
    say(`${wanted} is watched from now on.`);
    look();
  }

  async function remove(folder) {
    if (!(await trying(() => ask("DELETE", "/v1/folders", { path: folder.path })))) return;
    say(`${folder.path} is watched no longer.`, "Its files and notes stay.");
    look();
  }

  function row(folder) {
    const more = [
      WATCHED[folder.watch] ?? folder.watch,
      folder.recursive && "with its subfolders",
      folder.archive && `sources move to ${folder.archive}`,
    ];
    return make(
      "li",
      { class: "row folder" },
      make("span", { class: "mark" }, icon("folder")),
      make(
        "div",
        { class: "what" },
        make("strong", {}, folder.path),
        make(
          "span",
          { class: folder.problem ? "wrong" : "where" },
          folder.problem || more.filter(Boolean).join(", "),
        ),
      ),
      surely("remove", "Remove", "Really remove?", () => remove(folder)),
    );
  }

  function status(now) {
    const said = JSON.stringify(now?.folders);
    if (said !== seen) look();
    seen = said;
  }

  return { title: "Folders", element, status, again: look, close: () => {} };
}
