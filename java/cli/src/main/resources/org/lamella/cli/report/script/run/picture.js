// The network, in rows by the distance from its input.

const BOX = {wide: 250, high: 36, step: 54, gap: 20};

function picture(layers) {
  const depth = new Map([["input", 0]]);
  for (const l of layers) depth.set(l.name, 1 + Math.max(...l.inputs.map((i) => depth.get(i))));
  const rows = [];
  for (const l of [{name: "input", layer: "", inputs: [], output: data.input}, ...layers]) (rows[depth.get(l.name)] ||= []).push(l);
  const across = Math.max(...rows.map((r) => r.length)), width = across * (BOX.wide + BOX.gap), height = rows.length * BOX.step;
  const place = new Map();
  rows.forEach((row, y) => row.forEach((l, x) => place.set(l.name, {x: (across - row.length) * (BOX.wide + BOX.gap) / 2 + x * (BOX.wide + BOX.gap) + 1, y: y * BOX.step + 1})));
  const svg = drawn("svg", {width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "the network, layer by layer"});
  for (const l of layers) {
    const to = place.get(l.name);
    for (const i of l.inputs) {
      const from = place.get(i), x = from.x + BOX.wide / 2, z = to.x + BOX.wide / 2, middle = (from.y + BOX.high + to.y) / 2;
      svg.append(drawn("path", {class: "edge", d: `M ${x} ${from.y + BOX.high} C ${x} ${middle}, ${z} ${middle}, ${z} ${to.y}`}));
    }
  }
  for (const l of rows.flat()) {
    const at = place.get(l.name);
    svg.append(drawn("rect", {class: "box", x: at.x, y: at.y, width: BOX.wide, height: BOX.high, rx: 4}),
      drawn("text", {x: at.x + 8, y: at.y + 15}, shortened(l.name, 18)), drawn("text", {x: at.x + BOX.wide - 8, y: at.y + 15, "text-anchor": "end"}, l.output),
      drawn("text", {class: "small", x: at.x + 8, y: at.y + 29}, shortened(l.layer, 40)));
  }
  const box = element("div", {class: "picture", tabindex: across > 1 ? 0 : null}, svg);
  return element("details", {open: rows.length <= 12}, element("summary", {}, "Picture of " + plural(layers.length, "layer")), box);
}
