// Files of search/ are scripts that hand over one deflated piece each: a page on a disk
// may load nothing else beside it. posterityPieces(folder) gives a function that loads
// one by name, as text in base64.
(function () {
  "use strict";
  var waiting = {};
  globalThis.posterityPiece = function (name, text) {
    if (waiting[name]) waiting[name](text);
    delete waiting[name];
  };
  globalThis.posterityPieces = function (folder) {
    return function (name) {
      return new Promise(function (done, failed) {
        var script = document.createElement("script");
        waiting[name] = done;
        script.src = folder + name + ".js";
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
    };
  };
})();
