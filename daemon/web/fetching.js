// What a card says and offers of a model's files: whether they are here, on their way, or to be had.
import { ask } from "./ask.js";
import { translate } from "./language.js";
import { button, make, surely, trouble } from "./make.js";
import { size } from "./words.js";

/** How large it is and whether it is here, or how far it is on its way. */
export function stateLine(one) {
  if (one.installing) return translate("Installing: {what}", { what: one.installing });
  if (one.done !== null) return translate("Downloading: {done} of {total}", { done: size(one.done), total: size(one.size) });
  const here = { yes: "", partly: translate("partly here"), no: translate("not here yet") }[one.here];
  return [one.size ? size(one.size) : translate("built in"), one.licence, here].filter(Boolean).join(" · ");
}

/** `lookAgain` is called when a button was pressed and answered. */
export function fetching(lookAgain) {
  const refused = new Map(); // by a model's name: the problem that the last press of its button met

  /** What moves, the button, and what went wrong; `install` is the line that brings the libraries that are missing. */
  function parts(one, install) {
    const isOnItsWay = one.done !== null;
    const { message, advice } = refused.get(one.id) ?? { message: one.problem, advice: one.advice };
    const how =
      refused.has(one.id) &&
      install &&
      translate("This installs them, then fetches it: `{command}`", { command: install });
    const pressed = deed(one, isOnItsWay, install);
    if (pressed) pressed.id = `deed-${one.id}`; // by which it is found again when the cards are made anew
    return {
      far: isOnItsWay && progress(one),
      deed: pressed,
      wrong: !isOnItsWay && message && trouble(message, how || advice),
    };
  }

  function progress(one) {
    return make("progress", {
      max: Math.max(one.size, 1),
      value: one.installing ? null : one.done,
      "aria-label": translate("{title} downloaded", { title: one.title }),
    });
  }

  function deed(one, isOnItsWay, install) {
    const models = `/v1/models/${encodeURIComponent(one.id)}`;
    const then = (ask_) => async () => {
      refused.delete(one.id);
      await ask_().catch((problem) => problem.status !== 401 && refused.set(one.id, problem));
      await lookAgain();
    };
    if (isOnItsWay)
      return button(
        "close",
        translate("Cancel"),
        then(() => ask("POST", `${models}/cancel`)),
        { "aria-label": translate("Cancel the download of {title}", { title: one.title }) },
      );
    if (!one.installed && install && (refused.has(one.id) || one.problem))
      return button(
        "download",
        translate("Install and download ({size})", { size: size(one.size) }),
        then(() => ask("POST", `${models}/pull?install=true`)),
        { title: translate("Licence: {name}", { name: one.licence }) },
      );
    if (!one.installed)
      return button(
        "download",
        one.here === "partly"
          ? translate("Go on ({size})", { size: size(one.size) })
          : translate("Download ({size})", { size: size(one.size) }),
        then(() => ask("POST", `${models}/pull`)),
        { title: translate("Licence: {name}", { name: one.licence }) },
      );
    return one.size && !one.in_use && !one.chosen
      ? surely(
          "remove",
          translate("Delete"),
          translate("Really delete?"),
          then(() => ask("DELETE", models)),
        )
      : null;
  }

  return { parts };
}
