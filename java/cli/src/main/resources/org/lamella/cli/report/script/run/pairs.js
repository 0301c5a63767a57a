// Labels that occur together, and labels that are predicted for each other.

const TOP_PAIRS = 12;

function pairs() {
  const d = data.detail;
  const at = report.labels.map((l, i) => i).sort((a, b) => report.labels[b].positives - report.labels[a].positives || a - b);
  const names = at.map((i) => report.labels[i].label);
  const pick = (matrix) => at.map((a) => at.map((b) => matrix[a][b]));
  const together = pick(d.together), mistaken = pick(d.mistaken);
  const share = together.map((row, a) => row.map((v) => (together[a][a] === 0 ? null : v / together[a][a])));
  const none = " Hatched: no such rows.";
  section("Pairs of labels", element("p", {class: "faint"}, "Labels by falling number of positives."), element("div", {class: at.length > 12 ? "stack" : "charts"},
    heat({title: "Co-occurrence", note: "Share of the rows with the label on the left that also have the label at the top, in %." + none, names, values: share, diagonal: false,
      say: (a, b) => (a === b ? names[a] + ": " + plural(together[a][a], "row") : "Of " + plural(together[a][a], "row") + " with " + names[a] + ", " + whole(together[a][b]) + " also have " + names[b] + (share[a][b] === null ? "" : " (" + percent(share[a][b], 1) + ")"))}),
    heat({title: "Confusion", note: "Share of the rows with the label on the left, without the label at the top, for which the latter is predicted, in %." + none, names, values: mistaken, diagonal: false,
      say: (a, b) => (a === b ? names[a] : isNumber(mistaken[a][b]) ? names[b] + " is predicted for " + percent(mistaken[a][b], 1) + " of the rows with " + names[a] + " and without " + names[b] : "No row has " + names[a] + " without " + names[b])})),
  topPairs(names, mistaken, together));
}

function topPairs(names, mistaken, together) {
  const all = mistaken.flatMap((row, a) => row.map((v, b) => ({has: names[a], given: names[b], rows: together[a][a] - together[a][b], share: v})).filter((p, b) => a !== b && p.share > 0 && p.rows >= 5));
  if (all.length === 0) return null;
  return table("The pairs that are confused most often, among those with 5 or more rows.", [{name: "rows have", value: (p) => p.has, text: true}, {name: "and are given, wrongly", value: (p) => p.given, text: true, wide: true},
    {name: "share", value: (p) => p.share, show: (p) => percent(p.share, 1)}, {name: "of rows", value: (p) => p.rows, show: (p) => whole(p.rows)}],
  all.sort((x, y) => y.share - x.share || y.rows - x.rows).slice(0, TOP_PAIRS));
}
