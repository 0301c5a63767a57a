// Heat maps of labels by labels: one path per colour, so that 160 x 160 cells are quick; numbers where they fit.

const LEVELS = 12;
const MOST_NAME = 170;

// map: {title, note, names, values[row][column] of 0 to 1 or null, skip diagonal, scale title, say(row, column)}
function heat(map) {
  const off = map.values.flatMap((row, a) => row.filter((v, b) => isNumber(v) && !(map.diagonal === false && a === b)));
  const end = heatEnd(off, map.names.length), open = off.some((v) => v > end), all = ticks(0, end, 4);
  const state = {large: false};
  const readout = element("div", {class: "readout", "aria-live": "polite"}, "Point at a cell, or focus the map and use the arrow keys.");
  const box = element("div", {class: "heat"});
  const draw = () => box.clientWidth > 0 && box.replaceChildren(heatPicture(map, end, box.clientWidth, state.large, readout));
  drawnAtWidth(box, (width) => heatPicture(map, end, width, state.large, readout));
  const enlarge = map.names.length > 24 ? button("Enlarge", () => {
    state.large = !state.large;
    enlarge.textContent = state.large ? "Fit to the page" : "Enlarge";
    draw();
  }) : null;
  return element("figure", {}, element("figcaption", {}, map.title), map.note ? element("p", {class: "faint"}, map.note) : null,
    element("div", {class: "scale"}, heatScale(end, all, open), enlarge), box, readout);
}

// The darkest colour: the largest value; of many labels that of 99 in 100 cells, so that a rare label does not pale all others.
function heatEnd(values, n) {
  const sorted = [...values].sort((a, b) => a - b), at = n > 12 ? Math.ceil(0.99 * sorted.length) - 1 : sorted.length - 1;
  const value = sorted[at] || sorted[sorted.length - 1] || 1, all = ticks(0, value, 4), step = all.length > 1 ? all[1] : value;
  return Math.min(1, Math.ceil(value / step - 1e-9) * step);
}

const level = (v, end) => Math.min(LEVELS - 1, Math.floor(v / end * LEVELS));

function heatScale(end, all, open) {
  const svg = drawn("svg", {viewBox: "0 0 270 30", style: "width: 270px; height: 30px", role: "img", "aria-label": "colours from 0 to " + percent(end)});
  for (let i = 0; i < LEVELS; i++) svg.append(drawn("rect", {x: 18 + i * 224 / LEVELS, y: 0, width: 224 / LEVELS + 0.5, height: 12, style: `fill: var(--heat-${i})`}));
  all.forEach((t) => svg.append(drawn("text", {class: "small", x: 18 + t / end * 224, y: 26, "text-anchor": "middle"}, (open && t === all[all.length - 1] ? "≥ " : "") + percent(t, end < 0.04 ? 1 : 0))));
  return svg;
}

function heatPicture(map, end, width, large, readout) {
  const n = map.names.length, longest = map.names.reduce((most, name) => Math.max(most, textWidth(name)), 0);
  const nameSpace = Math.min(longest + 12, MOST_NAME, large ? MOST_NAME : width * 0.36);
  let size = large ? 16 : Math.min(n > 12 ? 18 : 44, (width - nameSpace - 2) / n);
  const named = size >= 9.5, space = named ? nameSpace : 0;
  if (!named) size = Math.max(1.5, (width - 2) / n);
  const side = n * size, font = Math.min(12, size - 0.5);
  const svg = drawn("svg", {width: space + side + 2, height: space + side + 2, viewBox: `0 0 ${space + side + 2} ${space + side + 2}`, tabindex: 0, role: "img",
    "aria-label": map.title + ", " + n + " labels. Arrow keys read the cells."});
  const paths = Array.from({length: LEVELS}, () => []), none = [];
  const edge = size > 6 ? 0.5 : 0;
  map.values.forEach((row, a) => row.forEach((v, b) => {
    const d = `M${(space + b * size).toFixed(2)} ${(space + a * size).toFixed(2)}h${(size - edge).toFixed(2)}v${(size - edge).toFixed(2)}h${(edge - size).toFixed(2)}z`;
    if (!isNumber(v) || (map.diagonal === false && a === b)) none.push(d); else paths[level(v, end)].push(d);
  }));
  const hatch = "hatch-" + map.title.toLowerCase();
  svg.append(drawn("defs", {}, drawn("pattern", {id: hatch, width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)"},
    drawn("line", {class: "hatch", x1: 0, x2: 0, y1: 0, y2: 5}))), drawn("path", {d: none.join(""), style: `fill: url(#${hatch})`}), ...paths.map((p, i) => drawn("path", {d: p.join(""), style: `fill: var(--heat-${i})`})));
  if (named) map.names.forEach((name, i) => {
    const text = fitted(name, nameSpace - 10, font), at = space + (i + 0.5) * size, style = `font-size: ${font}px`;
    svg.append(drawn("text", {x: space - 5, y: at + font * 0.35, "text-anchor": "end", style}, text, drawn("title", {}, name)),
      drawn("text", {transform: `translate(${at + font * 0.35}, ${space - 5}) rotate(-90)`, style}, text, drawn("title", {}, name)));
  });
  if (size >= 30) map.values.forEach((row, a) => row.forEach((v, b) => {
    if (isNumber(v) && !(map.diagonal === false && a === b)) svg.append(drawn("text", {x: space + (b + 0.5) * size, y: space + (a + 0.5) * size + 4, "text-anchor": "middle",
      style: `font-size: 11px; fill: var(--on-${level(v, end)})`}, number(100 * v, 0)));
  }));
  readCells(svg, map, {n, size, space, side}, readout);
  return svg;
}

function readCells(svg, map, frame, readout) {
  const pick = drawn("path", {class: "pick", visibility: "hidden"});
  svg.append(pick);
  let a = -1, b = -1;
  const show = (row, column) => {
    if (row < 0 || column < 0 || row >= frame.n || column >= frame.n) return;
    [a, b] = [row, column];
    const x = frame.space + b * frame.size, y = frame.space + a * frame.size, s = frame.size, end = frame.space + frame.side;
    pick.setAttribute("d", `M${frame.space} ${y}H${end}V${y + s}H${frame.space}Z M${x} ${frame.space}V${end}H${x + s}V${frame.space}Z`);
    pick.setAttribute("visibility", "visible");
    readout.textContent = map.say(a, b);
  };
  svg.addEventListener("pointermove", (e) => {
    const bounds = svg.getBoundingClientRect(), scale = svg.viewBox.baseVal.width / bounds.width;
    show(Math.floor(((e.clientY - bounds.top) * scale - frame.space) / frame.size), Math.floor(((e.clientX - bounds.left) * scale - frame.space) / frame.size));
  });
  svg.addEventListener("pointerleave", () => pick.setAttribute("visibility", "hidden"));
  svg.addEventListener("keydown", (e) => {
    const move = {ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0]}[e.key];
    if (!move) return;
    e.preventDefault();
    show(a < 0 ? 0 : a + move[0], b < 0 ? 0 : b + move[1]);
  });
}
