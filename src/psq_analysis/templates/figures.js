(function () {
  "use strict";
  var FOLD = 620; // px of the figure under which labels stand above their marks
  Plotly.register({
    moduleType: "locale", name: "fr", dictionary: {},
    format: {
      days: ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"],
      shortDays: ["dim.", "lun.", "mar.", "mer.", "jeu.", "ven.", "sam."],
      months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
      shortMonths: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
      date: "%d/%m/%Y", decimal: ",", thousands: "\u202f"
    }
  });
  var settings = {
    responsive: true, displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    scrollZoom: false, doubleClick: false, locale: "fr"
  };
  function folded(figure) {
    var layout = Object.assign({}, figure.layout);
    layout.height = figure.narrow.height;
    layout.xaxis = Object.assign({}, layout.xaxis, { domain: [0.01, 0.97] });
    layout.annotations = layout.annotations.map(function (text) {
      return Object.assign({}, text, { yshift: figure.narrow.shift });
    });
    return layout;
  }
  document.querySelectorAll(".plot").forEach(function (place) {
    var figure = JSON.parse(place.querySelector("script[type='application/json']").textContent);
    var target = place.querySelector(".plot-area");
    var state;
    function draw() {
      var fold = Boolean(figure.narrow) && place.clientWidth < FOLD;
      if (fold === state) { return; }
      state = fold;
      Plotly.react(target, figure.data, fold ? folded(figure) : figure.layout, settings);
    }
    draw();
    window.addEventListener("resize", draw);
    window.addEventListener("beforeprint", draw);
  });
})();
