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
  // Labels as they came out: one that leaves the figure is brought back, a name that runs into its number is cut at a word,
  // and of two names on one spot of a map the first, of the larger place, stays. The table below the figure holds them all.
  function settle(plot, drawn, rounds) {
    var frame = plot.place.getBoundingClientRect(), changed = false;
    var texts = (drawn.annotations || []).slice();
    var boxes = Array.from(plot.target.querySelectorAll(".annotation")).map(function (one) {
      return { index: +one.getAttribute("data-index"), box: one.getBoundingClientRect() };
    });
    function change(index, with_what) { texts[index] = Object.assign({}, texts[index], with_what); changed = true; }
    boxes.forEach(function (one) {
      var text = texts[one.index], out = Math.max(0, one.box.right - frame.right + 1) || Math.min(0, one.box.left - frame.left - 1);
      if (Math.abs(out) < 1.5) { return; }
      if (text.text.indexOf("<br>") >= 0 && out > 0) {
        var size = (text.font && text.font.size) || drawn.font.size;
        change(one.index, { font: Object.assign({}, text.font, { size: Math.floor(10 * size * (1 - out / one.box.width)) / 10 }) });
      } else { change(one.index, { xshift: (text.xshift || 0) - out }); }
    });
    boxes.forEach(function (a, position) {
      boxes.slice(position + 1).forEach(function (b) {
        var apart = a.box.left >= b.box.right - 1 || b.box.left >= a.box.right - 1 || a.box.top >= b.box.bottom - 3 || b.box.top >= a.box.bottom - 3;
        var left = a.box.left <= b.box.left ? a : b, name = texts[left.index].text;
        if (apart || texts[a.index].visible === false || texts[b.index].visible === false) { return; }
        if (plot.figure.narrow && plot.figure.narrow.shift !== undefined && / /.test(name) && name.indexOf("<") < 0) {
          change(left.index, { text: name.replace(/[\s,…]*\s\S*$/, "") + "…" });
        } else { change(b.index, { visible: false }); }
      });
    });
    if (!changed) { return; }
    var next = Object.assign({}, drawn, { annotations: texts });
    Plotly.react(plot.target, plot.figure.data, next, settings).then(function () { if (rounds) { settle(plot, next, rounds - 1); } });
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
      Plotly.react(plot.target, plot.figure.data, drawn, settings).then(function () { settle(plot, drawn, 3); });
    });
  }
  draw();
  window.addEventListener("resize", function () { draw(); });
  window.addEventListener("beforeprint", function () { draw(PAPER); });
  window.addEventListener("afterprint", function () { draw(); });
})();
