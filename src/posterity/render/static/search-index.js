// The static search index (posterity/site/postings.py, searchfiles.py), read in a browser.
// What is asked for is loaded piece by piece; every piece is kept.
(function (search) {
  "use strict";

  var DAY = search.DAY;

  // -- the index (posterity/site/postings.py)

  var STARTER = 1.5;
  var utf8 = new TextDecoder();

  function inflate(octets) {
    var stream = new Blob([octets]).stream();
    return new Response(
      stream.pipeThrough(new DecompressionStream("deflate-raw"))
    ).arrayBuffer();
  }
  function unpacked(text) {
    var plain = atob(text);
    var octets = new Uint8Array(plain.length);
    for (var at = 0; at < plain.length; at++) octets[at] = plain.charCodeAt(at);
    return inflate(octets).then(function (buffer) {
      return new Uint8Array(buffer);
    });
  }
  // numbers until the end, or so many
  function varints(octets, from, to, most) {
    var found = new Uint32Array(Math.min(most || to - from, to - from));
    var count = 0;
    while (from < to && count < found.length) {
      var value = 0;
      var shift = 0;
      var octet;
      do {
        octet = octets[from++];
        value |= (octet & 127) << shift;
        shift += 7;
      } while (octet > 127);
      found[count++] = value >>> 0;
    }
    var numbers = found.subarray(0, count);
    numbers.end = from;
    return numbers;
  }
  // by code point, as the index is sorted; JavaScript's own order is by UTF-16 unit
  function compare(one, other) {
    var most = Math.min(one.length, other.length);
    for (var at = 0; at < most; at++) {
      var a = one.charCodeAt(at);
      var b = other.charCodeAt(at);
      if (a !== b) {
        if (a >= 0xd800 && b >= 0xd800) {
          a += a >= 0xe000 ? -0x800 : 0x2000;
          b += b >= 0xe000 ? -0x800 : 0x2000;
        }
        return a - b;
      }
    }
    return one.length - other.length;
  }
  // the first place whose word is not before `word`
  function placeOf(sorted, word) {
    var low = 0;
    var high = sorted.length;
    while (low < high) {
      var middle = (low + high) >> 1;
      if (compare(sorted[middle], word) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function readShard(octets) {
    var head = varints(octets, 0, octets.length, 5);
    var at = head.end;
    var shard = { octets: octets, counts: [], starts: [], places: [], first: [] };
    shard.words = utf8.decode(octets.subarray(at, at + head[2])).split("\n");
    at += head[2];
    shard.masks = octets.subarray(at, at + 2 * head[0]);
    at += 2 * head[0];
    var sizes = varints(octets, at, at + head[3]);
    at += head[3];
    var places = at + head[4];
    for (var list = 0; list < head[1]; list++) {
      shard.counts.push(sizes[3 * list]);
      shard.starts.push(at);
      shard.places.push(places);
      at += sizes[3 * list + 1];
      places += sizes[3 * list + 2];
    }
    shard.starts.push(at);
    shard.places.push(places);
    var lists = 0;
    for (var word = 0; word < shard.words.length; word++) {
      shard.first.push(lists);
      var mask = shard.masks[2 * word] | (shard.masks[2 * word + 1] << 8);
      for (; mask; mask &= mask - 1) lists++;
    }
    return shard;
  }
  // places that are kept apart: for each list of the word where they begin, and the end
  function readApart(octets) {
    var count = varints(octets, 0, octets.length, 1);
    var sizes = varints(octets, count.end, octets.length, count[0]);
    var at = sizes.end;
    var starts = [at];
    for (var list = 0; list < count[0]; list++) starts.push((at += sizes[list]));
    return { octets: octets, starts: starts };
  }
  // the list of a word's column: { docs, often, sums } or null
  function listOf(shard, word, column) {
    var mask = shard.masks[2 * word] | (shard.masks[2 * word + 1] << 8);
    if (!(mask & (1 << column))) return null;
    var nth = 0;
    for (var lower = mask & ((1 << column) - 1); lower; lower &= lower - 1) nth++;
    var list = shard.first[word] + nth;
    var count = shard.counts[list];
    var numbers = varints(shard.octets, shard.starts[list], shard.starts[list + 1]);
    for (var at = 1; at < count; at++) numbers[at] += numbers[at - 1];
    return {
      shard: shard,
      list: list,
      word: shard.words[word],
      nth: nth,
      docs: numbers.subarray(0, count),
      often: numbers.subarray(count, 2 * count)
    };
  }

  function Index(load) {
    var kept = {};
    var self = this;
    this.requests = 0;
    this.piece = function (name) {
      if (!kept[name]) {
        self.requests += 1;
        kept[name] = load(name).then(unpacked);
        kept[name].catch(function () {
          delete kept[name];
        });
      }
      return kept[name];
    };
    var shards = {};
    this.shard = function (name) {
      if (!shards[name]) shards[name] = self.piece(name).then(readShard);
      return shards[name];
    };
  }
  Index.prototype.open = function () {
    var self = this;
    if (!self.opened)
      self.opened = self
        .piece("index")
        .then(function (octets) {
          var table = (self.table = JSON.parse(utf8.decode(octets)));
          self.named = search.fieldTable(table.fields);
          self.common = new Set(table.common);
          self.paired = new Set(table.paired);
          self.families = {};
          table.families.forEach(function (columns, family) {
            columns.forEach(function (column) {
              self.families[column] = family;
            });
          });
          var total = table.undated;
          self.dayStarts = table.days.map(function (count) {
            total += count;
            return total - count;
          });
          self.dayStarts.push(total);
          return self.piece(table.lengths);
        })
        .then(function (lengths) {
          self.lengths = lengths;
          return self;
        });
    return self.opened;
  };
  // the shards of a segment's family that may have a word, or words that begin so
  Index.prototype.shardNames = function (segment, family, word, prefix) {
    var firsts = segment.families[family][0];
    var names = segment.families[family][1];
    var from = placeOf(firsts, word);
    if (firsts[from] !== word) from = Math.max(0, from - 1);
    var to = from;
    if (prefix) while (to + 1 < firsts.length && firsts[to + 1].startsWith(word)) to++;
    return names.slice(from, to + 1);
  };
  // the entries of a word in a segment: [{ shard, word }]
  Index.prototype.entries = function (segment, family, word, prefix) {
    var self = this;
    var names = self.shardNames(segment, family, word, prefix);
    return Promise.all(names.map(self.shard)).then(function (shards) {
      var found = [];
      shards.forEach(function (shard) {
        var at = placeOf(shard.words, word);
        for (; at < shard.words.length; at++) {
          if (prefix ? !shard.words[at].startsWith(word) : shard.words[at] !== word) break;
          found.push({ shard: shard, word: at });
        }
      });
      return found;
    });
  };
  function familiesOf(index, columns) {
    return Array.from(
      new Set(
        columns.map(function (column) {
          return index.families[column];
        })
      )
    );
  }
  // what to look up for words in a row: [{ term, at, prefix }]; a paired word is looked
  // up with the one after it
  Index.prototype.slots = function (leaf) {
    var self = this;
    var last = leaf.words.length - 1;
    var slots = [];
    var covered = false;
    leaf.words.forEach(function (word, at) {
      if (at < last && self.paired.has(word)) {
        var term = " " + word + " " + leaf.words[at + 1];
        slots.push({ term: term, at: at, prefix: leaf.prefix && at + 1 === last });
        covered = true;
      } else {
        if (!covered) slots.push({ term: word, at: at, prefix: leaf.prefix && at === last });
        covered = false;
      }
    });
    return slots;
  };
  // how much a leaf's words weigh in each message
  Index.prototype.weigh = function (leaf) {
    var self = this;
    var weights = new Float32Array(self.table.messages);
    var slots = self.slots(leaf);
    var jobs = [];
    self.table.segments.forEach(function (segment) {
      familiesOf(self, leaf.columns).forEach(function (family) {
        var entries = slots.map(function (slot) {
          return self.entries(segment, family, slot.term, slot.prefix);
        });
        var columns = leaf.columns.filter(function (column) {
          return self.families[column] === family;
        });
        jobs.push(
          Promise.all(entries).then(function (found) {
            return Promise.all(
              columns.map(function (column) {
                var number = self.table.columns.indexOf(column);
                return self.column(segment, family, number, found, slots, weights);
              })
            );
          })
        );
      });
    });
    return Promise.all(jobs).then(function () {
      return weights;
    });
  };
  Index.prototype.column = function (segment, family, column, entries, slots, weights) {
    var weight = this.table.weights[column];
    var lists = entries.map(function (slot) {
      return slot
        .map(function (entry) {
          return listOf(entry.shard, entry.word, column);
        })
        .filter(Boolean);
    });
    if (slots.length === 1) {
      lists[0].forEach(function (list) {
        for (var at = 0; at < list.docs.length; at++)
          weights[segment.first + list.docs[at]] += weight * list.often[at];
      });
      return null;
    }
    var apart = segment.apart[family];
    return this.phrase(lists, slots, segment.count, apart).then(function (found) {
      found.forEach(function (times, doc) {
        weights[segment.first + doc] += weight * times;
      });
    });
  };
  // for each message how many of the slots it has a term of, in their order
  function inAll(slots, count) {
    var reached = new Uint16Array(count);
    slots.forEach(function (lists, step) {
      lists.forEach(function (list) {
        for (var at = 0; at < list.docs.length; at++)
          if (reached[list.docs[at]] === step) reached[list.docs[at]] = step + 1;
      });
    });
    return reached;
  }
  // Map of message to how often the terms stand in a row
  Index.prototype.phrase = function (lists, slots, count, apart) {
    var self = this;
    var reached = inAll(lists, count);
    var jobs = lists.map(function (some) {
      return Promise.all(
        some.map(function (list) {
          return self.placesOf(list, reached, slots.length, apart);
        })
      );
    });
    return Promise.all(jobs).then(function (held) {
      var starts = null; // Map of message to the places where the phrase may begin
      held.forEach(function (some, step) {
        var now = new Map();
        some.forEach(function (byDoc) {
          byDoc.forEach(function (places, doc) {
            var earlier = starts && starts.get(doc);
            if (starts && !earlier) return;
            var kept = now.get(doc) || new Set();
            for (var at = 0; at < places.length; at++) {
              var start = places[at] - slots[step].at;
              if (start >= 0 && (!starts || earlier.has(start))) kept.add(start);
            }
            if (kept.size) now.set(doc, kept);
          });
        });
        starts = now;
      });
      var found = new Map();
      starts.forEach(function (places, doc) {
        found.set(doc, places.size);
      });
      return found;
    });
  };
  // Map of message to places, for those that have a term of every slot
  Index.prototype.placesOf = function (list, reached, all, apart) {
    var found = new Map();
    var name = apart[list.word];
    function take(octets, from, to) {
      var numbers = varints(octets, from, to);
      var next = 0;
      for (var posting = 0; posting < list.docs.length; posting++) {
        var times = list.often[posting];
        if (reached[list.docs[posting]] === all) {
          var places = new Uint32Array(times);
          for (var n = 0, place = 0; n < times; n++)
            places[n] = place += numbers[next + n];
          found.set(list.docs[posting], places);
        }
        next += times;
      }
      return found;
    }
    var needed = list.docs.some(function (doc) {
      return reached[doc] === all;
    });
    if (!needed) return Promise.resolve(found);
    if (!name) {
      var shard = list.shard;
      return Promise.resolve(
        take(shard.octets, shard.places[list.list], shard.places[list.list + 1])
      );
    }
    return this.piece(name).then(function (octets) {
      var places = readApart(octets);
      return take(octets, places.starts[list.nth], places.starts[list.nth + 1]);
    });
  };

  // messages from a second to another, as numbers
  Index.prototype.span = function (first, end) {
    var days = this.table.days.length;
    var starts = this.dayStarts;
    var zero = this.table.first_day;
    function at(second) {
      var day = Math.min(Math.max(Math.floor(second / DAY) - zero, 0), days);
      return starts[day];
    }
    return [first === null ? starts[0] : at(first), end === null ? starts[days] : at(end)];
  };
  // which messages a node holds for: an array of 0 and 1
  Index.prototype.match = function (node, weighed) {
    var self = this;
    var held = new Uint8Array(self.table.messages);
    if (node.kind === "words") {
      var weights = weighed.get(node) || self.weigh(node);
      weighed.set(node, weights);
      return weights.then(function (found) {
        for (var at = 0; at < held.length; at++) held[at] = found[at] > 0 ? 1 : 0;
        return held;
      });
    }
    if (node.kind === "between") {
      var span = self.span(node.first, node.end);
      return Promise.resolve(held.fill(1, span[0], Math.max(span[0], span[1])));
    }
    if (node.kind === "exact") return self.exact(node, held);
    if (node.kind === "not")
      return self.match(node.node, weighed).then(function (inner) {
        for (var at = 0; at < held.length; at++) held[at] = inner[at] ? 0 : 1;
        return held;
      });
    return Promise.all(
      node.nodes.map(function (inner) {
        return self.match(inner, weighed);
      })
    ).then(function (all) {
      held.set(all[0]);
      all.slice(1).forEach(function (inner) {
        for (var at = 0; at < held.length; at++)
          held[at] = node.kind === "or" ? held[at] | inner[at] : held[at] & inner[at];
      });
      return held;
    });
  };
  Index.prototype.exact = function (node, held) {
    var self = this;
    var family = self.families.key;
    var column = self.table.columns.indexOf("key");
    var value = node.value.split(/\s+/).join(" ");
    var prefix = node.field === "thread" && value.length < self.table.thread_digits;
    if (node.field === "thread") value = value.slice(0, self.table.thread_digits);
    return Promise.all(
      self.table.segments.map(function (segment) {
        var key = node.field + ":" + value;
        return self.entries(segment, family, key, prefix).then(function (entries) {
          entries.forEach(function (entry) {
            listOf(entry.shard, entry.word, column).docs.forEach(function (doc) {
              held[segment.first + doc] = 1;
            });
          });
        });
      })
    ).then(function () {
      return held;
    });
  };

  // FTS5's bm25, with its constants
  Index.prototype.scores = function (docs, leaves, weighed) {
    var self = this;
    var all = self.table.messages;
    return Promise.all(
      leaves.map(function (leaf) {
        return weighed.get(leaf) || self.weigh(leaf);
      })
    ).then(function (found) {
      var scores = new Float64Array(docs.length);
      found.forEach(function (weights) {
        var having = 0;
        for (var at = 0; at < all; at++) if (weights[at] > 0) having++;
        var rarity = Math.max(Math.log((all - having + 0.5) / (having + 0.5)), 1e-6);
        for (var n = 0; n < docs.length; n++) {
          var often = weights[docs[n]];
          if (!often) continue;
          var step = self.lengths[docs[n]] & 127;
          var length = Math.pow(2, step / self.table.length_steps) - 1;
          var worth = 1.2 * (0.25 + (0.75 * length) / self.table.mean);
          scores[n] += (rarity * often * 2.2) / (often + worth);
        }
      });
      for (var n = 0; n < docs.length; n++) if (self.lengths[docs[n]] > 127) scores[n] *= STARTER;
      return scores;
    });
  };
  Index.prototype.isCommon = function (leaf) {
    if (leaf.words.length > 1) return false;
    if (leaf.columns.indexOf("subject") < 0) return false;
    if (leaf.columns.indexOf("own") < 0) return false;
    if (!leaf.prefix) return this.common.has(leaf.words[0]);
    return this.table.common.some(function (word) {
      return word.startsWith(leaf.words[0]);
    });
  };

  // { total, docs in order, order, years }
  Index.prototype.search = function (node, order) {
    var self = this;
    var weighed = new Map();
    var leaves = search.wanted(node);
    var common = leaves.every(function (leaf) {
      return self.isCommon(leaf);
    });
    if (common)
      leaves = leaves.map(function (leaf) {
        return Object.assign({}, leaf, { columns: ["subject"] });
      });
    if (order === "relevance" && !leaves.length) order = "newest";
    return self.match(node, weighed).then(function (held) {
      var docs = [];
      for (var doc = held.length - 1; doc >= 0; doc--) if (held[doc]) docs.push(doc);
      var answer = { total: docs.length, order: order, years: self.years(docs), docs: docs };
      if (order === "oldest") {
        docs.reverse();
        var undated = docs.filter(function (doc) {
          return doc < self.table.undated;
        }).length;
        answer.docs = docs.slice(undated).concat(docs.slice(0, undated));
      }
      if (order !== "relevance") return answer;
      return self.scores(docs, leaves, weighed).then(function (scores) {
        var places = docs.map(function (doc, at) {
          return at;
        });
        places.sort(function (a, b) {
          return scores[b] - scores[a] || a - b;
        });
        answer.docs = places.map(function (at) {
          return docs[at];
        });
        return answer;
      });
    });
  };
  // [[year, messages]], 0 for no date
  Index.prototype.years = function (docs) {
    var self = this;
    var counts = new Map();
    var starts = [];
    if (self.table.days.length) {
      var year = new Date(self.table.first_day * DAY * 1000).getUTCFullYear();
      var last = new Date((self.table.first_day + self.table.days.length - 1) * DAY * 1000);
      for (; year <= last.getUTCFullYear(); year++)
        starts.push([year, self.span(search.seconds(year, 0, 1), null)[0]]);
    }
    docs.forEach(function (doc) {
      var year = 0;
      if (doc >= self.table.undated)
        for (var at = starts.length - 1; at >= 0 && !year; at--)
          if (doc >= starts[at][1]) year = starts[at][0];
      counts.set(year, (counts.get(year) || 0) + 1);
    });
    return Array.from(counts).sort(function (a, b) {
      return a[0] - b[0];
    });
  };
  // what to show of a message
  Index.prototype.card = function (doc) {
    var block = this.table.block;
    return this.piece(this.table.cards[Math.floor(doc / block)]).then(function (octets) {
      if (!octets.cards) octets.cards = JSON.parse(utf8.decode(octets));
      var card = octets.cards[doc % block];
      return {
        hash: card[0], month: card[1], utc: card[2],
        subject: card[3], author: card[4], text: card[5]
      };
    });
  };

  search.Index = Index;
})((globalThis.posteritySearch = globalThis.posteritySearch || {}));
