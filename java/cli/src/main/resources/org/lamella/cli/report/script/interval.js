// Values with intervals, a row per metric; all rows of a group have one axis.

const SHAPES = {
  circle: (x, y, style) => drawn("circle", {cx: x, cy: y, r: 5, style}),
  square: (x, y, style) => drawn("rect", {x: x - 5, y: y - 5, width: 10, height: 10, style}),
  diamond: (x, y, style) => drawn("path", {d: `M ${x} ${y - 7} L ${x + 7} ${y} L ${x} ${y + 7} L ${x - 7} ${y} Z`, style}),
  triangle: (x, y, style) => drawn("path", {d: `M ${x} ${y - 7} L ${x + 7} ${y + 6} L ${x - 7} ${y + 6} Z`, style}),
};
const shapeStyle = (s) => `stroke: var(${s.colour}); stroke-width: 2; fill: ${s.filled ? `var(${s.colour})` : "var(--card)"}`;

// groups: [{min, max, note, rows: [{name, values: [{value, low, high, dots} or null per series]}]}]; series: [{name, shape, colour, filled}]
function intervalChart(title, series, groups, note) {
  const legend = element("div", {class: "legend"}, series.map((s) => element("span", {title: s.name},
    drawn("svg", {viewBox: "0 0 26 16", "aria-hidden": "true", style: "height: 16px"}, SHAPES[s.shape](13, 8, shapeStyle(s))), shortened(s.name, 60))));
  const box = drawnAtWidth(element("div"), (width) => intervalPicture(title, series, groups, width));
  return element("figure", {}, element("figcaption", {}, title), legend, box, note ? element("p", {class: "faint"}, note) : null);
}

function intervalPicture(title, series, groups, width) {
  const narrow = width < 560, left = narrow ? 8 : 150, told = series[0].told, right = narrow ? width - 8 : told ? width - 170 : width - 16, apart = series.length > 3 ? 15 : 0, lanes = series.map((s, i) => (apart > 0 ? (i - (series.length - 1) / 2) * apart : s.lane || 0));
  const step = Math.max(narrow ? 58 : 42, apart * series.length + (narrow ? 26 : 12));
  const svg = drawn("svg", {role: "img", "aria-label": title + ". " + groups.flatMap((g) => g.rows).map((r) => r.name + ": "
    + series.map((s, i) => (r.values[i] ? s.name + " " + number(r.values[i].value, 3) : "")).filter(Boolean).join(", ")).join("; ")});
  let y = 4;
  for (const g of groups) {
    const all = ticks(g.min, g.max, Math.max(3, Math.min(10, (right - left) / 50))), place = linear(g.min, g.max, left, right), start = y;
    const rows = [];
    for (const r of g.rows) {
      const middle = y + step / 2 + (narrow ? 9 : 0);
      rows.push(drawn("text", {x: narrow ? left : 0, y: narrow ? y + 14 : middle + 4, style: "font-weight: 600"}, r.name));
      const first = r.values[0];
      if (first && told) {
        rows.push(drawn("text", {x: width, y: narrow ? y + 14 : middle + 4, "text-anchor": "end"}, number(first.value, 3) + (isNumber(first.low) ? " [" + number(first.low, 3) + ", " + number(first.high, 3) + "]" : "")));
      }
      [...series.keys()].reverse().forEach((i) => {
        if (r.values[i] && isNumber(r.values[i].value)) rows.push(...valueShapes(r.values[i], series[i], place, middle + lanes[i]));
      });
      y += step;
    }
    all.forEach((t) => svg.append(drawn("line", {class: "grid", x1: place(t), x2: place(t), y1: start, y2: y}),
      drawn("text", {class: "small", x: place(t), y: y + 13, "text-anchor": "middle"}, tickText(t, all))));
    svg.append(drawn("line", {class: "axis", x1: left, x2: right, y1: y, y2: y}), ...rows);
    if (g.note) svg.append(drawn("text", {class: "small", x: narrow ? left : 0, y: narrow ? y + 28 : y + 13}, g.note));
    y += narrow && g.note ? 44 : 30;
  }
  svg.setAttribute("viewBox", `0 0 ${width} ${y}`);
  return svg;
}

function valueShapes(v, s, place, y) {
  const shapes = (v.dots || []).filter(isNumber).map((d) => drawn("circle", {cx: place(d), cy: y, r: 2.5, style: `fill: var(${s.colour}); fill-opacity: .5`}));
  if (isNumber(v.low)) {
    const [start, end] = place.range, low = Math.max(start, place(v.low)), high = Math.min(end, place(v.high));
    const style = `stroke: var(${s.colour}); stroke-width: 2.5; fill: none`;
    shapes.push(drawn("path", {d: `M ${low} ${y} H ${high}` + (low > start ? ` M ${low} ${y - 6} V ${y + 6}` : "") + (high < end ? ` M ${high} ${y - 6} V ${y + 6}` : ""), style}));
  }
  shapes.push(SHAPES[s.shape](place(v.value), y, shapeStyle(s)));
  return shapes;
}

// 0 to a round number above the largest value.
const upTo = (values) => rangeOf([...values.filter(isNumber), 0], {min: 0})[1];
