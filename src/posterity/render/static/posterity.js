// Small comforts; every page reads without them. A classic script, so that it also runs
// from a disk. What a reader chose is kept in localStorage, where that is allowed.
(function () {
  "use strict";
  var root = document.documentElement;
  var words = document.body.dataset;

  function recall(name) {
    try {
      return localStorage.getItem("posterity." + name);
    } catch (refused) {
      return null;
    }
  }
  function keep(name, value) {
    try {
      if (value === null) localStorage.removeItem("posterity." + name);
      else localStorage.setItem("posterity." + name, value);
    } catch (refused) {
      return;
    }
  }
  function button(label, pressed, act) {
    var made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    if (pressed !== null) made.setAttribute("aria-pressed", String(pressed));
    made.addEventListener("click", function () {
      act(made);
    });
    return made;
  }

  // light, dark, or as the system says
  var themes = ["", "light", "dark"];
  var signs = { "": "\u25D0", light: "\u25CB", dark: "\u25CF" };
  function dress(theme) {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
  }
  function name(made) {
    made.textContent = signs[theme];
    made.title = words[theme || "auto"];
    made.setAttribute("aria-label", made.title);
  }
  var theme = recall("theme") || "";
  if (themes.indexOf(theme) < 0) theme = "";
  dress(theme);
  var menu = document.querySelector(".mast nav");
  if (menu) {
    var dark = button(signs[theme], null, function (made) {
      theme = themes[(themes.indexOf(theme) + 1) % themes.length];
      dress(theme);
      keep("theme", theme || null);
      name(made);
    });
    name(dark);
    menu.appendChild(dark);
  }

  // as written, or set as prose
  var text = document.querySelector(".body");
  var foot = document.querySelector("footer p");
  if (text && foot) {
    var plain = recall("plain") === "1";
    root.classList.toggle("plain", plain);
    foot.appendChild(
      button(words.plain, plain, function (made) {
        plain = !plain;
        root.classList.toggle("plain", plain);
        made.setAttribute("aria-pressed", String(plain));
        keep("plain", plain ? "1" : null);
      })
    );
  }

  // single keys; they can be turned off (WCAG 2.1.4), and ? lists them
  var keys = recall("keys") !== "0";
  function first(selector) {
    return document.querySelector(selector);
  }
  function go(selector) {
    var way = first(selector);
    if (way) location.href = way.href;
  }
  function beside(step) {
    var letters = document.querySelectorAll(".letters > article");
    if (!letters.length) return false;
    var at = -1;
    letters.forEach(function (letter, n) {
      var top = letter.getBoundingClientRect().top;
      var chosen = letter === document.activeElement && top < window.innerHeight;
      if (top < 40 || chosen) at = n;
    });
    var next = letters[at + step];
    if (!next) return false;
    next.tabIndex = -1;
    next.focus({ preventScroll: true });
    next.scrollIntoView();
    return true;
  }
  function seek() {
    var box = first("input[type=search], input[name=q]");
    if (box) box.focus();
    else go(".mast a[href$='search.html']");
  }
  var help = null;
  function list() {
    if (help) return help.open ? help.close() : help.showModal();
    help = document.createElement("dialog");
    var dl = help.appendChild(document.createElement("dl"));
    words.help.split("|").forEach(function (line) {
      var row = dl.appendChild(document.createElement("div"));
      var cut = line.indexOf(" ");
      row.appendChild(document.createElement("dt")).textContent = line.slice(0, cut);
      row.appendChild(document.createElement("dd")).textContent = line.slice(cut + 1);
    });
    help.setAttribute("aria-label", words.keys);
    document.body.appendChild(help);
    help.showModal();
  }
  var acts = {
    j: function () { if (!beside(1)) go("[rel=next]"); },
    k: function () { if (!beside(-1)) go("[rel=prev]"); },
    n: function () { go(".later a"); },
    p: function () { go(".earlier a"); },
    u: function () { go(".trail li:last-child a"); },
    "/": seek,
    "?": list
  };
  if (foot) {
    foot.appendChild(
      button(words.keys, keys, function (made) {
        keys = !keys;
        made.setAttribute("aria-pressed", String(keys));
        keep("keys", keys ? null : "0");
      })
    );
    document.addEventListener("keydown", function (event) {
      var at = event.target;
      if (!keys || event.ctrlKey || event.metaKey || event.altKey) return;
      if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
      if (!Object.prototype.hasOwnProperty.call(acts, event.key)) return;
      event.preventDefault();
      acts[event.key]();
    });
  }

  // today, on the first page and in the calendar
  var now = new Date();
  var month = now.getMonth();
  var date = now.getDate();
  var file = ("0" + (month + 1)).slice(-2) + "-" + ("0" + date).slice(-2) + ".html";
  var today = document.querySelector("a.today");
  if (today) {
    var digits = today.dataset.days;
    var bit = month * 31 + date - 1;
    var digit = parseInt(digits[digits.length - 1 - (bit >> 2)] || "0", 16);
    if ((digit >> (bit & 3)) & 1) {
      today.href = "days/" + file;
      today.textContent = today.dataset.name
        .replace("{day}", date)
        .replace("{month}", today.dataset.months.split(", ")[month]);
    }
  }
  var cell = document.querySelector('.days a[href="' + file + '"]');
  if (cell) cell.setAttribute("aria-current", "date");

  // what scrolls by itself can be reached by keyboard, in browsers that do not see to it
  function reach() {
    document.querySelectorAll("pre, .wide, .outline").forEach(function (one) {
      var wide = one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight;
      if (wide) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    });
  }
  window.addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  reach();

  // a line that is linked to is shown even where its quote is folded
  function unfold() {
    var target = location.hash && document.getElementById(location.hash.slice(1));
    for (var at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") at.open = true;
    }
    if (target) target.scrollIntoView();
  }
  window.addEventListener("hashchange", unfold);
  if (location.hash) unfold();
})();
