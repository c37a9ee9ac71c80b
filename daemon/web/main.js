// Where the page begins: which view is shown, what is always there, and what is said when the daemon is gone.
import { activity } from "./activity.js";
import { Adding, addingView } from "./adding.js";
import { documents } from "./documents.js";
import { documentView } from "./document.js";
import { takeFiles } from "./drop.js";
import { errandsView } from "./errands.js";
import { folders } from "./folders.js";
import { listenToKeys } from "./keys.js";
import { translate } from "./language.js";
import { Live } from "./live.js";
import { button, icon, make } from "./make.js";
import { showNow, telling } from "./now.js";
import { reader } from "./reader.js";
import { asBox, lookAt, toLookAt } from "./words.js";

const at = (id) => document.getElementById(id);
const live = new Live();
const adding = new Adding(live);
const choose = takeFiles(at("file"), at("dropping"), adding, (files) => {
  adding.add(files);
  if (location.hash === "#/add") show();
  else location.hash = "#/add";
});

const PLACES = [
  ["#/documents", "documents", translate("Documents")],
  ["#/add", "upload", translate("Add files")],
  ["#/folders", "folder", translate("Folders")],
  ["#/reader", "reader", translate("Reader")],
  ["#/activity", "activity", translate("Activity")],
];
const VIEWS = [
  [
    /^#\/document\/(\d+)(?:\/(\d+))?(?:\?(.*))?$/,
    (id, page, query) =>
      documentView({ id: Number(id), page: Number(page ?? 1), box: asBox(given(query, "box")), up: listed }),
  ],
  [/^#\/add$/, () => addingView({ choose, adding })],
  [/^#\/folders$/, folders],
  [/^#\/errands$/, errandsView],
  [/^#\/reader$/, reader],
  [/^#\/activity$/, activity],
  [
    /^(?:#\/documents(?:\/(\w+))?(?:\?(.*))?)?$/,
    (tab, query) => documents({ live, choose, tab: tab ?? "", given: new URLSearchParams(query) }),
  ],
];
const given = (query, name) => new URLSearchParams(query).get(name) ?? "";
const QUIET = 5000; // ms between two sentences about progress for those who listen

let view = null;
let listed = "#/documents"; // which documents, or which search, one came from
let kept = null; // the list that one came from, as one left it
let forget = () => {};

function show() {
  const [match, open] =
    VIEWS.map(([path, make_]) => [location.hash.match(path), make_]).find(([found]) => found) ?? [];
  if (!match) {
    if (location.hash.startsWith("#/")) location.hash = "#/documents";
    return;
  }
  const first = view === null;
  forget();
  const back = leave(match[0].startsWith("#/document/"));
  view = back?.view ?? open(...match.slice(1));
  document.title = `${view.title} · papertray`;
  at("view").classList.toggle("wide", Boolean(view.wide));
  at("view").replaceChildren(view.element);
  const [place] = match[0].match(/^#\/[a-z]+/) ?? ["#/documents"];
  for (const link of at("places").children) {
    if (link.hash.startsWith(place)) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  forget = live.follow((status) => view.status(status));
  if (first) return;
  scrollTo(0, back?.top ?? 0);
  at("view").focus({ preventScroll: true });
  const row = back?.focused.isConnected ? back.focused : back && view.element.querySelector(`a[href="${back.opened}"]`);
  row?.focus({ preventScroll: true }); // it is another one where the document has changed meanwhile
}

/** Close what is shown, but keep a list for whoever comes back from one of its documents; that list, if they do. */
function leave(forDocument) {
  const back = kept?.hash === location.hash ? kept : null;
  if (forDocument && view?.isList)
    kept = { view, hash: listed, top: scrollY, focused: document.activeElement, opened: location.hash };
  else {
    view?.close();
    if (!forDocument && !back) kept?.view.close();
    if (!forDocument) kept = null;
  }
  return back;
}

function showPlaces() {
  at("places").append(
    ...PLACES.map(([hash, sign, words]) =>
      make(
        "a",
        { href: hash },
        icon(sign),
        words,
        hash === "#/documents" && make("span", { class: "count alarm", id: "alarm" }),
      ),
    ),
  );
  live.follow((status) => {
    if (!status) return;
    const wrong = toLookAt(status);
    at("alarm").textContent = wrong || "";
    at("alarm").title = wrong ? lookAt(status) : "";
    at("version").textContent = `papertray ${status.version}`;
  });
}

function showConnection() {
  const said = {
    lost: translate("The connection to papertray is lost. Trying again…"),
    locked: translate("This page is logged out. Open it again with papertray open, or from the tray's menu."),
  };
  live.follow(() => {
    const bar = at("lost");
    if (bar.dataset.trouble === live.trouble) return;
    if (bar.dataset.trouble && !live.trouble) view.again?.();
    bar.dataset.trouble = live.trouble;
    bar.hidden = !live.trouble;
    document.body.classList.toggle("without", Boolean(live.trouble));
    bar.replaceChildren(
      icon("lost"),
      said[live.trouble] ?? "",
      button("retry", translate("Try now"), () => live.connect()),
    );
  });
}

/** Progress for those who do not see it, not more often than one can listen to. */
function tellProgress() {
  let due = 0;
  live.follow((status) => {
    if (!status || due) return;
    due = setTimeout(() => {
      due = 0;
      const line = telling(live.status)[0];
      if (at("progress").textContent !== line) at("progress").textContent = line;
    }, QUIET);
  });
}

showPlaces();
showNow(at("now"), live, choose);
showConnection();
tellProgress();
listenToKeys(() => view);
addEventListener("hashchange", ({ oldURL }) => {
  const { hash } = new URL(oldURL);
  if (hash.startsWith("#/documents")) listed = hash;
  show();
});
show();
live.connect();
