// Charts, drawn as SVG: bars, and points with a line through those that follow one another.
import { locale, number, translate } from "./language.js";
import { draw } from "./make.js";
import { manyPages } from "./words.js";

const HIGH = 230,
  LEFT = 40,
  RIGHT = 24,
  BOTTOM = 26,
  TOP = 12;
const AXIS = 4; // lines across, at most

/** @typedef {{ at: number, value: number|null }} Value One hour: seconds since 1970, and how much. */

/** @param {Value[]} values @param {string} unit */
export function bars(values, unit) {
  const { drawing, x, y, step } = ground(values, unit);
  const wide = Math.max(1.5, step * 0.68);
  for (const one of values) {
    if (!one.value) continue;
    const top = y(one.value);
    drawing.append(
      draw(
        "rect",
        {
          class: "bar",
          x: x(one) - wide / 2,
          y: top,
          width: wide,
          height: HIGH - BOTTOM - top,
          rx: Math.min(3, wide / 3),
        },
        hint(one, unit),
      ),
    );
  }
  return drawing;
}

/** @param {Value[]} values @param {string} unit */
export function points(values, unit) {
  const { drawing, x, y } = ground(values, unit);
  const path = values
    .map((one, place) =>
      one.value === null ? "" : `${values[place - 1]?.value == null ? "M" : "L"}${x(one)} ${y(one.value)}`,
    )
    .join("");
  drawing.append(draw("path", { class: "through", d: path || "M0 0" }));
  for (const one of values) {
    if (one.value !== null)
      drawing.append(draw("circle", { class: "point", cx: x(one), cy: y(one.value), r: 3 }, hint(one, unit)));
  }
  return drawing;
}

/** The ground that values are drawn on: lines across with numbers, and times below. */
function ground(values, unit) {
  const most = Math.max(...values.map((one) => one.value ?? 0), 0);
  const [tick, count] = ticks(most, unit === "pages" ? 1 : 0);
  const wide = innerWidth < 736 ? 420 : innerWidth < 1440 ? 900 : 600; // so that letters keep about their size
  const step = (wide - LEFT - RIGHT) / values.length;
  const x = (one) => LEFT + step * (values.indexOf(one) + 0.5);
  const y = (value) => HIGH - BOTTOM - (value / (tick * count)) * (HIGH - BOTTOM - TOP);
  const drawing = draw("svg", {
    viewBox: `0 0 ${wide} ${HIGH}`,
    role: "img",
    "aria-label": summary(values, unit),
  });
  for (let line = 0; line <= count; line++) {
    const height = y(tick * line);
    drawing.append(
      draw("line", { class: "across", x1: LEFT, x2: wide - RIGHT, y1: height, y2: height }),
      draw(
        "text",
        { x: LEFT - 8, y: height + 3.5, "text-anchor": "end" },
        number(tick * line, { maximumSignificantDigits: 3 }),
      ),
    );
  }
  const every = Math.ceil(values.length / (wide / 150));
  for (let place = every - 1; place < values.length; place += every) {
    drawing.append(
      draw(
        "text",
        { x: x(values[place]), y: HIGH - 6, "text-anchor": "middle" },
        when(values[place].at, values.length > 48),
      ),
    );
  }
  return { drawing, x, y, step };
}

/** A round distance between lines, `least` at least, and how many of them it takes. */
export function ticks(most, least = 0) {
  const rough = Math.max((most || 1) / AXIS, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const tick = [1, 2, 5, 10].map((one) => one * power).find((one) => one >= rough) ?? rough;
  return [tick, Math.max(1, Math.ceil((most || 1) / tick - 1e-9))];
}

function summary(values, unit) {
  const known = values.filter((one) => one.value);
  if (!known.length) return translate("There is nothing to show.");
  const most = known.reduce((best, one) => (one.value > best.value ? one : best));
  return translate("{known} of {all} hours; most: {most} at {time}.", {
    known: known.length,
    all: values.length,
    most: said(most.value, unit),
    time: when(most.at, true),
  });
}

const hint = (one, unit) => draw("title", {}, `${when(one.at, true)}: ${said(one.value, unit)}`);

const said = (value, unit) =>
  unit === "pages" ? manyPages(value) : translate("{number} seconds", { number: number(Number(value.toFixed(1))) });

const when = (moment, withDay) =>
  new Date(moment * 1000).toLocaleString(
    locale,
    withDay
      ? { weekday: "short", hour: "2-digit", minute: "2-digit" }
      : { hour: "2-digit", minute: "2-digit" },
  );
