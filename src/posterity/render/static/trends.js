// Words over time: the counts stand in search/trends.js and its shards, as
// posterity/site/trends.py wrote them; each word takes one shard of a few KB. Text enters
// the page as text nodes only.
(function () {
  "use strict";
  var place = document.getElementById("trends");
  var box = document.getElementById("q");
  if (!place || !box) return;
  var says = place.dataset;
  var SVG = "http:" + "//www.w3.org/2000/svg"; // a name, not an address
  var MOST = 6; // lines in one chart
  var WIDE = 960;
  var HIGH = 300;
  var kept = {};
  var table = null;
  var turn = 0;

  // -- loading
  var load = globalThis.posterityPieces("search/");
  function inflated(text) {
    var plain = atob(text);
    var octets = new Uint8Array(plain.length);
    for (var at = 0; at < plain.length; at++) octets[at] = plain.charCodeAt(at);
    var stream = new Blob([octets]).stream();
    return new Response(stream.pipeThrough(new DecompressionStream("deflate-raw"))).text();
  }
  function piece(name) {
    if (!kept[name]) {
      kept[name] = load(name).then(inflated);
      kept[name].catch(function () {
        delete kept[name];
      });
    }
    return kept[name];
  }
  // by code point, as the shards are sorted
  function before(one, other) {
    var a = Array.from(one);
    var b = Array.from(other);
    for (var at = 0; at < a.length && at < b.length; at++)
      if (a[at] !== b[at]) return a[at].codePointAt(0) < b[at].codePointAt(0);
    return a.length < b.length;
  }
  function opened() {
    if (table) return Promise.resolve(table);
    return piece("trends").then(function (text) {
      table = JSON.parse(text);
      periods();
      return table;
    });
  }
  // months, or years where a month holds too little to have shares
  var PLENTY = 30;
  var period = []; // of each month
  function periods() {
    var held = table.totals.filter(Boolean);
    var all = held.reduce(function (sum, one) {
      return sum + one;
    }, 0);
    var years = all < PLENTY * held.length;
    var names = [];
    var totals = [];
    table.months.forEach(function (name, at) {
      var own = years ? name.slice(0, 4) : name;
      if (names[names.length - 1] !== own) {
        names.push(own);
        totals.push(0);
      }
      period.push(names.length - 1);
      totals[names.length - 1] += table.totals[at];
    });
    table.months = names;
    table.totals = totals;
  }
  // messages of each month that have a word, or null
  function counted(word) {
    var at = 0;
    while (at + 1 < table.firsts.length && !before(word, table.firsts[at + 1])) at++;
    if (!table.names[at]) return Promise.resolve(null);
    return piece(table.names[at]).then(function (text) {
      var lines = text.split("\n");
      for (var n = 0; n < lines.length; n++)
        if (lines[n].startsWith(word + "\t")) return unpacked(lines[n].slice(word.length + 1));
      return null;
    });
  }
  function unpacked(text) {
    var counts = new Array(table.months.length).fill(0);
    var numbers = text.split(",");
    for (var at = 0, month = 0; at < numbers.length; at += 2) {
      month += +numbers[at];
      counts[period[month]] += +numbers[at + 1];
    }
    return counts;
  }
  // what the tokenizer of the index makes of a word, for what people type here
  function folded(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().trim();
  }

  // -- making elements
  function made(tag, kind, text) {
    var element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  }
  function drawn(tag, values, inside) {
    var element = document.createElementNS(SVG, tag);
    Object.keys(values).forEach(function (name) {
      element.setAttribute(name, values[name]);
    });
    if (inside) element.append(...inside);
    return element;
  }
  function title(text) {
    var element = drawn("title", {});
    element.textContent = text;
    return element;
  }
  var tongue = document.documentElement.lang || "en";
  function number(value) {
    return value.toLocaleString(tongue);
  }
  function percent(value) {
    var digits = value < 0.01 ? 2 : 1;
    return value.toLocaleString(tongue, { style: "percent", maximumFractionDigits: digits });
  }
  function month(name) {
    var parts = name.split("/");
    if (parts.length < 2) return name;
    return says.title
      .replace("{month}", says.months.split(", ")[parts[1] - 1])
      .replace("{mm}", parts[1])
      .replace("{year}", parts[0]);
  }
  function share(counts, at) {
    return table.totals[at] ? counts[at] / table.totals[at] : 0;
  }
  function question(words, name) {
    return "search.html?q=" + encodeURIComponent(words + (name ? " date:" + name.replace("/", "-") : ""));
  }

  // -- the chart
  function steps(highest) {
    var unit = Math.pow(10, Math.floor(Math.log10(highest)));
    var step = [0.2, 0.5, 1, 2, 5].find(function (size) {
      return highest / (unit * size) <= 5;
    });
    return unit * (step || 10);
  }
  function chart(lines) {
    var months = table.months.length;
    var highest = 0.001;
    lines.forEach(function (line) {
      for (var at = 0; at < months; at++)
        if (table.totals[at] >= few) highest = Math.max(highest, share(line.counts, at));
    });
    var step = steps(highest);
    var top = Math.ceil(highest / step) * step;
    var step_ = WIDE / Math.max(months, 1);
    var svg = drawn("svg", {
      viewBox: "0 0 " + WIDE + " " + HIGH,
      preserveAspectRatio: "none",
      role: "group",
      "aria-label": says.share
    });
    var scale = made("div", "scale");
    scale.setAttribute("aria-hidden", "true");
    for (var mark = 0; mark <= top + step / 2; mark += step) {
      var y = HIGH - (HIGH * mark) / top;
      svg.append(drawn("path", { class: "grid", d: "M0 " + y + "H" + WIDE }));
      scale.prepend(made("span", "", percent(mark)));
    }
    lines.forEach(function (line, nth) {
      var d = "";
      var pen = false;
      for (var at = 0; at < months; at++) {
        if (!table.totals[at] || table.totals[at] < few) {
          pen = false;
          continue;
        }
        var high = HIGH - (HIGH * share(line.counts, at)) / top;
        d += (pen ? "L" : "M") + (at + 0.5) * step_ + " " + high;
        if (!pen) d += "h0.01";
        pen = true;
      }
      svg.append(drawn("path", { class: "line l" + (nth + 1), d: d }));
    });
    table.months.forEach(function (name, at) {
      if (!table.totals[at]) return;
      var words = lines.map(function (line) {
        return line.word + " " + percent(share(line.counts, at)) + " (" + number(line.counts[at]) + ")";
      });
      var slot = drawn("rect", { class: "slot", x: at * step_, y: 0, width: step_, height: HIGH });
      var link = drawn("a", { href: question(either(lines), name) }, [slot, title(month(name) + ": " + words.join(", "))]);
      link.setAttribute("tabindex", "-1");
      svg.append(link);
    });
    var figure = made("figure", "chart lines");
    var ends = made("figcaption");
    ends.append(made("span", "", month(table.months[0])));
    if (months > 1) ends.append(made("span", "", month(table.months[months - 1])));
    figure.append(scale, svg, ends);
    return figure;
  }
  var few = 1; // a month with fewer messages is not drawn: its shares tell nothing
  function either(lines) {
    return lines
      .map(function (line) {
        return line.word;
      })
      .join(" OR ");
  }
  function legend(lines) {
    var list = made("ul", "legend");
    lines.forEach(function (line, nth) {
      var item = made("li");
      var swatch = drawn("svg", { width: 28, height: 10, "aria-hidden": "true" }, [
        drawn("path", { class: "line l" + (nth + 1), d: "M0 5H28" })
      ]);
      var link = made("a", "", line.word);
      link.href = question(line.word);
      var sum = line.counts.reduce(function (all, one) {
        return all + one;
      }, 0);
      item.append(swatch, link, " ", made("span", "", says.word.replace("{n}", number(sum))));
      list.append(item);
    });
    return list;
  }
  function numbers(lines) {
    var fold = made("details", "note");
    var rows = made("table", "figures");
    var head = rows.createTHead().insertRow();
    [says.month].concat(lines.map(function (line) { return line.word; })).forEach(function (word) {
      var cell = made("th", "", word);
      cell.scope = "col";
      head.append(cell);
    });
    var body = rows.createTBody();
    table.months.forEach(function (name, at) {
      if (!table.totals[at]) return;
      var row = body.insertRow();
      var cell = made("th", "", month(name));
      cell.scope = "row";
      row.append(cell);
      lines.forEach(function (line) {
        row.insertCell().textContent = percent(share(line.counts, at));
      });
    });
    fold.append(made("summary", "", says.table), rows);
    return fold;
  }
  function csv(lines) {
    var words = lines.map(function (line) {
      return line.word;
    });
    var rows = table.months.map(function (name, at) {
      var counts = lines.map(function (line) {
        return line.counts[at];
      });
      return [name.replace("/", "-"), table.totals[at]].concat(counts).join(",");
    });
    var text = [["month", "messages"].concat(words).join(",")].concat(rows).join("\r\n") + "\r\n";
    var link = made("a", "csv", "CSV");
    link.href = "data:text/csv;charset=utf-8," + encodeURIComponent(text);
    link.download = words.join("-") + ".csv";
    return link;
  }
  function example() {
    var line = made("p", "note", says.try + ": ");
    table.suggested.forEach(function (word, at) {
      var link = made("a", "", word);
      link.href = "?q=" + encodeURIComponent(word);
      link.addEventListener("click", function (event) {
        event.preventDefault();
        box.value = word;
        run(true);
      });
      line.append(at ? ", " : "", link);
    });
    return table.suggested.length ? line : "";
  }

  // -- asking
  function show(lines, missing) {
    var parts = [];
    if (lines.length) {
      var under = made("div", "under");
      under.append(numbers(lines), csv(lines));
      parts.push(chart(lines), legend(lines), under);
    }
    missing.forEach(function (word) {
      parts.push(made("p", "note", says.none.replace("{word}", word)));
    });
    parts.push(example());
    place.replaceChildren(...parts);
  }
  function run(remember) {
    var mine = ++turn;
    var words = Array.from(new Set(box.value.split(",").map(folded).filter(Boolean))).slice(0, MOST);
    opened()
      .then(function () {
        var all = table.totals.reduce(function (sum, one) {
          return sum + one;
        }, 0);
        few = Math.min(10, all / (2 * table.totals.length || 1));
        return Promise.all(words.map(counted));
      })
      .then(function (found) {
        if (mine !== turn) return;
        var lines = [];
        var missing = [];
        words.forEach(function (word, at) {
          if (found[at]) lines.push({ word: word, counts: found[at] });
          else missing.push(word);
        });
        show(lines, missing);
        if (remember) address(words.join(", "));
      })
      .catch(function () {
        if (mine === turn) place.replaceChildren(made("p", "note", says.unreachable));
      });
  }
  function address(words) {
    var text = "?q=" + encodeURIComponent(words);
    try {
      history.replaceState(null, "", text);
    } catch (refused) {
      location.replace("#" + text.slice(1));
    }
  }
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    run(true);
  });
  var asked = new URLSearchParams(location.search || location.hash.slice(1)).get("q");
  if (asked) box.value = asked;
  else
    opened()
      .then(function () {
        if (!box.value) box.value = table.suggested.slice(0, 3).join(", ");
        run(false);
      })
      .catch(function () {
        place.replaceChildren(made("p", "note", says.unreachable));
      });
  if (asked) run(false);
})();
