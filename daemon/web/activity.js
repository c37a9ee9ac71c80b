// How much was read, and how fast: two charts over a day or a week.
import { ask } from "./ask.js";
import { bars, points } from "./chart.js";
import { number, translate } from "./language.js";
import { empty, make } from "./make.js";
import { trying } from "./say.js";
import { manyPages, span } from "./words.js";

const SPANS = [
  [translate("24 hours"), 24],
  [translate("7 days"), 168],
];
const AGAIN = 30000;

export function activity() {
  let hours = 24,
    timer = 0,
    seen = "",
    closed = false;
  const tabs = make("div", { class: "tabs", role: "group", "aria-label": translate("How far back") });
  const body = make("div", { class: "charts" });
  const element = make("div", {}, make("div", { class: "title" }, make("h1", {}, translate("Activity")), tabs), body);

  async function look() {
    clearTimeout(timer);
    timer = setTimeout(look, AGAIN);
    const answer = await trying(() => ask("GET", `/v1/statistics?hours=${hours}`));
    if (answer && !closed) body.replaceChildren(...shown(answer, hours));
  }

  function showTabs() {
    tabs.replaceChildren(
      ...SPANS.map(([words, wanted]) =>
        make(
          "button",
          {
            type: "button",
            "aria-pressed": String(hours === wanted),
            on: {
              click: () => {
                hours = wanted;
                showTabs();
                look();
              },
            },
          },
          words,
        ),
      ),
    );
  }

  function status(now) {
    const said = JSON.stringify([now?.counts.done, now?.counts.problems]);
    if (said !== seen) look();
    seen = said;
  }

  showTabs();
  return {
    title: translate("Activity"),
    element,
    status,
    again: look,
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}

function shown(answer, hours) {
  const all = everyHour(answer, hours);
  const pages = all.reduce((sum, hour) => sum + hour.pages, 0);
  const seconds = all.reduce((sum, hour) => sum + hour.seconds, 0);
  if (!pages)
    return [
      empty(
        translate("Nothing was read in this time"),
        make(
          "p",
          {},
          translate(
            "Once documents are read, you see here how many pages there were in each hour, and how long a page took.",
          ),
        ),
      ),
    ];
  const most = all.reduce((best, hour) => (hour.pages > best.pages ? hour : best));
  return [
    make(
      "dl",
      { class: "sums" },
      ...sum(translate("Pages read"), number(pages)),
      ...sum(translate("A page took"), span(seconds / pages)),
      ...sum(translate("Busiest hour"), manyPages(most.pages)),
    ),
    chart(
      translate("Pages per hour"),
      bars(
        all.map((hour) => ({ at: hour.start, value: hour.pages })),
        "pages",
      ),
    ),
    chart(
      translate("Seconds per page"),
      points(
        all.map((hour) => ({ at: hour.start, value: hour.pages ? hour.seconds / hour.pages : null })),
        "seconds",
      ),
    ),
  ];
}

const sum = (name, value) => [
  make("div", { class: "card" }, make("dt", {}, name), make("dd", { class: "number" }, value)),
];

const chart = (title, drawing) =>
  make("figure", { class: "chart card" }, make("figcaption", {}, title), drawing);

/** Every hour up to now, those without a document too. */
function everyHour({ since, hours: found }, hours) {
  const known = new Map(found.map((hour) => [hour.start, hour]));
  const first = Math.floor(since / 3600) * 3600 + 3600;
  return Array.from({ length: hours }, (_, place) => {
    const start = first + place * 3600;
    return known.get(start) ?? { start, pages: 0, seconds: 0 };
  });
}
