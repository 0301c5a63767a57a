// Elements of HTML and SVG. Text is always a text node: data cannot become markup.

function attach(e, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) e.setAttribute(name, value);
  }
  e.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return e;
}

const element = (tag, attributes, ...children) => attach(document.createElement(tag), attributes, children);

const drawn = (tag, attributes, ...children) => attach(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const button = (text, action, attributes) => {
  const b = element("button", {type: "button", class: "button", ...attributes}, text);
  b.addEventListener("click", action);
  return b;
};

// Text whose options of the command line are not broken across lines.
const withOptions = (text) => text.split(/(--[a-z][a-z-]*)/).map((part, i) => (i % 2 === 1 ? element("span", {class: "option"}, part) : part));

// A command; an option is not broken across lines.
const command = (text) => element("pre", {}, text.split(/( )/).map((word) => (word.startsWith("-") && word.length <= 30 ? element("span", {class: "unbroken"}, word) : word)));

// The width of text in pixels, in the font of charts.
const pen = document.createElement("canvas").getContext("2d");
function textWidth(text, size = 12) {
  pen.font = size + 'px system-ui, "Segoe UI", Roboto, Arial, sans-serif';
  return pen.measureText(text).width;
}

// A name that is cut to a width in pixels.
function fitted(name, width, size) {
  if (textWidth(name, size) <= width) return name;
  const letters = Array.from(name);
  let low = 0, high = letters.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (textWidth(letters.slice(0, middle).join("") + "…", size) <= width) low = middle; else high = middle;
  }
  return letters.slice(0, low).join("") + "…";
}

// A name in so many characters; an emoji is one.
function shortened(name, most) {
  const letters = Array.from(name);
  return letters.length <= most ? name : letters.slice(0, most - 1).join("") + "…";
}
