// Sequence logos: the height of a column is its information in bits, the height of a letter its share of it.

// A logo of few letters is drawn with wider ones.
const LOGO = {narrow: 17, wide: 30, room: 150, high: 74, left: 26};
const NUCLEOTIDES = {A: "--good", C: "--own", G: "--second", T: "--bad", U: "--bad"};
// Amino acids by chemistry: small and polar, neutral, acidic, basic, hydrophobic.
const AMINO_ACIDS = [["GSTYC", "--good"], ["NQ", "--fourth"], ["DE", "--bad"], ["KRH", "--own"]];
const FONT = "bold 100px Arial, Helvetica, sans-serif";

const letterColour = (letter, letters) => (letters.length === 4 ? NUCLEOTIDES[letter] : (AMINO_ACIDS.find(([group]) => group.includes(letter)) || ["", "--text"])[1]);

// The bounds of a letter in the font, so that it can be drawn exactly as high as it should be.
const bounds = new Map();
function boundsOf(letter) {
  if (!bounds.has(letter)) {
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = FONT;
    const m = pen.measureText(letter);
    bounds.set(letter, {left: -m.actualBoundingBoxLeft, wide: m.actualBoundingBoxLeft + m.actualBoundingBoxRight, high: m.actualBoundingBoxAscent + m.actualBoundingBoxDescent, below: m.actualBoundingBoxDescent});
  }
  return bounds.get(letter);
}

function logo(motif, letters, most) {
  const wide = Math.max(LOGO.narrow, Math.min(LOGO.wide, LOGO.room / motif.share.length)), width = LOGO.left + wide * motif.share.length + 2, bottom = LOGO.high + 6, scale = LOGO.high / most;
  const svg = drawn("svg", {viewBox: `0 0 ${width} ${bottom + 16}`, style: `max-width: ${width}px`, role: "img", "aria-label": "sequence logo: " + consensus(motif, letters)});
  [0, most / 2, most].forEach((t) => svg.append(drawn("line", {class: "grid", x1: LOGO.left - 3, x2: width, y1: bottom - t * scale, y2: bottom - t * scale}),
    drawn("text", {class: "small", x: LOGO.left - 6, y: bottom - t * scale + 4, "text-anchor": "end"}, String(t))));
  motif.share.forEach((share, k) => {
    const sum = share.reduce((a, b) => a + b, 0), x = LOGO.left + k * wide;
    let y = bottom;
    if ((k + 1) % 5 === 0 || k === 0) svg.append(drawn("text", {class: "small", x: x + wide / 2, y: bottom + 13, "text-anchor": "middle"}, k + 1));
    share.map((p, l) => ({letter: letters[l], high: sum > 0 ? p / sum * motif.bits[k] * scale : 0})).filter((l) => l.high > 0.4).sort((a, b) => a.high - b.high).forEach(({letter, high}) => {
      const b = boundsOf(letter), sx = (wide - 1.5) / b.wide, sy = high / b.high;
      svg.append(drawn("text", {transform: `translate(${(x + 0.75 - b.left * sx).toFixed(2)} ${(y - b.below * sy).toFixed(2)}) scale(${sx.toFixed(4)} ${sy.toFixed(4)})`, style: `font: ${FONT}; fill: var(${letterColour(letter, letters)})`}, letter));
      y -= high;
    });
  });
  return svg;
}

// The most frequent letter of each place; lower case below half a bit.
const consensus = (motif, letters) => motif.share.map((share, k) => {
  const letter = letters[share.indexOf(Math.max(...share))];
  return motif.bits[k] < 0.5 ? letter.toLowerCase() : letter;
}).join("");
