// The layers; and, last of all, how long they take.

function network() {
  const health = new Map(report.layers.map((l) => [l.layer, l]));
  const state = (l) => {
    const h = health.get(l.name);
    if (!h) return "";
    if (isNumber(h.saturated)) return percent(h.saturated) + " saturated";
    if (isNumber(h.dead)) return percent(h.dead) + " dead";
    return isNumber(h.weight_gradient) ? "gradient " + h.weight_gradient.toExponential(1).replace("-", "−") : "";
  };
  section("Network", picture(data.costs.layers), table("Layers; sizes are per sample.", [
    {name: "layer", value: (l) => l.name, text: true}, {name: "type", value: (l) => l.layer, text: true, wide: true}, {name: "output", value: (l) => l.output, text: true},
    {name: "KiB", value: (l) => l.values * 4 / 1024, show: (l) => number(l.values * 4 / 1024, 1)},
    {name: "parameters", value: (l) => l.parameters, show: (l) => whole(l.parameters)}, {name: "state", value: state, text: true, wide: true}], data.costs.layers));
}

function timings() {
  const costs = data.costs, most = Math.max(...costs.operators.map((o) => o.forward_us + o.backward_us), 1e-9);
  const bar = (o) => element("span", {class: "bars", title: number(o.forward_us, 2) + " forward, " + number(o.backward_us, 2) + " backward"},
    element("span", {class: "bar", style: `width: ${(140 * o.forward_us / most).toFixed(1)}px`}), element("span", {class: "bar back", style: `width: ${(140 * o.backward_us / most).toFixed(1)}px`}));
  const time = (name, key, digits) => ({name, value: (k) => k[key], show: (k) => number(k[key], digits)});
  section("Timings", table("A training step of " + plural(costs.batch, "sample") + ", microseconds of device time per sample; fused layers are one line. Bars: forward, then backward and update.", [
    {name: "layers", value: (o) => o.layers, text: true}, time("forward", "forward_us", 2), time("backward and update", "backward_us", 2),
    {name: "both", value: (o) => o.forward_us + o.backward_us, show: bar, text: false, wide: true}], costs.operators),
  report.kernels ? table("Kernels of the passes of convolutions; microseconds per batch, measured inside a CUDA graph.", [
    {name: "GPU", value: (k) => k.device, text: true}, {name: "convolution", value: (k) => k.layer, text: true}, {name: "pass", value: (k) => k.pass, text: true},
    {name: "kernel", value: (k) => k.kernels + (k.algorithm ? " " + k.algorithm : ""), text: true, wide: true}, time("own", "own_us", 1), time("cuDNN", "cudnn_us", 1),
    {name: "why", value: (k) => k.reason, text: true, wide: true}], report.kernels) : null,
  element("p", {class: "faint"}, "Memory of a step: " + number(costs.arena_bytes / 1048576, 1) + " MiB planned, instead of " + number(costs.naive_bytes / 1048576, 1) + " MiB without memory reuse."));
}
