(function () {
  "use strict";
  function plain(text) { return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase(); }
  document.querySelectorAll(".search").forEach(function (search) {
    var field = search.querySelector("input"), said = search.querySelector("output");
    var rows = Array.from(document.getElementById(field.getAttribute("aria-controls")).querySelectorAll("tbody tr"));
    search.hidden = false;
    field.addEventListener("input", function () {
      var wanted = plain(field.value.trim()), shown = 0;
      rows.forEach(function (row) {
        row.hidden = !plain(row.textContent).includes(wanted);
        shown += row.hidden ? 0 : 1;
      });
      said.textContent = wanted ? shown + " sur " + rows.length : "";
    });
  });
})();
