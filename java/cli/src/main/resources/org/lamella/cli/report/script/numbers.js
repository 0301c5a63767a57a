// Numbers as text.

const isNumber = (v) => typeof v === "number" && Number.isFinite(v);
const number = (v, digits = 4) => (isNumber(v) ? v.toFixed(digits).replace("-", "−") : "–");
const signed = (v, digits = 4) => (isNumber(v) ? (v >= 0 ? "+" : "") + number(v, digits) : "–");
const whole = (v) => (isNumber(v) ? v.toLocaleString("en") : "–");
const percent = (v, digits = 0) => (isNumber(v) ? number(100 * v, digits) + " %" : "–");
const plural = (n, word) => whole(n) + " " + word + (n === 1 ? "" : "s");
const interval = (i, digits = 4, form = number) => (i && isNumber(i.low) ? "[" + form(i.low, digits) + ", " + form(i.high, digits) + "]" : "");

function duration(seconds) {
  if (!isNumber(seconds)) return "–";
  if (seconds < 60) return number(seconds, 0) + " s";
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? minutes + " min" : Math.floor(minutes / 60) + " h " + minutes % 60 + " min";
}
