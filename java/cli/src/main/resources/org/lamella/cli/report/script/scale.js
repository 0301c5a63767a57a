// Axes: round steps, and places in pixels.

// Round numbers from low to high, about `most` of them; whole ones if asked for.
function ticks(low, high, most, integer) {
  if (!(high > low)) return [low];
  const rough = (high - low) / Math.max(1, most), power = 10 ** Math.floor(Math.log10(rough));
  let step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999);
  if (integer) step = Math.max(1, Math.round(step));
  const all = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) all.push(Number((i * step).toPrecision(12)));
  return all;
}

function tickText(v, all) {
  const step = all.length > 1 ? Math.abs(all[1] - all[0]) : Math.abs(v) || 1;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  if (digits > 6) return v === 0 ? "0" : v.toExponential(1).replace("-", "−");
  return Math.abs(v) >= 1000 ? whole(v) : number(v, digits);
}

// The range of an axis: given ends stay, others end at a round number.
function rangeOf(values, given = {}) {
  const known = values.filter(isNumber);
  let low = isNumber(given.min) ? given.min : known.reduce((a, b) => Math.min(a, b), Infinity);
  let high = isNumber(given.max) ? given.max : known.reduce((a, b) => Math.max(a, b), -Infinity);
  if (known.length === 0) [low, high] = [given.min || 0, given.max || 1];
  if (low === high) [low, high] = given.integer ? [low - 1, high + 1] : [low - Math.abs(low) * 0.1 - 1e-3, high + Math.abs(high) * 0.1 + 1e-3];
  if (given.integer) return [low, high];
  for (let i = 0; i < 2; i++) {  // a longer axis may have longer steps
    const all = ticks(low, high, 5), step = all.length > 1 ? all[1] - all[0] : high - low;
    if (!isNumber(given.min)) low = Math.floor(low / step + 1e-9) * step;
    if (!isNumber(given.max)) high = Math.ceil(high / step - 1e-9) * step;
  }
  return [Number(low.toPrecision(12)), Number(high.toPrecision(12))];
}

// The pixel of a value; `range` has the ends.
const linear = (from, to, start, end) => Object.assign((v) => start + (v - from) / (to - from) * (end - start), {range: [start, end]});

// Boxes that are not in the page yet; `drawWaiting` draws them when they are.
const waiting = [];

// Draws for the width of a box, and again when that changes; `draw(width)` gives an element.
function drawnAtWidth(box, draw) {
  let width = 0;
  const again = () => {
    const now = Math.round(box.clientWidth);
    if (now === 0 || now === width) return;
    width = now;
    box.replaceChildren(draw(now));
  };
  waiting.push(again);
  new ResizeObserver(() => requestAnimationFrame(again)).observe(box);
  return box;
}

function drawWaiting() {
  waiting.splice(0).forEach((draw) => draw());
}
