// Short words at the edge of the page, which go away by themselves.
import { make, sentence } from "./make.js";

const STAYS = 6000;

export const say = (happened, more = "") => put("", happened, more);

/**
 * Do it; when there is a problem, say that instead, and give undefined.
 * That nobody is logged in any more is said once, at the top of the page.
 */
export async function trying(deed) {
  try {
    return await deed();
  } catch (problem) {
    if (problem.name !== "AbortError" && problem.status !== 401) put("bad", problem.message, problem.advice ?? "");
    return undefined;
  }
}

function put(kind, happened, more) {
  const said = make("p", { class: kind }, ...sentence(happened), more && make("span", {}, ...sentence(more)));
  const place = document.getElementById("sayings");
  place.append(said);
  while (place.childElementCount > 3) place.firstElementChild.remove();
  setTimeout(() => said.remove(), STAYS);
}
