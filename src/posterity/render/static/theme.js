// The colours and the lines that a reader chose, before anything is drawn; posterity.js
// has the switches. It stands in the head, small and not deferred, so that no page
// flashes in the other colours.
try {
  (function (root) {
    var theme = localStorage.getItem("posterity.theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    root.classList.toggle("plain", localStorage.getItem("posterity.plain") === "1");
  })(document.documentElement);
} catch (refused) {
  // a browser that keeps nothing shows what the system says
}
