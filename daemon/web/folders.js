// The watched folders: which there are, how each is watched, one more, one less.
import { ask } from "./ask.js";
import { translate, translateSentence } from "./language.js";
import { button, empty, icon, make, surely, trouble } from "./make.js";
import { say, trying } from "./say.js";

const NOT_THERE = 404;
const WATCHED = {
  native: translate("watched"),
  poll: translate("looked at regularly"),
  gone: translate("not there"),
  auto: translate("about to be watched"),
};

export function folders() {
  const wrong = make("div", { class: "troubles", role: "status" });
  const list = make("ul", { class: "list card", "aria-label": translate("Watched folders") });
  const nothing = make("div", {});
  const path = make("input", {
    class: "field",
    name: "path",
    required: true,
    placeholder: "~/Documents/Scans",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": translate("Folder to watch"),
  });
  const form = make(
    "form",
    { class: "adding", on: { submit: add } },
    path,
    make("button", { class: "button first" }, icon("plus"), translate("Watch folder")),
  );
  const element = make(
    "div",
    {},
    make("div", { class: "title" }, make("h1", {}, translate("Folders"))),
    make(
      "p",
      { class: "lead dim" },
      translate(
        "Every scan, photo and PDF that arrives in these folders is read. Its note appears beside it, unless the settings say otherwise.",
      ),
    ),
    form,
    wrong,
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
        : [
            empty(
              translate("No folder is watched"),
              make("p", {}, translate("Add the folder that your scanner writes to.")),
            ),
          ]),
    );
  }

  function add(event) {
    event.preventDefault();
    watch(path.value.trim(), false);
  }

  /** What is in the way is said below the field; a folder that is not there can be made. */
  async function watch(wanted, create) {
    try {
      await ask("POST", "/v1/folders", { path: wanted, create });
    } catch (problem) {
      if (problem.status === 401) return;
      const missing = problem.status === NOT_THERE;
      const said = trouble(problem.message, missing ? translate("Check the name, or have it made.") : problem.advice);
      if (missing) said.append(button("plus", translate("Make and watch it"), () => watch(wanted, true)));
      wrong.replaceChildren(said);
      return;
    }
    wrong.replaceChildren();
    path.value = "";
    say(translate("{folder} is watched from now on.", { folder: wanted }));
    look();
  }

  async function create(folder) {
    if (await trying(() => ask("POST", "/v1/folders/create", { path: folder.path })))
      say(translate("{folder} is there now.", { folder: folder.path }), translate("What arrives in it is read."));
  }

  async function remove(folder) {
    if (!(await trying(() => ask("DELETE", "/v1/folders", { path: folder.path })))) return;
    say(translate("{folder} is watched no longer.", { folder: folder.path }), translate("Its files and notes stay."));
    look();
  }

  function row(folder) {
    const more = [
      WATCHED[folder.watch] ?? folder.watch,
      folder.recursive && translate("with its subfolders"),
      folder.archive && translate("sources move to {folder}", { folder: folder.archive }),
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
          translateSentence(folder.problem) || more.filter(Boolean).join(", "),
        ),
      ),
      folder.watch === "gone" && button("plus", translate("Make it"), () => create(folder)),
      surely("remove", translate("Remove"), translate("Really remove?"), () => remove(folder)),
    );
  }

  function status(now) {
    const said = JSON.stringify(now?.folders);
    if (said !== seen) look();
    seen = said;
  }

  return { title: translate("Folders"), element, status, again: look, close: () => {} };
}
