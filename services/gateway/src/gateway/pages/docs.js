"use strict";
const WORDS = {
  en: { intro: "One door for citizens, businesses, banks and agencies.", find: "Find operations", loading: "Loading…", who: "Who may", body: "Body", answer: "Answer", example: "Example",
    parameters: "Parameters", required: "required", anyone: "anyone", failed: "The documentation could not be loaded.",
    missing: "does not answer just now; its operations are missing here.", count: (n) => `${n} operations`, language: "", every: "Every office", "signed-in": "anyone who has signed in" },
  id: { intro: "Satu pintu untuk warga, pelaku usaha, bank, dan instansi.", find: "Cari operasi", loading: "Memuat…", who: "Siapa yang boleh", body: "Isi permintaan",
    answer: "Jawaban", example: "Contoh", parameters: "Parameter", required: "wajib", anyone: "siapa saja", failed: "Dokumentasi tidak dapat dimuat.",
    missing: "sedang tidak menjawab; operasinya tidak ada di sini.", count: (n) => `${n} operasi`,
    language: "Uraian operasi tersedia dalam bahasa Inggris.", every: "Semua layanan", "signed-in": "siapa saja yang sudah masuk" },
};
const root = document.documentElement;
const asked = new URLSearchParams(location.search).get("lang") || navigator.language.toLowerCase().slice(0, 2);
root.lang = asked === "id" ? "id" : "en";
const say = WORDS[root.lang];
for (const node of document.querySelectorAll("[data-word]")) node.textContent = say[node.dataset.word];
for (const link of document.querySelectorAll("a[hreflang]")) if (link.hreflang === root.lang) link.setAttribute("aria-current", "true");

const make = (tag, text, ...children) => { const node = document.createElement(tag); if (text) node.textContent = text; node.append(...children); return node; };
/** What the services say of themselves is English, and their names are Indonesian, whatever the language of the page. */
const spoken = (lang, node) => { node.lang = lang; return node; };

/** A schema as people read it: names, kinds, what is required; references followed to a depth that still helps. */
function read(api, schema, indent = "", depth = 0) {
  if (!schema || depth > 9) return "…";
  if (schema.$ref) return read(api, schema.$ref.slice(2).split("/").reduce((at, key) => at[key], api), indent, depth + 1);
  const several = schema.oneOf || schema.anyOf || schema.allOf;
  if (several) return several.map((one) => read(api, one, indent, depth + 1)).join(" | ");
  if (schema.items) return `[ ${read(api, schema.items, indent, depth)} ]`;
  if (!schema.properties) return kind(schema);
  const lines = Object.entries(schema.properties).map(([name, part]) => {
    const needed = (schema.required || []).includes(name) ? `  ← ${say.required}` : "";
    return `${indent}  ${name}: ${read(api, part, `${indent}  `, depth + 1)}${needed}`;
  });
  return `{\n${lines.join("\n")}\n${indent}}`;
}

/** What is sent or answered: its schema, and the example below it. */
function content(api, title, body) {
  const nodes = [make("h3", title), make("pre", read(api, body.schema))];
  if (body.example === undefined) return nodes;
  const text = typeof body.example === "string" ? body.example : JSON.stringify(body.example, null, 2);
  return [...nodes, make("details", "", make("summary", say.example), make("pre", text))];
}

function kind(schema) {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const types = [schema.type || "any"].flat().join(" | ");
  const limits = [schema.format, schema.pattern, schema.maxLength && `≤ ${schema.maxLength}`, schema.minimum !== undefined && `≥ ${schema.minimum}`,
    schema.maximum !== undefined && `≤ ${schema.maximum}`].filter(Boolean);
  return limits.length ? `${types} (${limits.join(", ")})` : types;
}

function parameters(api, given) {
  const all = given.map((one) => one.$ref ? one.$ref.slice(2).split("/").reduce((at, key) => at[key], api) : one);
  const rows = all.map((one) => make("tr", "", make("td", one.name), make("td", [one.in, kind(one.schema || {}), one.required && say.required].filter(Boolean).join(", ")),
    spoken("en", make("td", one.description))));
  return rows.length ? [make("h3", say.parameters), make("table", "", make("tbody", "", ...rows))] : [];
}

function shown(api, method, path, operation, shared) {
  const who = (operation["x-roles"] || ["anyone"]).map((role) => say[role] || role).join(", ");
  const inside = make("div", "", make("h3", say.who), make("p", who), ...parameters(api, [...shared, ...(operation.parameters || [])]));
  inside.className = "inside";
  for (const [type, body] of Object.entries((operation.requestBody || {}).content || {})) inside.append(...content(api, `${say.body} (${type})`, body));
  for (const [status, answer] of Object.entries(operation.responses || {})) {
    if (status >= "300") continue;
    const bodies = Object.values(answer.content || {});
    inside.append(...(bodies.length ? bodies.flatMap((body) => content(api, `${say.answer} ${status}`, body)) : [make("h3", `${say.answer} ${status}`)]));
  }
  const box = make("details", "", make("summary", "", make("b", method.toUpperCase()), make("code", path), spoken("en", make("span", operation.summary))), inside);
  box.className = method;
  box.dataset.text = `${method} ${path} ${operation.summary || ""} ${who}`.toLowerCase();
  return box;
}

function filter() {
  const words = document.getElementById("filter").value.toLowerCase().split(" ");
  let count = 0;
  for (const section of document.querySelectorAll("section")) {
    const boxes = [...section.querySelectorAll(":scope > details")];
    for (const box of boxes) box.hidden = !words.every((word) => box.dataset.text.includes(word));
    section.hidden = boxes.every((box) => box.hidden);
    count += boxes.filter((box) => !box.hidden).length;
  }
  document.getElementById("count").textContent = say.count(count);
}

async function load() {
  const api = await (await fetch("/openapi.json")).json();
  const main = document.getElementById("operations");
  main.replaceChildren(...api["x-missing"].map((name) => Object.assign(make("p", `${name} ${say.missing}`), { className: "missing" })));
  for (const tag of api.tags) {
    const everybodys = tag.name === "every-office";
    const title = () => everybodys ? make("span", say.every) : spoken("id", make("span", tag.description));
    const section = make("section", "", make("h2", "", title(), " ", make("small", tag.name)));
    section.id = tag.name;
    for (const [path, { parameters: shared = [], ...operations }] of Object.entries(api.paths)) {
      for (const [method, operation] of Object.entries(operations)) if (operation.tags[0] === tag.name) section.append(shown(api, method, path, operation, shared));
    }
    main.append(section);
    document.getElementById("services").append(Object.assign(make("a", "", title()), { href: `#${tag.name}` }));
  }
  document.getElementById("filter").addEventListener("input", filter);
  filter();
}

load().catch(() => { document.getElementById("operations").textContent = say.failed; });
