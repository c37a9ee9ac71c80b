// What a list shows that is empty: why, and how to begin.
import { shortPath, translate, translateAround } from "./language.js";
import { button, empty, make } from "./make.js";

const LESSONS = {
  open: [translate("Nothing waits"), translate("Every document has been read.")],
  done: [
    translate("No notes yet"),
    translate("They appear here, and beside your scans, as soon as a document has been read."),
  ],
  problems: [
    translate("No problems"),
    translate("Documents that cannot be read are listed here, with what to do about them."),
  ],
  doubtful: [translate("No doubts"), translate("Documents with pages that may be misread are listed here.")],
};

/** `sifted` says whether there might be some of another folder, reader or date. */
export function lesson({ tab, live, choose, words, sifted }) {
  if (words) return make("p", { class: "dim" }, translate("No name or folder holds “{words}”.", { words }));
  if (sifted)
    return empty(translate("No such documents"), make("p", {}, translate("None has this folder, reader and date.")));
  if (LESSONS[tab]) return empty(LESSONS[tab][0], make("p", {}, LESSONS[tab][1]));
  const folder = live.status?.folders[0]?.path ?? translate("a watched folder");
  return empty(
    translate("Drop a scan, get a note"),
    make(
      "p",
      {},
      ...translateAround("Put a scan or a PDF into {folder}. A Markdown note appears beside it.", {
        folder: make("code", {}, shortPath(folder)),
      }),
    ),
    make("p", {}, translate("Or drop it anywhere on this page: it is put there for you.")),
    button("upload", translate("Add files"), choose),
  );
}
