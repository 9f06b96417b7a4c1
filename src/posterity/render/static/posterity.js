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

  // j and k turn pages; they can be turned off (WCAG 2.1.4)
  var keys = recall("keys") !== "0";
  var ways = document.querySelector("link[rel=next], link[rel=prev]");
  if (ways && foot) {
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
      var rel = { j: "next", k: "prev" }[event.key];
      var way = rel && document.querySelector("link[rel=" + rel + "]");
      if (way) location.href = way.href;
    });
  }

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
