document.querySelectorAll(".plot").forEach(function (place) {
  var figure = JSON.parse(place.querySelector("script[type='application/json']").textContent);
  var target = place.querySelector(".plot-area");
  Plotly.newPlot(target, figure.data, figure.layout, {
    responsive: true, displayModeBar: false, showSendToCloud: false, plotlyServerURL: "", scrollZoom: false, doubleClick: false
  });
});
