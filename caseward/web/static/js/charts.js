/*
 * Lines over time, drawn by uPlot from the numbers in the page:
 *
 *   <figure data-chart> <div data-plot> <script type="application/json">
 *   {"unit": "share", "times": [epoch seconds], "target": 0.85, "zone": "Asia/Kolkata",
 *    "series": [{"label", "values", "low", "high", "n", "links"}]}
 *
 * Times are days, or moments where there is a `zone` to say them in.
 * `low` and `high` become a band, `target` a dashed line; a click on a point opens its cases. The
 * same numbers stand in a table below, for those who cannot see or click a canvas.
 */
import { language, locale, whenPresent } from "./page.js";

const HEIGHT = 200;
const MOST_POINTS = 30; // more would hide the line
const SHORT_S = 2 * 86_400;

/* A custom property's colour, worked out for the theme in use. */
function colour(name, share = 100) {
  const probe = document.createElement("i");
  probe.style.color = `color-mix(in srgb, var(${name}) ${share}%, transparent)`;
  document.body.append(probe);
  const worked = getComputedStyle(probe).color;
  probe.remove();
  return worked;
}

function formatter(unit) {
  const style = unit === "share" ? "percent" : "decimal";
  const format = new Intl.NumberFormat(language, { style, maximumFractionDigits: 1 });
  return (value) => (value === null || value === undefined ? "" : format.format(value));
}

function lines(chart) {
  return chart.series.flatMap((one, index) => {
    const stroke = colour(`--series-${index + 1}`);
    const line = {
      label: one.label,
      stroke,
      width: 2,
      dash: index ? [6 - index, 2] : undefined,
      points: { show: chart.times.length <= MOST_POINTS, size: 6, fill: colour("--surface"), stroke, width: 2 },
    };
    const edge = { stroke: "transparent", width: 0, points: { show: false } };
    return one.low ? [line, edge, edge] : [line];
  });
}

function columns(chart) {
  return chart.series.flatMap((one) => (one.low ? [one.values, one.low, one.high] : [one.values]));
}

function bands(chart) {
  let column = 1;
  return chart.series.flatMap((one, index) => {
    const at = column;
    column += one.low ? 3 : 1;
    return one.low ? [{ series: [at + 2, at + 1], fill: colour(`--series-${index + 1}`, 16) }] : [];
  });
}

function drawTarget(chart) {
  return (plot) => {
    if (chart.target === null || chart.target === undefined) return;
    const { ctx, bbox } = plot;
    const y = plot.valToPos(chart.target, "y", true);
    ctx.save();
    ctx.strokeStyle = colour("--ink-soft");
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.restore();
  };
}

/* Room above and below, and never a target outside the picture. */
function range(chart) {
  return (plot, low, high) => {
    const known = [low, high, chart.target].filter((value) => Number.isFinite(value));
    const [least, most] = [Math.min(...known), Math.max(...known)];
    const room = (most - least || Math.abs(most) || 1) * 0.12;
    const bottom = least >= 0 ? Math.max(0, least - room) : least - room;
    return [bottom, chart.unit === "share" ? Math.min(1, most + room) : most + room];
  };
}

function axes(chart) {
  const shared = {
    stroke: colour("--ink-faint"),
    font: '11px "Inter Variable", sans-serif',
    ticks: { show: false },
  };
  const { at, label } = ticks(chart);
  const value = formatter(chart.unit);
  return [
    {
      ...shared,
      size: 26,
      grid: { show: false },
      splits: () => at,
      values: (plot, times) => thin(times.map(label), plot.width),
    },
    {
      ...shared,
      size: 46,
      grid: { stroke: colour("--line"), width: 1 },
      values: (plot, values) => values.map(value),
    },
  ];
}

/* Every day there is a point for; where there are many, each day as it begins, or hours. */
function ticks(chart) {
  const { times, zone } = chart;
  const written = (style) => {
    const format = new Intl.DateTimeFormat(locale, { ...style, timeZone: zone ?? "UTC" });
    return (time) => format.format(time * 1000);
  };
  const day = written({ day: "numeric", month: "short" });
  if (!zone) return { at: times, label: day };
  if (times.at(-1) - times[0] < SHORT_S) return { at: times, label: written({ timeStyle: "short" }) };
  return { at: times.filter((time, nth) => nth && day(time) !== day(times[nth - 1])), label: day };
}

function thin(labels, width) {
  const every = Math.ceil((labels.length * 58) / width);
  return labels.map((label, index) => (index % every ? null : label));
}

function tip(chart, box) {
  const value = formatter(chart.unit);
  const style = { dateStyle: "medium", timeStyle: chart.zone && "short", timeZone: chart.zone ?? "UTC" };
  const moment = new Intl.DateTimeFormat(locale, style);
  return (plot) => {
    const at = plot.cursor.idx;
    box.hidden = at === null || at === undefined;
    if (box.hidden) return;
    const rows = chart.series.map((one) => {
      const n = one.n ? ` (n ${one.n[at]})` : "";
      const span = one.low ? `, ${value(one.low[at])} – ${value(one.high[at])}` : "";
      return `${one.label}: ${value(one.values[at])}${span}${n}`;
    });
    box.textContent = [moment.format(chart.times[at] * 1000), ...rows].join("\n");
    const left = Math.min(plot.cursor.left + 60, plot.width - box.offsetWidth - 4);
    box.style.translate = `${left}px 4px`;
  };
}

function nearest(chart, plot) {
  const at = plot.cursor.idx;
  const distance = (one) => Math.abs(plot.valToPos(one.values[at], "y") - plot.cursor.top);
  return [...chart.series].sort((a, b) => distance(a) - distance(b))[0].links?.[at];
}

function draw(figure) {
  const place = figure.querySelector("[data-plot]");
  const chart = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const box = Object.assign(document.createElement("div"), { className: "chart__tip", hidden: true });
  const drawn = lines(chart);
  const options = {
    width: place.clientWidth,
    height: HEIGHT,
    padding: [8, 26, 0, 0],
    legend: { show: false },
    cursor: {
      x: false,
      y: false,
      drag: { x: false, y: false },
      points: { size: 9, fill: (plot, index) => drawn[index - 1].stroke },
    },
    scales: { x: { time: false }, y: { range: range(chart) } },
    series: [{}, ...drawn],
    bands: bands(chart),
    axes: axes(chart),
    hooks: { draw: [drawTarget(chart)], setCursor: [tip(chart, box)] },
  };
  const plot = new window.uPlot(options, [chart.times, ...columns(chart)], place);
  place.append(box);
  plot.over.addEventListener("click", () => {
    const link = nearest(chart, plot);
    if (link) location.assign(link);
  });
  return plot;
}

whenPresent("figure[data-chart]", (figure) => {
  let plot = draw(figure);
  const again = () => {
    plot.destroy();
    figure.querySelector(".chart__tip")?.remove();
    plot = draw(figure);
  };
  const place = figure.querySelector("[data-plot]");
  new ResizeObserver(() => {
    plot.setSize({ width: place.clientWidth, height: HEIGHT });
  }).observe(place);
  document.addEventListener("theme", again);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
});
