// The search page: what is typed is looked up in the index that stands beside the pages
// (search/*.js), without a server, also from a disk. Text of mail enters the page as text
// nodes only. Where a server has answered already, nothing is done.
(function () {
  "use strict";
  var search = globalThis.posteritySearch;
  var results = document.getElementById("results");
  var box = document.getElementById("q");
  if (!search || !results || !box || results.dataset.answered) return;
  var form = box.form;
  var says = results.dataset;
  var PAGE = 20;
  var PATIENCE = 300; // milliseconds without a keystroke
  var waiting = {};
  var order = "relevance";
  var turn = 0;
  var timer = 0;

  // -- loading: a script hands its piece over by calling this
  globalThis.posterityPiece = function (name, text) {
    if (waiting[name]) waiting[name](text);
    delete waiting[name];
  };
  function load(name) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      waiting[name] = done;
      script.src = "search/" + name + ".js";
      script.onload = function () {
        script.remove();
        if (waiting[name]) failed(new Error(name));
      };
      script.onerror = function () {
        script.remove();
        failed(new Error(name));
      };
      document.head.appendChild(script);
    });
  }
  var index = new search.Index(load);

  // -- making elements
  function made(tag, kind, text) {
    var element = document.createElement(tag);
    if (kind) element.className = kind;
    if (text !== undefined) element.textContent = text;
    return element;
  }
  function filled(element, pieces) {
    pieces.forEach(function (piece) {
      element.appendChild(
        piece[1] ? made("mark", "", piece[0]) : document.createTextNode(piece[0])
      );
    });
    return element;
  }
  function note(text) {
    results.replaceChildren(made("p", "note", text));
  }
  var tongue = document.documentElement.lang || "en";
  function number(value) {
    return value.toLocaleString(tongue);
  }
  function day(utc) {
    var at = new Date(utc * 1000);
    var digits = at.toISOString();
    return says.date
      .replace("{day}", says.day.replace("{n}", at.getUTCDate()))
      .replace("{dd}", digits.slice(8, 10))
      .replace("{month}", says.months.split(", ")[at.getUTCMonth()])
      .replace("{mm}", digits.slice(5, 7))
      .replace("{year}", at.getUTCFullYear());
  }

  // -- showing
  function show(answer, node) {
    var marker = new search.Marker(search.wanted(node));
    var list = made("ol", "hits");
    var shown = 0;
    var watcher =
      globalThis.IntersectionObserver &&
      new IntersectionObserver(function (entries) {
        entries.forEach(function (entry) {
          if (!entry.isIntersecting) return;
          watcher.unobserve(entry.target);
          entry.target.fill();
        });
      });
    var more = made("button", "more", says.more);
    more.type = "button";
    more.addEventListener("click", next);
    function next() {
      answer.docs.slice(shown, shown + PAGE).forEach(function (doc) {
        var item = made("li", "hit");
        item.fill = function () {
          index.card(doc).then(function (card) {
            card_(item, card, marker);
          });
        };
        list.appendChild(item);
        if (watcher) watcher.observe(item);
        else item.fill();
      });
      shown = Math.min(shown + PAGE, answer.docs.length);
      more.hidden = shown >= answer.docs.length;
    }
    var total = (answer.total === 1 ? says.one : says.many).replace(
      "{n}",
      number(answer.total)
    );
    results.replaceChildren(made("p", "found", total), orders(answer), years(answer), list, more);
    next();
  }
  function card_(item, card, marker) {
    var link = made("a");
    link.href = index.table.page.replace("{month}", card.month).replace("{hash}", card.hash);
    filled(link, card.subject ? marker.marked(card.subject) : [[says.nosubject, false]]);
    var by = made("p", "by");
    by.appendChild(made("bdi", "", card.author || says.nobody));
    if (card.utc !== null) {
      var time = made("time", "", day(card.utc));
      time.dateTime = new Date(card.utc * 1000).toISOString();
      by.append(" \u00b7 ", time);
    }
    var heading = made("h2");
    heading.appendChild(link);
    var text = filled(made("p", "snippet"), marker.snippet(card.text));
    item.replaceChildren(heading, by, text);
  }
  function choice(text, pressed, act) {
    var button = made("button", "", text);
    button.type = "button";
    button.setAttribute("aria-pressed", String(pressed));
    button.addEventListener("click", act);
    return button;
  }
  function orders(answer) {
    var bar = made("p", "choices");
    ["relevance", "newest", "oldest"].forEach(function (name) {
      bar.append(
        choice(says[name], answer.order === name, function () {
          order = name;
          run(box.value, true);
        }),
        " "
      );
    });
    return bar;
  }
  function years(answer) {
    var bar = made("p", "choices");
    var asked = /(?:^|\s)date:(\d{4})(?=\s|$)/;
    var now = asked.exec(box.value);
    answer.years.forEach(function (pair) {
      if (!pair[0] || (answer.years.length === 1 && !now)) return;
      var pressed = !!now && +now[1] === pair[0];
      bar.append(
        choice(pair[0] + " (" + number(pair[1]) + ")", pressed, function () {
          var rest = box.value.replace(asked, "").trim();
          box.value = pressed ? rest : rest + " date:" + pair[0];
          run(box.value, true);
        }),
        " "
      );
    });
    return bar;
  }
  function wrong(error, query) {
    var line = made("p", "note", error.why + " ");
    if (query) {
      var place = made("code");
      place.append(query.slice(0, error.place), made("mark", "", query.slice(error.place) || " "));
      line.appendChild(place);
    }
    results.replaceChildren(line);
  }

  // -- asking
  function address(query) {
    var text = "?q=" + encodeURIComponent(query) + (order === "relevance" ? "" : "&o=" + order);
    try {
      history.replaceState(null, "", text);
    } catch (refused) {
      location.replace("#" + text.slice(1));
    }
  }
  // final: the reader has said so; otherwise the last word may still grow
  function run(query, final) {
    var mine = ++turn;
    clearTimeout(timer);
    if (!query.trim()) {
      results.replaceChildren();
      return Promise.resolve();
    }
    return index
      .open()
      .then(function () {
        var now = Math.floor(Date.now() / 1000);
        var node = search.parse(query, now, index.named);
        if (!final && /(?:^|\s)[a-z0-9]{3,}$/i.test(query))
          node = search.parse(query + "*", now, index.named);
        return index.search(node, order).then(function (answer) {
          if (mine !== turn) return;
          if (final) address(query);
          if (answer.total) show(answer, node);
          else note(says.none);
        });
      })
      .catch(function (error) {
        if (mine !== turn) return;
        if (!(error instanceof search.QueryError)) note(says.unreachable);
        else if (final) wrong(error, query);
      });
  }

  form.addEventListener("submit", function (event) {
    if (!index.table) return; // a server may know better
    event.preventDefault();
    run(box.value, true);
  });
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      run(box.value, false);
    }, PATIENCE);
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    var links = Array.from(results.querySelectorAll(".hit a"));
    var at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box) return;
    var to = at + (event.key === "ArrowDown" ? 1 : -1);
    if (to < -1 || to >= links.length) return;
    event.preventDefault();
    (links[to] || box).focus();
  });

  var asked = new URLSearchParams(location.search || location.hash.slice(1));
  if (says[asked.get("o")]) order = asked.get("o");
  if (asked.get("q")) {
    box.value = asked.get("q");
    run(box.value, true);
  }
})();
