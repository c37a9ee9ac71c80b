// A file that is read just once: sent from this page, shown here, kept nowhere.
import { ask, Problem, readFile } from "./ask.js";
import { copy } from "./document.js";
import { howSure, markDoubts } from "./doubts.js";
import { translate, translateSentence } from "./language.js";
import { button, fileCard, make, trouble } from "./make.js";
import { showBlocks, showPicture } from "./page.js";
import { manyPages } from "./words.js";

export class ReadOnce {
  #file;
  #stop = new AbortController();
  #far = make("progress", {});
  #line = make("p", { class: "dim", role: "status" }, translate("Waiting"));
  #deeds = make("div", { class: "buttons" });
  #text = make("div", { class: "text" });

  constructor(file) {
    this.#file = file;
    this.#deeds.append(button("close", translate("Stop"), () => this.#stop.abort()));
    this.#far.setAttribute("aria-label", translate("How far {name} is read", { name: file.name }));
    this.element = fileCard(file.name, this.#line, this.#deeds, this.#far, this.#text);
  }

  async begin() {
    try {
      this.#stop.signal.throwIfAborted();
      this.#line.textContent = translate("Sending");
      let result = null;
      await readFile(
        this.#file,
        (name, data) => {
          if (name === "progress") this.#progress(data);
          else if (name === "problem") throw new Problem(data.problem, data.advice);
          else result = data;
        },
        this.#stop.signal,
      );
      if (!result) throw new Problem(
          translate("papertray stopped before this was read."),
          translate("Drop it again."),
        );
      await this.#show(result);
    } catch (problem) {
      this.#failed(problem);
    }
  }

  #progress({ state, pages, pages_done: done }) {
    this.#line.textContent =
      pages > 1
        ? translate("Reading page {page} of {pages}", { page: Math.min(done + 1, pages), pages })
        : state === "reading"
          ? translate("Reading")
          : translate("Waiting its turn");
    if (pages) {
      this.#far.max = pages;
      this.#far.value = done;
    }
  }

  async #show(result) {
    this.#line.textContent = [manyPages(result.pages.length), result.reader, result.device]
      .filter(Boolean)
      .join(" · ");
    this.#far.hidden = true;
    this.#deeds.replaceChildren(
      button("copy", translate("Copy Markdown"), () => copy(result.markdown)),
      button("download", translate("Save"), () => save(this.#file.name, result.markdown)),
    );
    const overlay = this.#showPicture(result);
    for (const page of result.pages) this.#text.append(...(await shownPage(page, result, overlay)));
    if (!this.#text.childElementCount)
      this.#text.append(make("p", { class: "unread" }, translate("No text was found.")));
  }

  /** The file itself, where the browser can show it: nobody else has it any more. */
  #showPicture(result) {
    if (!this.#file.type.startsWith("image/") || result.pages.length !== 1) return null;
    const picture = make("figure", { class: "picture card" });
    const address = URL.createObjectURL(this.#file);
    const overlay = showPicture(picture, address, this.#file.name, () => beside.replaceWith(this.#text));
    const beside = make("div", { class: "beside" }, picture);
    this.#text.replaceWith(beside);
    beside.append(this.#text);
    return overlay;
  }

  #failed(problem) {
    const stopped = problem.name === "AbortError";
    this.#far.hidden = true;
    this.#deeds.replaceChildren(button("retry", translate("Try again"), () => this.#again()));
    this.#line.textContent = stopped ? translate("Stopped") : translate("It was not read");
    if (!stopped) this.#text.replaceChildren(trouble(problem.message, problem.advice ?? ""));
  }

  #again() {
    this.#stop = new AbortController();
    this.#text.replaceChildren();
    this.#far.hidden = false;
    this.#far.removeAttribute("value");
    this.#deeds.replaceChildren(button("close", translate("Stop"), () => this.#stop.abort()));
    this.begin();
  }
}

async function shownPage(page, result, overlay) {
  const blocks = page.text?.blocks ?? [];
  const answer = await ask("POST", "/v1/rendered", { blocks: blocks.map((block) => block.markdown) });
  const figure = (name) => {
    const found = result.figures.find((one) => one.page === page.number && one.name === name);
    return found ? `data:image/png;base64,${found.png}` : "";
  };
  const problem =
    page.problem &&
    make("p", { class: "unread" }, translateSentence(`Page ${page.number} could not be read. ${page.problem}`));
  const shown = showBlocks(
    blocks.map((block, place) => ({ ...block, box: overlay && block.box, html: answer.blocks[place] })),
    overlay,
    figure,
  );
  const words = page.text?.doubtful_words ?? [];
  const glass = words.length > 0 && markDoubts({ parts: shown, blocks, words, overlay });
  return [problem, blocks.length > 0 && howSure(page.text), ...shown, glass].filter(Boolean);
}

function save(name, markdown) {
  const address = URL.createObjectURL(new Blob([markdown], { type: "text/markdown" }));
  make("a", { href: address, download: `${name.replace(/\.[^.]*$/, "")}.md` }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
