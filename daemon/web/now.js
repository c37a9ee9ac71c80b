// The bar on top: what papertray does now, how far it is, pause and resume, and the way in for a file.
import { ask } from "./ask.js";
import { button, icon, make } from "./make.js";
import { say, trying } from "./say.js";
import { clock, counted, lookAt, many, OPEN, secondsUntilMorning, size, span, toLookAt } from "./words.js";

const PAUSES = [
  ["15 minutes", () => 900],
  ["1 hour", () => 3600],
  ["Until tomorrow", secondsUntilMorning],
  ["Until I resume", () => null],
];
const SOON = 10; // seconds: what takes no longer needs no word about it
const ICONS = { idle: "done", working: "reading", loading: "reading", paused: "pause", stopped: "lost" };

/** Fill the bar and keep it true. `choose` opens the way to pick a file. */
export function showNow(bar, live, choose) {
  const mark = make("span", { class: "activity" });
  const line = make("p", { class: "line" });
  const more = make("p", { class: "more" });
  const far = make("progress", { max: 1, value: 0, "aria-label": "Documents read" });
  const steer = make("div", { class: "steer" });
  bar.append(
    mark,
    make("div", { class: "telling" }, line, more),
    far,
    make(
      "div",
      { class: "buttons" },
      steer,
      button("upload", make("span", { class: "words" }, "Add files"), choose, {
        "aria-label": "Add files",
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
    far.value = status.batch_total ? status.batch_done / status.batch_total : 0;
    far.classList.toggle("rests", !status.batch_total);
    if (paused !== status.paused) {
      paused = status.paused;
      steer.replaceChildren(paused ? resume() : pause());
    }
  });
}

/** Which other machine reads the pages, if one does. */
function elsewhere(status) {
  const here = status.reader !== "server" || !status.loaded || status.device.startsWith("this machine");
  return here ? "" : ` on ${status.device}`;
}

/** Two lines about a status: what it does, and what with. */
export function telling(status) {
  const waiting = counted(status.counts, OPEN);
  const place = status.batch_total
    ? `${Math.min(status.batch_done + 1, status.batch_total)} of ${status.batch_total}`
    : "";
  const reader =
    [status.reader, status.device, status.rung, left(status)].filter((one) => one && one !== "auto").join(" · ") ||
    "Reader and device are chosen automatically";
  if (status.starting) return [`Starting ${status.starting}`, reader];
  const [page] = status.reading;
  const [fetched] = status.downloads;
  if (fetched?.installing && !page) return [`Installing what ${fetched.model} needs`, fetched.installing];
  if (fetched && !page)
    return [`Downloading ${fetched.model}`, `${size(fetched.done)} of ${size(fetched.total)}`];
  if (page) {
    const line = `Reading ${[place, page.name, pageOf(page)].filter(Boolean).join(" · ")}${elsewhere(status)}`;
    return [line, status.paused ? "Pausing after this page" : reader];
  }
  const lines = {
    paused: [
      status.paused_until ? `Paused until ${clock(status.paused_until)}` : "Paused until you resume",
      waiting ? `${many(waiting, "document")} waiting` : "New files wait until then",
    ],
    loading: [`Loading ${status.reader}`, reader],
    // between two pages, or while nothing can be read
    working: [place && !status.troubles.length ? `Reading ${place}` : `${many(waiting, "document")} waiting`, reader],
    stopped: ["papertray is stopped", ""],
  };
  const wrong = toLookAt(status);
  return lines[status.activity] ?? [wrong ? `Up to date · ${lookAt(status)}` : "Up to date", reader];
}

const left = ({ seconds_left: seconds, pages_left: pages }) =>
  seconds === null || seconds < SOON || pages < 2 ? "" : `${many(pages, "page")} to go, about ${span(seconds)}`;

const pageOf = (page) => (page.pages > 1 ? `page ${page.page} of ${page.pages}` : "");

function resume() {
  return button(
    "resume",
    make("span", { class: "words" }, "Resume"),
    () => trying(() => ask("POST", "/v1/resume")),
    { class: "first", "aria-label": "Resume" },
  );
}

function pause() {
  const menu = make(
    "details",
    { class: "menu" },
    make(
      "summary",
      { class: "button", "aria-label": "Pause" },
      icon("pause"),
      make("span", { class: "words" }, "Pause"),
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
  if (done) say(`Paused: ${words.toLowerCase()}.`, "Nothing is lost; new files wait.");
}
