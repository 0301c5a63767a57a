// What is wider than the window, without what scrolls; and elements that only hostile data can have made.
const scrolls = ".scroll, .heat, .picture, .hidden, details:not([open]) > :not(summary)";
const wide = [...document.querySelectorAll("main *")]
  .filter((e) => !e.closest(scrolls) && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((e) => e.tagName + "." + e.getAttribute("class"));
return {
  width: innerWidth,
  wide: [...new Set(wide)],
  overflow: document.documentElement.scrollWidth > innerWidth,
  images: document.querySelectorAll("img, main script, b").length,
};
