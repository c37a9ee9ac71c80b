// The bar on top: what papertray does now, how far it is, pause and resume, and the way in for a file.
import { ask } from "./ask.js";
import { translate, translateMany, translateSentence } from "./language.js";
import { button, icon, make } from "./make.js";
import { say, trying } from "./say.js";
import { clock, counted, lookAt, manyPages, OPEN, secondsUntilMorning, size, span, toLookAt } from "./words.js";

const PAUSES = [
  [translate("15 minutes"), () => 900],
  [translate("1 hour"), () => 3600],
  [translate("Until tomorrow"), secondsUntilMorning],
  [translate("Until I resume"), () => null],
];
const NAMED = 2; // of the pages in hand
const SOON = 10; // seconds: what takes no longer needs no word about it
const ICONS = { idle: "done", working: "reading", loading: "reading", paused: "pause", stopped: "lost" };

/** Fill the bar and keep it true. `choose` opens the way to pick a file. */
export function showNow(bar, live, choose) {
  const mark = make("span", { class: "activity" });
  const line = make("p", { class: "line" });
  const more = make("p", { class: "more" });
  const far = make("progress", { max: 1, value: 0, "aria-label": translate("Documents read") });
  const steer = make("div", { class: "steer" });
  const hands = pagesInHand();
  bar.append(
    mark,
    make("div", { class: "telling" }, line, more),
    far,
    make(
      "div",
      { class: "buttons" },
      hands.element,
      steer,
      button("upload", make("span", { class: "words" }, translate("Add files")), choose, {
        "aria-label": translate("Add files"),
      }),
    ),
  );
  let paused = null;
  live.follow((status) => {
    if (!status) return;
    const [first, second] = telling(status);
    const worries = status.activity === "idle" && toLookAt(status) > 0;
    mark.replaceChildren(icon(worries ? "problems" : (ICONS[status.activity] ?? "done")));
    mark.dataset.activity = worries ? "worries" : status.activity;
    if (line.textContent !== first) line.textContent = first;
    if (more.textContent !== second) more.textContent = second;
    hands.show(status.reading);
    far.value = status.batch_total ? status.batch_done / status.batch_total : 0;
    far.classList.toggle("rests", !status.batch_total);
    if (paused !== status.paused) {
      paused = status.paused;
      steer.replaceChildren(paused ? resume() : pause());
    }
  });
}

/** Whether another machine reads the pages. */
const isElsewhere = (status) =>
  status.reader === "server" && status.loaded && !status.device.startsWith("this machine");

/** Two lines about a status: what it does, and what with. */
export function telling(status) {
  const waiting = counted(status.counts, OPEN);
  const place = status.batch_total
    ? translate("{number} of {total}", {
        number: Math.min(status.batch_done + 1, status.batch_total),
        total: status.batch_total,
      })
    : "";
  const reader =
    [status.reader, status.device, translateSentence(status.rung), left(status)]
      .filter((one) => one && one !== "auto")
      .join(" · ") || translate("Reader and device are chosen automatically");
  if (status.starting) return [translate("Starting {name}", { name: status.starting }), reader];
  const [page] = status.reading;
  const [fetched] = status.downloads;
  if (fetched?.installing && !page)
    return [translate("Installing what {name} needs", { name: fetched.model }), fetched.installing];
  if (fetched && !page)
    return [
      translate("Downloading {name}", { name: fetched.model }),
      translate("{number} of {total}", { number: size(fetched.done), total: size(fetched.total) }),
    ];
  if (page) {
    const what = [place, ...named(status.reading)].filter(Boolean).join(" · ");
    const line = isElsewhere(status)
      ? translate("Reading {what} on {machine}", { what, machine: status.device })
      : translate("Reading {what}", { what });
    return [line, status.paused ? translate("Pausing after this page") : reader];
  }
  const lines = {
    paused: [
      status.paused_until
        ? translate("Paused until {time}", { time: clock(status.paused_until) })
        : translate("Paused until you resume"),
      waiting ? documentsWait(waiting) : translate("New files wait until then"),
    ],
    loading: [howFar(translate("Loading {name}", { name: status.reader }), status.percent_loaded), reader],
    // between two pages, or while nothing can be read
    working: [
      place && !status.troubles.length ? translate("Reading {what}", { what: place }) : documentsWait(waiting),
      reader,
    ],
    stopped: [translate("papertray is stopped"), ""],
  };
  const wrong = toLookAt(status);
  const rests = [translate("Up to date"), wrong && lookAt(status)].filter(Boolean).join(" · ");
  return lines[status.activity] ?? [rests, reader];
}

