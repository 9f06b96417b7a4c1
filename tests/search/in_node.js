// Runs the browser's scripts on what stands on standard input, for the tests.
"use strict";
const fs = require("fs");
const path = require("path");
const vm = require("vm");

const scripts = path.join(__dirname, "../../src/posterity/render/static");
for (const name of ["search-query.js", "search-index.js"])
  vm.runInThisContext(fs.readFileSync(path.join(scripts, name), "utf8"), { filename: name });
const search = globalThis.posteritySearch;

function opened(site) {
  const loaded = [];
  const index = new search.Index(function (name) {
    const text = fs.readFileSync(path.join(site, "search", name + ".js"), "utf8");
    loaded.push(text.length);
    const found = /^posterityPiece\("([0-9a-z]+)","([A-Za-z0-9+/=]*)"\);\n$/.exec(text);
    if (!found || found[1] !== name) throw new Error("not a piece: " + name);
    return Promise.resolve(found[2]);
  });
  return index.open().then(() => ({ index, loaded }));
}

function read(text, now, named) {
  try {
    return { node: search.parse(text, now, named) };
  } catch (error) {
    if (!(error instanceof search.QueryError)) throw error;
    return { why: error.why, place: error.place };
  }
}

const tasks = {
  words: (texts) => texts.map(search.words),
  fold: (texts) => texts.map(search.fold),
  parse: (fields, now, queries) => {
    const named = search.fieldTable(fields);
    return queries.map((query) => read(query, now, named));
  },
  search: async (site, now, queries, order) => {
    const { index } = await opened(site);
    const found = [];
    for (const query of queries) {
      const node = search.parse(query, now, index.named);
      const answer = await index.search(node, order);
      const hashes = [];
      for (const doc of answer.docs) hashes.push((await index.card(doc)).hash);
      const { total, years } = answer;
      found.push({ hashes, order: answer.order, years, total });
    }
    return found;
  },
  cards: async (site, now, query) => {
    const { index } = await opened(site);
    const node = search.parse(query, now, index.named);
    const marker = new search.Marker(search.wanted(node));
    const answer = await index.search(node, "relevance");
    const cards = await Promise.all(answer.docs.map((doc) => index.card(doc)));
    return cards.map((card) => ({
      ...card,
      marked: marker.marked(card.subject),
      snippet: marker.snippet(card.text)
    }));
  },
  weight: async (site, now, queries) => {
    const { index, loaded } = await opened(site);
    const found = [];
    for (const query of queries) {
      const before = loaded.length;
      await index.search(search.parse(query, now, index.named), "relevance");
      const used = loaded.slice(before);
      found.push([used.length, used.reduce((sum, size) => sum + size, 0)]);
    }
    return found;
  }
};

Promise.resolve(tasks[process.argv[2]](...JSON.parse(fs.readFileSync(0, "utf8")))).then(
  (value) => process.stdout.write(JSON.stringify(value))
);
