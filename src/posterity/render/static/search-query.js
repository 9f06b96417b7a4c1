// The query language: a port of posterity/query, compared with it by tests.
(function (search) {
  "use strict";

  // -- words (posterity/query/tokens.py)

  var PLAIN = {
    "\u00e6": "ae", "\u0111": "d", "\u00f0": "d", "\u0127": "h", "\u0131": "i",
    "\u0142": "l", "\u0153": "oe", "\u00f8": "o", "\u00df": "ss", "\u00fe": "th",
    "\u03c2": "\u03c3"
  };
  var UNSPACED =
    "\\u0e00-\\u0eff\\u1000-\\u109f\\u1100-\\u11ff\\u1780-\\u17ff\\u2e80-\\u2fdf" +
    "\\u3005-\\u3007\\u3041-\\u30ff\\u3100-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff" +
    "\\ua960-\\ua97f\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3fffd}";
  var UNSPACED_CHAR = new RegExp("^[" + UNSPACED + "]$", "u");
  var RUN = new RegExp("[" + UNSPACED + "]+|[^" + UNSPACED + "]{1,64}", "gu");
  var WORD = /[\p{L}\p{M}\p{N}]+/gu;

  function bare(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu, "");
  }
  function foldChar(char) {
    var plain = "";
    for (var part of bare(bare(char).toLowerCase())) plain += PLAIN[part] || part;
    return plain.replace(/_/g, " ");
  }
  function fold(text) {
    return text.toLowerCase().replace(/[^\x00-\x7f]+/g, function (run) {
      return Array.from(run, foldChar).join("").normalize("NFC");
    });
  }
  function isUnspaced(char) {
    return UNSPACED_CHAR.test(char);
  }
  function words(text) {
    var found = [];
    (fold(text).match(WORD) || []).forEach(function (piece) {
      (piece.match(RUN) || []).forEach(function (part) {
        var chars = Array.from(part);
        if (!isUnspaced(chars[0])) found.push(part);
        else
          chars.forEach(function (char, at) {
            found.push(char + (chars[at + 1] || ""));
          });
      });
    });
    return found;
  }
  function asked(text, prefix) {
    var found = words(text);
    var last = Array.from(found[found.length - 1] || "");
    if (!last.length || !isUnspaced(last[last.length - 1]))
      return { words: found, prefix: prefix };
    var before = Array.from(found[found.length - 2] || "");
    if (last.length === 1 && before.length && isUnspaced(before[before.length - 1]))
      return { words: found.slice(0, -1), prefix: false };
    return { words: found, prefix: last.length === 1 };
  }

  // -- dates (posterity/query/periods.py)

  var DATE =
    /^(\d{4})(?:[-/.]?(0[1-9]|1[0-2]|(?<=[-/.])[1-9](?!\d))(?:[-/.]?(0[1-9]|[12]\d|3[01]|(?<=[-/.])[1-9](?!\d)))?)?$/;
  var AGO = /^(?:last|past)[-. ]?(\d{1,4})?[-. ]?(day|week|month|year)s?$/;
  var NAMED = /^(?:this[-. ]?(day|week|month|year)|today|yesterday)$/;
  var FORMS = "1996, 1996-12, 1996-12-05, 1995..1996, last-year";
  var DAY = 86400;

  function seconds(year, month, day) {
    var at = new Date(0);
    at.setUTCFullYear(year, month, day);
    return at.getTime() / 1000;
  }
  function stepped(at, unit, steps) {
    if (at === null) return null;
    var date = new Date(at * 1000);
    var found;
    if (unit === "day" || unit === "week")
      found = at + steps * DAY * (unit === "week" ? 7 : 1);
    else {
      var months =
        date.getUTCFullYear() * 12 + date.getUTCMonth() + steps * (unit === "year" ? 12 : 1);
      var year = Math.floor(months / 12);
      var month = months - year * 12;
      var last = new Date(seconds(year, month + 1, 0) * 1000).getUTCDate();
      if (year === 9999 && month === 11) return null;
      found = seconds(year, month, Math.min(date.getUTCDate(), last));
    }
    var reached = new Date(found * 1000).getUTCFullYear();
    return reached >= 1 && reached <= 9999 ? found : null;
  }
  function startOf(unit, now) {
    var date = new Date(Math.floor(now / DAY) * DAY * 1000);
    var day = date.getUTCDate();
    if (unit === "week") day -= (date.getUTCDay() + 6) % 7;
    if (unit === "month" || unit === "year") day = 1;
    return seconds(date.getUTCFullYear(), unit === "year" ? 0 : date.getUTCMonth(), day);
  }
  function period(start, unit) {
    var end = stepped(start, unit, 1);
    return start === null || end === null ? null : [start, end];
  }
  function calendar(found) {
    var year = +found[1];
    var month = +(found[2] || 1);
    var day = +(found[3] || 1);
    var at = new Date(seconds(year, month - 1, day) * 1000);
    if (year < 1 || at.getUTCDate() !== day) return null;
    return period(at.getTime() / 1000, found[3] ? "day" : found[2] ? "month" : "year");
  }
  function onePeriod(text, now) {
    text = text.trim();
    var found = DATE.exec(text);
    if (found) return calendar(found);
    found = AGO.exec(text);
    if (found && !found[1]) {
      var before = stepped(startOf(found[2], now), found[2], -1);
      return before === null ? null : [before, startOf(found[2], now)];
    }
    if (found) {
      var start = stepped(startOf("day", now), found[2], -found[1]);
      return start === null ? null : [start, startOf("day", now) + DAY];
    }
    found = NAMED.exec(text);
    if (!found) return null;
    var unit = found[1] || "day";
    return period(startOf(unit, now) - (text === "yesterday" ? DAY : 0), unit);
  }
  function readPeriod(text, now) {
    text = text.trim().toLowerCase();
    var dots = text.indexOf("..");
    if (dots < 0) return onePeriod(text, now);
    var left = text.slice(0, dots);
    var right = text.slice(dots + 2);
    var first = left ? onePeriod(left, now) : [null, null];
    var last = right ? onePeriod(right, now) : [null, null];
    return first && last && (left || right) ? [first[0], last[1]] : null;
  }

  // -- the query (posterity/query/parser.py); a node is an object with a `kind`

  var LONGEST_QUERY = 2000;
  var MOST_TERMS = 64;
  var MOST_WORDS = 256;
  var DEEPEST = 32;
  var DEFAULT = ["subject", "own", "lost", "author", "files"];
  var TERM =
    /(\s+)|(\))|(-(?=[^\s)]))|([A-Za-z]{1,12}):(?=[^\s)])|(\()|(["\u201c\u201d])([^"\u201c\u201d]*)(["\u201c\u201d]?)(\*?)|([^\s()"\u201c\u201d]+)/y;
  var BARE = /([^\s()"\u201c\u201d]+)/y;

  function QueryError(why, place) {
    this.why = why;
    this.place = place;
  }
  function refuse(why, place) {
    throw new QueryError(why, place);
  }
  function fieldTable(fields) {
    var named = {};
    fields.forEach(function (field) {
      [field.name].concat(field.short).forEach(function (name) {
        named[name] = field;
      });
    });
    return named;
  }

  function parse(text, now, named) {
    if (Array.from(text).length > LONGEST_QUERY)
      refuse("a query may have 2,000 characters", 0);
    var groups = [{ field: null, negated: false, place: 0, either: [], every: [] }];
    var awaited = null;
    var operator = ["", 0];
    var terms = 0;
    var spoken = 0;

    function top() {
      return groups[groups.length - 1];
    }
    function waiting(place) {
      var found = awaited || { field: top().field, negated: false, place: place };
      awaited = null;
      return found;
    }
    function negate(place) {
      awaited = awaited || { field: top().field, negated: false, place: place };
      awaited.negated = !awaited.negated;
    }
    function add(node, negated) {
      operator = ["", 0];
      top().every.push(negated ? { kind: "not", node: node } : node);
    }
    function joined(either) {
      return either.length > 1 ? { kind: "or", nodes: either } : either[0];
    }
    function complete(place, before) {
      if (awaited) refuse("nothing follows this", awaited.place);
      if (operator[0]) refuse(operator[0] + " needs a word on both sides", operator[1]);
      var group = top();
      if (!group.every.length) {
        if (before || group.either.length) refuse("OR needs a word on both sides", place);
        return;
      }
      group.either.push(
        group.every.length === 1 ? group.every[0] : { kind: "and", nodes: group.every }
      );
      group.every = [];
    }
    function takeField(name, place) {
      var field = named[name.toLowerCase()];
      if (!field) {
        var near = nearest(name.toLowerCase(), named);
        if (near)
          refuse("no field is called " + name + ": did you mean " + near + ":?", place);
        return false;
      }
      awaited = { field: field, negated: !!awaited && awaited.negated, place: place };
      return true;
    }
    function open(place) {
      if (groups.length > DEEPEST) refuse("parentheses may be 32 deep", place);
      var found = waiting(place);
      found.either = [];
      found.every = [];
      found.place = place;
      groups.push(found);
    }
    function close(place) {
      if (groups.length === 1) refuse("this parenthesis closes nothing", place);
      complete(place, "");
      var group = groups.pop();
      var node = joined(group.either);
      if (!node) refuse("nothing stands between these parentheses", group.place);
      add(node, group.negated);
    }
    function word(text, place) {
      if (text === "OR" || text === "|") {
        complete(place, "OR");
        operator = ["OR", place];
      } else if (text === "AND" || text === "&") {
        if (awaited || !top().every.length)
          refuse(text + " needs a word on both sides", place);
        operator = ["AND", place];
      } else if (text === "NOT") negate(place);
      else term(text.replace(/\*+$/, ""), place, /\*$/.test(text), false);
    }
    function term(value, place, prefix, quoted) {
      var found = waiting(place);
      terms += 1;
      if (terms > MOST_TERMS) refuse("a query may have 64 words", place);
      var kind = found.field ? found.field.kind : "words";
      var node;
      if (kind === "words") node = wordsNode(found.field, value, place, prefix, quoted);
      else if (kind === "id" || kind === "hash" || kind === "slug")
        node = exact(found.field, value, place);
      else node = between(found.field, value, place);
      if (node) add(node, found.negated);
    }
    function wordsNode(field, value, place, prefix, quoted) {
      if (!field && !quoted && value.indexOf("..") >= 0) {
        var span = readPeriod(value, now);
        if (span) return { kind: "between", first: span[0], end: span[1] };
      }
      var found = asked(value, prefix);
      spoken += found.words.length;
      if (spoken > MOST_WORDS) refuse("phrases may have 256 words together", place);
      if (!found.words.length) {
        if (field) refuse(field.name + ": needs a word, as in " + field.example, place);
        return null;
      }
      var last = found.words[found.words.length - 1];
      if (prefix && found.prefix && last.length < 3 && /^[\x00-\x7f]*$/.test(last))
        refuse(value + "* stands for too much: 3 letters", place);
      return {
        kind: "words",
        columns: field ? field.columns : DEFAULT,
        words: found.words,
        prefix: found.prefix
      };
    }
    function between(field, value, place) {
      var span = readPeriod(value, now);
      if (!span) refuse((value || "this") + " is no date; write it as " + FORMS, place);
      if (field.kind === "before") return { kind: "between", first: null, end: span[0] };
      if (field.kind === "after") return { kind: "between", first: span[1], end: null };
      return { kind: "between", first: span[0], end: span[1] };
    }
    function exact(field, value, place) {
      value = value.trim();
      if (field.kind === "id") value = value.replace(/^</, "").replace(/>$/, "");
      if (field.kind === "hash") {
        value = value.toLowerCase();
        if (!/^[0-9a-f]{8,64}$/.test(value))
          refuse(field.name + ": needs 8 to 64 hex digits", place);
      }
      if (!value) refuse(field.name + ": needs a value, as in " + field.example, place);
      return { kind: "exact", field: field.name, value: value };
    }

    function read(pattern, at) {
      pattern.lastIndex = at;
      return pattern.exec(text);
    }
    var at = 0;
    while (at < text.length) {
      var found = read(TERM, at);
      var bareWord = null;
      if (found[4]) {
        if (takeField(found[4], at)) {
          at = TERM.lastIndex;
          found = read(BARE, at);
          bareWord = found && found[1];
          if (!found) found = read(TERM, at);
        } else {
          found = read(BARE, at);
          bareWord = found[1];
        }
      }
      if (bareWord) word(bareWord, at);
      else if (found[6]) {
        if (!found[8]) refuse("this quotation mark is not closed", at);
        term(found[7], at, !!found[9], true);
      } else if (found[10]) word(found[10], at);
      else if (found[5]) open(at);
      else if (found[2]) close(at);
      else if (found[3]) negate(at);
      at += found[0].length;
    }
    if (groups.length > 1) refuse("this parenthesis is not closed", top().place);
    complete(text.length, "");
    var whole = joined(groups[0].either);
    if (!whole) refuse("there is no word here to look for", 0);
    return whole;
  }

  // how alike two words are, as Python's difflib has it: twice the letters in common
  // runs by the letters of both
  function common(one, other) {
    var best = 0;
    var where = [0, 0];
    for (var a = 0; a < one.length; a++)
      for (var b = 0; b < other.length; b++) {
        var run = 0;
        while (one[a + run] && one[a + run] === other[b + run]) run++;
        if (run > best) {
          best = run;
          where = [a, b];
        }
      }
    if (!best) return 0;
    return (
      best +
      common(one.slice(0, where[0]), other.slice(0, where[1])) +
      common(one.slice(where[0] + best), other.slice(where[1] + best))
    );
  }
  function nearest(name, named) {
    var best = 0.75;
    var found = "";
    Object.keys(named).forEach(function (known) {
      if (known.length < 3) return;
      // difflib looks for runs of the second in the first
      var alike = (2 * common(known, name)) / (name.length + known.length);
      if (alike > best || (alike === best && known > found)) {
        best = alike;
        found = known;
      }
    });
    return found;
  }

  // the words a message is found by
  function wanted(node, found) {
    found = found || [];
    if (node.kind === "words") found.push(node);
    else if (node.nodes)
      node.nodes.forEach(function (inner) {
        wanted(inner, found);
      });
    return found;
  }

  // -- marking (posterity/query/snippets.py)

  var WIDTH = 240;
  var AHEAD = 40;

  function Marker(leaves) {
    var whole = (this.whole = new Set());
    var begun = (this.begun = []);
    leaves.forEach(function (leaf) {
      leaf.words.forEach(function (word, at) {
        if (leaf.prefix && at === leaf.words.length - 1) begun.push(word);
        else whole.add(word);
      });
    });
  }
  Marker.prototype.holds = function (word) {
    return (
      this.whole.has(word) ||
      this.begun.some(function (start) {
        return word.startsWith(start);
      })
    );
  };
  Marker.prototype.spans = function (text) {
    var self = this;
    var found = [];
    for (var run of text.matchAll(/[\p{L}\p{N}][\p{L}\p{N}\u0300-\u036f]*/gu)) {
      var held = words(run[0]);
      var hits = held.filter(function (word) {
        return self.holds(word);
      });
      if (!hits.length) continue;
      var start = run.index;
      if (held.length > 1 && held.length === run[0].length)
        held.forEach(function (word, at) {
          if (self.holds(word)) found.push([start + at, start + at + word.length, word]);
        });
      else found.push([start, start + run[0].length, hits[0]]);
    }
    return found;
  };
  function pieces(text, spans, start, end) {
    var found = [];
    var at = start;
    spans.forEach(function (span) {
      if (span[0] < at || span[1] > end) return;
      if (span[0] > at) found.push([text.slice(at, span[0]), false]);
      found.push([text.slice(span[0], span[1]), true]);
      at = span[1];
    });
    if (at < end) found.push([text.slice(at, end), false]);
    return found;
  }
  Marker.prototype.marked = function (text) {
    return pieces(text, this.spans(text), 0, text.length);
  };
  Marker.prototype.snippet = function (text) {
    var spans = this.spans(text);
    var best = -1;
    var where = 0;
    spans.forEach(function (span, first) {
      var held = new Set();
      var count = 0;
      for (var at = first; at < spans.length; at++) {
        if (spans[at][1] > span[0] + WIDTH - AHEAD) break;
        held.add(spans[at][2]);
        count++;
      }
      var score = held.size * 1000 + count;
      if (score > best) {
        best = score;
        where = span[0];
      }
    });
    var start = Math.max(0, where - AHEAD);
    if (start) start = text.lastIndexOf(" ", start) + 1;
    var end = Math.min(text.length, start + WIDTH);
    if (end < text.length) {
      var blank = text.lastIndexOf(" ", end);
      if (blank > start) end = blank;
    }
    var found = pieces(text, spans, start, end);
    if (start) found.unshift(["\u2026 ", false]);
    if (end < text.length) found.push([" \u2026", false]);
    return found;
  };

  Object.assign(search, {
    DAY: DAY,
    Marker: Marker,
    QueryError: QueryError,
    fieldTable: fieldTable,
    fold: fold,
    parse: parse,
    seconds: seconds,
    wanted: wanted,
    words: words
  });
})((globalThis.posteritySearch = globalThis.posteritySearch || {}));
