// Building blocks of pages: elements, numbers, tables, charts.
"use strict";

const page = document.getElementById("page");
const data = JSON.parse(document.getElementById("data").textContent);

function element(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) e.setAttribute(name, value);
  }
  e.append(...children.filter((c) => c !== null && c !== undefined));
  return e;
}

function drawn(tag, attributes, ...children) {
  const e = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value);
  e.append(...children);
  return e;
}

function section(title, ...children) {
  const s = element("section", {}, element("h2", {}, title), ...children);
  page.append(s);
  return s;
}

const number = (v, digits = 4) => (v === null || v === undefined ? "–" : Number(v).toFixed(digits));
const whole = (v) => Number(v).toLocaleString("en");

const METRICS = {{metrics}}; // [key, title, whether lower is better]

// Columns: {name, value(row), show(row), text}. A click on a head sorts.
function table(caption, columns, rows) {
  const body = element("tbody");
  const heads = columns.map((c, i) => {
    const button = element("button", {type: "button"}, c.name);
    const head = element("th", {scope: "col", class: c.text || c.left ? "text" : null}, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === (c.text ? "ascending" : "descending");
      heads.forEach((h) => h.removeAttribute("aria-sort"));
      const rising = c.text ? !down : down;
      head.setAttribute("aria-sort", rising ? "ascending" : "descending");
      fill([...rows].sort((a, b) => {
        const x = columns[i].value(a), y = columns[i].value(b);
        if (x === null || y === null) return (x === null ? 1 : 0) - (y === null ? 1 : 0);  // undefined values come last
        return (c.text ? String(x).localeCompare(String(y)) : x - y) * (rising ? 1 : -1);
      }));
    });
    return head;
  });
  function fill(sorted) {
    body.replaceChildren(...sorted.map((r) => element("tr", {}, ...columns.map((c) => element("td", {class: c.best && c.best(r) ? "best" : c.text || c.left ? "text" : null},
      c.show ? c.show(r) : c.text ? String(c.value(r)) : number(c.value(r)))))));
  }
  fill(rows);
  return element("div", {class: "wide"}, element("table", {}, element("caption", {}, caption),
    element("thead", {}, element("tr", {}, ...heads)), body));
}

// Charts are drawn again when the colours change from light to dark.
const charts = [];
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const COLOURS = ["--own", "--second", "--third", "--fourth", "--bad", "--faint"];

function draw(chart) {
  if (chart.made) chart.made.destroy();
  const text = colour("--faint"), line = colour("--line");
  const axis = (name, range) => ({type: "linear", ...range, title: {display: true, text: name, color: text}, ticks: {color: text},
    grid: {color: line}});
  chart.made = new Chart(chart.canvas, {
    type: "line",
    data: {datasets: chart.lines.map((l, i) => ({label: l.name, data: l.points, borderColor: colour(l.colour || COLOURS[i % COLOURS.length]),
      backgroundColor: colour(l.colour || COLOURS[i % COLOURS.length]), borderWidth: l.dots ? 0 : 2, borderDash: l.dashed ? [5, 4] : [],
      pointRadius: l.dots ? l.points.map((p) => p.r || 3) : 0, showLine: !l.dots, tension: 0}))},
    options: {animation: false, responsive: true, maintainAspectRatio: false, parsing: false, normalized: true,
      interaction: {mode: "nearest", intersect: false},
      scales: {x: axis(chart.x, chart.xRange), y: axis(chart.y, chart.yRange)},
      plugins: {legend: {labels: {color: colour("--text"), boxWidth: 14}, display: chart.lines.length > 1}}},
  });
}

// lines: {name, points: [{x, y}], dashed, dots}
function chart(title, x, y, lines, ranges = {}) {
  const canvas = element("canvas", {role: "img", "aria-label": title});
  const made = {canvas, x, y, lines: lines.filter((l) => l.points.length > 0), xRange: ranges.x, yRange: ranges.y};
  charts.push(made);
  return element("figure", {}, element("figcaption", {}, title), element("div", {class: "canvas"}, canvas));
}

function drawAll() {
  charts.forEach(draw);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);

// values[row][column] from 0 to 1 or null; `show` gives a cell's title.
function heat(caption, names, values, show) {
  const head = element("tr", {}, element("th"), ...names.map((n) => element("th", {scope: "col"}, element("span", {}, n))));
  const body = values.map((row, a) => element("tr", {}, element("th", {scope: "row"}, names[a]), ...row.map((v, b) => element("td",
    {style: v === null ? "" : "background: rgba(var(--heat), " + (0.9 * v).toFixed(3) + ")", title: show(a, b)}, ""))));
  return element("figure", {}, element("figcaption", {}, caption), element("div", {class: "wide"},
    element("table", {class: "heat"}, element("thead", {}, head), element("tbody", {}, ...body))));
}

const points = (xs, ys) => xs.map((x, i) => ({x, y: ys[i]})).filter((p) => p.y !== null && p.y !== undefined);
