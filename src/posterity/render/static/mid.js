// Finds a message by its Message-ID in the search index, and goes there.
(function () {
  "use strict";
  var search = globalThis.posteritySearch;
  var place = document.getElementById("found");
  var box = document.getElementById("id");
  if (!search || !place || !box) return;
  var index = new search.Index(globalThis.posterityPieces("../search/"));

  function find(id) {
    var plain = id.trim().replace(/^</, "").replace(/>$/, "");
    if (!plain) return Promise.resolve();
    var wanted = { kind: "exact", field: "mid", value: plain };
    return index
      .open()
      .then(function () {
        return index.search(wanted, "oldest");
      })
      .then(function (answer) {
        if (!answer.total) {
          place.textContent = place.dataset.none;
          return null;
        }
        return index.card(answer.docs[0]).then(function (card) {
          var page = index.table.page.replace("{month}", card.month).replace("{hash}", card.hash);
          location.replace("../" + page);
        });
      })
      .catch(function () {
        place.textContent = place.dataset.unreachable;
      });
  }
  box.form.addEventListener("submit", function (event) {
    event.preventDefault();
    find(box.value);
  });
  var asked = new URLSearchParams(location.search || location.hash.slice(1)).get("id");
  if (asked) {
    box.value = asked;
    find(asked);
  }
})();
