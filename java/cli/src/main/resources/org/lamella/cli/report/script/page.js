// Sections and the navigation.

const data = JSON.parse(document.getElementById("data").textContent);
const page = document.getElementById("page");
const navigation = document.getElementById("navigation");

function section(title, ...children) {
  const id = title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "") || "section-" + navigation.childElementCount;
  const s = element("section", {id, "aria-labelledby": id + "-title"}, element("h2", {id: id + "-title"}, title), ...children);
  navigate(title, id);
  page.append(s);
  drawWaiting();
  return s;
}

function navigate(title, id) {
  navigation.append(element("a", {href: "#" + id, title}, shortened(title, 22)));
}

// Marks the section that is read: the last one that began above a third of the window.
function followReading() {
  const links = [...navigation.querySelectorAll("a")].map((a) => [a, document.getElementById(a.getAttribute("href").slice(1))]);
  let current = null, waiting = false;
  const update = () => {
    waiting = false;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const above = links.filter(([, s]) => s.getBoundingClientRect().top < innerHeight / 3);
    const next = (atEnd && scrollY > 0 ? links[links.length - 1] : above[above.length - 1] || links[0])[0];
    if (next === current) return;
    if (current) current.removeAttribute("aria-current");
    next.setAttribute("aria-current", "true");
    current = next;
    navigation.scrollTo({left: next.offsetLeft - 40});
  };
  addEventListener("scroll", () => {
    if (!waiting) requestAnimationFrame(update);
    waiting = true;
  }, {passive: true});
  if (links.length > 0) update();
}

// What the values of a loss are, for a run with these settings.
function lossTitle(settings) {
  if (!settings || !settings.loss) return "mean loss";
  const l = settings.loss, weighted = settings.positive_weight_auto || settings.positive_weights ? "weighted " : "";
  if (!l.gamma_positive && !l.gamma_negative && !l.margin) return "mean " + weighted + "cross-entropy";
  return "mean " + weighted + (l.gamma_positive === l.gamma_negative && !l.margin ? "focal" : "asymmetric") + " loss";
}

addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((d) => (d.open = true)));
