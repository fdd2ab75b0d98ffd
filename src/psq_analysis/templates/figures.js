(function () {
  "use strict";
  var FOLD = 620; // px of the figure under which labels stand above their marks
  var PAPER = 680; // px of an A4 sheet between its margins
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
    responsive: false, displayModeBar: false, displaylogo: false, showSendToCloud: false, plotlyServerURL: "",
    scrollZoom: false, doubleClick: false, locale: "fr"
  };
  function layout(figure, width) {
    var drawn = Object.assign({}, figure.layout, { width: width, autosize: false });
    if (figure.narrow && width < FOLD) {
      drawn.height = figure.narrow.height;
      // a map is arranged anew: its own axes, frames and labels
      if (figure.narrow.layout) { return Object.assign(drawn, figure.narrow.layout); }
      drawn.xaxis = Object.assign({}, drawn.xaxis, { domain: figure.narrow.domain || [0.01, 0.97] });
      drawn.annotations = figure.narrow.annotations || drawn.annotations.map(function (text) {
        return Object.assign({}, text, { yshift: figure.narrow.shift });
      });
    }
    return drawn;
  }
  var plots = Array.from(document.querySelectorAll(".plot")).map(function (place) {
    return {
      place: place,
      target: place.querySelector(".plot-area"),
      figure: JSON.parse(place.querySelector("script[type='application/json']").textContent),
      width: 0
    };
  });
  function draw(width) {
    plots.forEach(function (plot) {
      var wanted = width || plot.place.clientWidth;
      if (!wanted || wanted === plot.width) { return; }
      plot.width = wanted;
      var drawn = layout(plot.figure, wanted);
      plot.place.style.minHeight = drawn.height + "px";
      Plotly.react(plot.target, plot.figure.data, drawn, settings);
    });
  }
  draw();
  window.addEventListener("resize", function () { draw(); });
  window.addEventListener("beforeprint", function () { draw(PAPER); });
  window.addEventListener("afterprint", function () { draw(); });
})();
