// Functions of the scripts, with values by hand.
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const many = Array.from({length: 100000}, (_, i) => [i, i === 777 ? 9 : i % 2]);
const few = visible(many, linear(0, 99999, 0, 300), 300);
const tests = {
  ticks: same(ticks(0, 1, 5), [0, 0.2, 0.4, 0.6, 0.8, 1]),
  integers: same(ticks(1, 12, 20, true), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) && same(ticks(1, 3, 10, true), [1, 2, 3]),
  noRange: same(ticks(5, 5, 4), [5]),
  tickTexts: tickText(0.05, [0, 0.05, 0.1]) === "0.05" && tickText(2000, [0, 2000]) === "2,000"
    && tickText(2e-9, [0, 1e-9, 2e-9]) === "2.0e\u22129" && tickText(0, [0, 1e-9]) === "0",
  visible: few.length < 1300 && few.some((p) => p[1] === 9),
  numbers: number(-0.5, 2) === "\u22120.50" && number(null) === "\u2013" && signed(0.25, 2) === "+0.25",
  percents: percent(0.123, 1) === "12.3 %",
  durations: duration(3700) === "1 h 2 min" && duration(59) === "59 s",
  plurals: plural(1, "row") === "1 row" && plural(2000, "row") === "2,000 rows",
  ranges: same(rangeOf([0.16, 0.41]), [0.1, 0.5]) && same(rangeOf([7], {integer: true}), [6, 8]),
  losses: lossTitle({loss: {gamma_positive: 0, gamma_negative: 0, margin: 0}}) === "mean cross-entropy"
    && lossTitle({loss: {gamma_positive: 2, gamma_negative: 2, margin: 0}, positive_weight_auto: true}) === "mean weighted focal loss"
    && lossTitle({loss: {gamma_positive: 0, gamma_negative: 4, margin: 0.05}}) === "mean asymmetric loss" && lossTitle(undefined) === "mean loss",
  undefinedLast: same(order([{v: null}, {v: 1}, {v: 2}], {value: (r) => r.v}, false).map((r) => r.v), [2, 1, null]),
  levels: level(1, 1) === 11 && level(0, 1) === 0 && heatEnd([0.2, 0.31], 5) === 0.4,
  shortened: shortened("abc", 3) === "abc" && shortened("\u{1F9EC}\u{1F9EC}\u{1F9EC}", 2) === "\u{1F9EC}\u2026",
};
return Object.keys(tests).filter((name) => !tests[name]);
