// The page of a run, in the order of reading.

header();
findings();
if (own) metrics();
if (folds) foldTable();
if (data.held_out) heldOut();
if (data.combined) combined();
if (data.selection) comparison();
training();
if (own && report.labels.length > 0) labels();
if (own && data.detail) {
  decisions();
  pairs();
}
if (data.costs) network();
filters();
section("How it was made", command(data.command), data.made ? element("p", {class: "faint"}, data.made) : null);
if (data.costs) timings();
followReading();
