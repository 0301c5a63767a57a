// Searching, sorting, hiding a line, reading a chart by keys.
const labels = document.getElementById("labels");
const rows = () => labels.querySelectorAll("tbody tr").length;
const result = [rows()];
const search = labels.querySelector("input");
search.value = "LABEL 4";
search.dispatchEvent(new Event("input"));
result.push(rows()); // 40 and 41
search.value = "";
search.dispatchEvent(new Event("input"));
const sort = [...labels.querySelectorAll("th button")].find((b) => b.textContent === "F1");
sort.click();
const scores = [...labels.querySelectorAll("tbody tr")].map((r) => Number(r.children[5].textContent));
result.push(scores.every((s, i) => i === 0 || s <= scores[i - 1]), sort.parentElement.getAttribute("aria-sort"));
const chart = document.querySelector("#training figure");
const lines = () => chart.querySelectorAll("path.line").length;
const before = lines();
chart.querySelector(".legend button").click();
result.push(before - lines(), chart.querySelector(".legend button").getAttribute("aria-pressed"));
chart.querySelector("svg[tabindex]").dispatchEvent(new KeyboardEvent("keydown", {key: "End"}));
result.push(chart.querySelector(".readout").textContent.startsWith("epoch 30: validation "));
return result;
