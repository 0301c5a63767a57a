// Tables that can be sorted, searched and filtered; on a phone a row becomes a block of named values.

// Columns: {name, value(row), show(row), text, best(row), wide}; show gives text or elements. Undefined values sort last.
function order(rows, column, rising) {
  return [...rows].sort((a, b) => {
    const x = column.value(a), y = column.value(b);
    const none = (v) => v === null || v === undefined;
    if (none(x) || none(y)) return (none(x) ? 1 : 0) - (none(y) ? 1 : 0);
    return (column.text ? String(x).localeCompare(String(y), "en", {numeric: true}) : x - y) * (rising ? 1 : -1);
  });
}

// A header may take two lines; "micro-F1" is not broken.
const headed = (name) => name.split(/( )/).map((word) => (word.includes("-") && word.length <= 12 ? element("span", {class: "unbroken"}, word) : word));

function cell(column, row) {
  const content = column.show ? column.show(row) : column.text ? String(column.value(row)) : number(column.value(row));
  const length = (content.textContent === undefined ? content : content.textContent).length;
  const classes = [column.text ? "text" : "", length <= 24 ? "short" : "", column.wide && length > 10 ? "wide" : "", column.best && column.best(row) ? "best" : "", content === "" ? "empty" : ""];
  return element("td", {class: classes.join(" ").trim() || null, "data-label": column.name, role: "cell"}, content);
}

// Rows of a long table on a phone, before its button is pressed; style/table.css has the same number.
const FIRST_BLOCKS = 20;

// more: {search: row => text, filters: [[name, test]], clipped, changed(rows), hint: what only a mouse can do}.
function table(caption, columns, rows, more = {}) {
  const body = element("tbody", {role: "rowgroup"});
  const state = {sorted: null, rising: false, words: "", test: () => true};
  const count = element("span", {class: "faint", "aria-live": "polite"});
  const heads = columns.map((c) => {
    const b = element("button", {type: "button", title: c.name.length > 30 ? c.name : null}, headed(shortened(c.name, 30)));
    b.addEventListener("click", () => sort(c, state.sorted === c ? !state.rising : Boolean(c.text)));
    return element("th", {scope: "col", role: "columnheader", class: c.text ? "text" : null}, b);
  });
  const select = element("select", {}, element("option", {value: ""}, "file order"), columns.map((c, i) => element("option", {value: i}, shortened(c.name, 40))));
  select.addEventListener("change", () => (select.value === "" ? sort(null) : sort(columns[select.value], Boolean(columns[select.value].text))));

  function sort(column, rising) {
    state.sorted = column;
    state.rising = rising;
    heads.forEach((h, i) => (columns[i] === column ? h.setAttribute("aria-sort", rising ? "ascending" : "descending") : h.removeAttribute("aria-sort")));
    select.value = column === null ? "" : String(columns.indexOf(column));
    fill();
  }

  function fill() {
    const found = rows.filter((r) => state.test(r) && (state.words === "" || more.search(r).toLowerCase().includes(state.words)));
    const shown = state.sorted ? order(found, state.sorted, state.rising) : found;
    body.replaceChildren(...shown.map((r) => element("tr", {role: "row"}, columns.map((c) => cell(c, r)))));
    count.textContent = whole(shown.length) + " of " + whole(rows.length) + " shown";
    rest.replaceChildren(...(made.classList.contains("brief") && shown.length > FIRST_BLOCKS ? [button("Show all " + whole(shown.length), () => {
      made.classList.remove("brief");
      rest.replaceChildren();
    })] : []));
    if (more.changed) more.changed(shown);
  }

  const long = Boolean(more.clipped) && rows.length > 25, rest = element("div", {class: "rest"});
  const made = element("table", {class: long ? "fold brief" : "fold", role: "table"},
    caption || more.hint ? element("caption", {}, caption, more.hint ? element("span", {class: "clicked"}, (caption ? " " : "") + more.hint) : null) : null,
    element("thead", {role: "rowgroup"}, element("tr", {role: "row"}, heads)), body);
  fill();
  const sorting = element("label", {class: "sorting"}, "sort by", select);
  const tools = more.search && rows.length > 8 ? tableTools(more, state, fill, count) : element("div", {class: "tools"});
  if (rows.length > 3) tools.append(sorting);
  return element("div", {}, tools.childElementCount > 0 ? tools : null, element("div", {class: long ? "scroll clipped" : "scroll",
    tabindex: long ? 0 : null, role: long ? "group" : null, "aria-label": long ? caption || more.hint : null}, made), rest);
}

function tableTools(more, state, fill, count) {
  const input = element("input", {type: "search", placeholder: "Search", "aria-label": "Search"});
  input.addEventListener("input", () => {
    state.words = input.value.trim().toLowerCase();
    fill();
  });
  const tools = element("div", {class: "tools"}, input);
  if (more.filters) {
    const select = element("select", {"aria-label": "Filter"}, more.filters.map(([name], i) => element("option", {value: i}, name)));
    select.addEventListener("change", () => {
      state.test = more.filters[select.value][1];
      fill();
    });
    tools.append(select);
  }
  tools.append(count);
  return tools;
}
