// The API for people: every request that can be made, out of the description that programs get.
import { ask } from "./ask.js";
import { make, sentence } from "./make.js";

const METHODS = ["get", "post", "put", "delete"];

const place = document.getElementById("described");
ask("GET", "/v1/openapi.json").then(
  (api) => place.replaceChildren(...sections(api)),
  (problem) => place.replaceChildren(make("p", { role: "alert" }, `${problem.message} ${problem.advice}`)),
);

function sections(api) {
  const requests = Object.entries(api.paths).flatMap(([path, methods]) =>
    METHODS.filter((method) => methods[method]).map((method) => ({ path, method, ...methods[method] })),
  );
  const subjects = [...new Set(requests.map(({ tags }) => tags?.[0] ?? "page"))];
  return subjects.map((subject) =>
    make(
      "section",
      {},
      make("h2", {}, subject),
      ...requests.filter(({ tags }) => (tags?.[0] ?? "page") === subject).map((one) => request(one, api)),
    ),
  );
}

function request(one, api) {
  const given = one.parameters ?? [];
  const body = Object.entries(one.requestBody?.content ?? {});
  const answer = Object.entries(one.responses["200"]?.content ?? one.responses["201"]?.content ?? {});
  return make(
    "details",
    {},
    make(
      "summary",
      {},
      make("code", { class: `method ${one.method}` }, one.method.toUpperCase()),
      make("code", { class: "path" }, one.path),
      make("span", { class: "dim" }, (one.description ?? one.summary ?? "").split("\n")[0].replaceAll("`", "")),
    ),
    ...(one.description ?? "").split("\n\n").map((part) => make("p", {}, ...sentence(part))),
    given.length > 0 && table("Asked with", given.map((field) => [field.name, field.in, field.schema, field.description])),
    ...body.map(([kind, { schema }]) => table(`Body, ${kind}`, fields(schema, api))),
    ...answer.map(([kind, { schema }]) => table(`Answer, ${kind}`, fields(schema ?? {}, api))),
    make("pre", { tabindex: "0", role: "region", "aria-label": "As a command" }, command(one)),
  );
}

/** The fields of a schema: name, whether it must be there, its kind, what it means. */
function fields(schema, api) {
  const { properties = {}, required = [] } = resolve(schema, api);
  return Object.entries(properties).map(([name, field]) => [
    name,
    required.includes(name) ? "always" : "",
    field,
    field.description ?? resolve(field, api).description,
  ]);
}

function table(title, rows) {
  if (!rows.length) return false;
  return make(
    "table",
    {},
    make("caption", {}, title),
    make(
      "thead",
      {},
      make("tr", {}, ...["Name", "Where", "Kind", "Meaning"].map((word) => make("th", { scope: "col" }, word))),
    ),
    make(
      "tbody",
      {},
      ...rows.map(([name, where, schema, about]) =>
        make(
          "tr",
          {},
          make("td", {}, make("code", {}, name)),
          make("td", {}, where),
          make("td", {}, kind(schema ?? {})),
          make("td", {}, ...sentence(about ?? "")),
        ),
      ),
    ),
  );
}

function kind(schema) {
  if (schema.$ref) return schema.$ref.split("/").at(-1);
  if (schema.enum) return schema.enum.join(", ");
  if (schema.const !== undefined) return String(schema.const);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return several.map(kind).join(" or ");
  return schema.type === "array" ? `list of ${kind(schema.items ?? {})}` : (schema.type ?? "anything");
}

const resolve = (schema, api) =>
  schema.$ref ? (api.components.schemas[schema.$ref.split("/").at(-1)] ?? {}) : schema;

function command({ method, path, requestBody }) {
  const kinds = Object.keys(requestBody?.content ?? {});
  const sent = kinds.includes("application/json") ? " -H 'Content-Type: application/json' -d '{…}'" : "";
  const form = kinds.includes("multipart/form-data") ? " -F file=@scan.png" : "";
  return `curl -H "Authorization: Bearer $TOKEN" -X ${method.toUpperCase()}${sent}${form} ${location.origin}${path}`;
}