const howFar = (what, percent) =>
  percent === null
    ? what
    : translate("{what} ({percent})", { what, percent: translate("{number} %", { number: percent }) });

const documentsWait = (count) =>
  translateMany("{count} document waiting", "{count} documents waiting", count);

const left = ({ seconds_left: seconds, pages_left: pages }) =>
  seconds === null || seconds < SOON || pages < 2
    ? ""
    : translateMany("{count} page to go, about {time}", "{count} pages to go, about {time}", pages, {
        time: span(seconds),
      });

/** The page that is read; of several how many there are, and the first ones. */
function named(reading) {
  if (reading.length === 1) return [reading[0].name, pageOf(reading[0])];
  const names = reading.slice(0, NAMED).map((page) => [page.name, pageOf(page)].filter(Boolean).join(", "));
  if (reading.length > NAMED) names.push("…");
  return [translateMany("{count} page: {names}", "{count} pages: {names}", reading.length, { names: names.join(", ") })];
}

/** What opens to show each of several pages that are read together, and how far it is. */
function pagesInHand() {
  const sum = make("span", { class: "words" });
  const few = make("span", { class: "few" });
  const opener = make("summary", { class: "button" }, icon("reading"), sum, few, icon("down"));
  const list = make("ul", {});
  const element = make(
    "details",
    { class: "menu hands" },
    opener,
    make("div", {}, list),
  );
  const show = (reading) => {
    element.hidden = reading.length < 2;
    if (element.hidden) return;
    sum.textContent = manyPages(reading.length);
    few.textContent = reading.length;
    opener.setAttribute("aria-label", sum.textContent);
    const focused = [...list.querySelectorAll("a")].indexOf(document.activeElement);
    list.replaceChildren(
      ...reading.map((page) =>
        make(
          "li",
          {},
          make("a", { href: `#/document/${page.document}/${page.page}`, on: { click: shut } }, page.name),
          make("span", {}, [pageOf(page), page.tokens && manyTokens(page.tokens)].filter(Boolean).join(" · ")),
        ),
      ),
    );
    if (focused >= 0) list.querySelectorAll("a")[Math.min(focused, reading.length - 1)].focus();
  };
  const shut = () => (element.open = false);
  element.hidden = true;
  return { element, show };
}

const manyTokens = (count) => translateMany("{count} token", "{count} tokens", count);

const pageOf = (page) =>
  page.pages > 1 ? translate("page {page} of {pages}", { page: page.page, pages: page.pages }) : "";

function resume() {
  return button(
    "resume",
    make("span", { class: "words" }, translate("Resume")),
    () => trying(() => ask("POST", "/v1/resume")),
    { class: "first", "aria-label": translate("Resume") },
  );
}

function pause() {
  const menu = make(
    "details",
    { class: "menu" },
    make(
      "summary",
      { class: "button", "aria-label": translate("Pause") },
      icon("pause"),
      make("span", { class: "words" }, translate("Pause")),
      icon("down"),
    ),
    make(
      "div",
      {},
      ...PAUSES.map(([words, seconds]) =>
        make("button", { type: "button", on: { click: () => pauseFor(menu, words, seconds()) } }, words),
      ),
    ),
  );
  return menu;
}

async function pauseFor(menu, words, seconds) {
  menu.open = false;
  const done = await trying(() => ask("POST", "/v1/pause", { seconds }));
  if (done) say(translate("Paused: {how}.", { how: words }), translate("Nothing is lost; new files wait."));
}
