// A display or a table that is wider than the page scrolls by itself; then the keyboard must reach it, too.
// (The theme does the same for code and for the outputs of cells.)
const wide = [
  ["div.math > mjx-container", "equation"],
  [".pst-scrollable-table-container", "table"],
];

function letKeyboardScroll() {
  for (const [selector, name] of wide) {
    for (const element of document.querySelectorAll(selector)) {
      if (element.scrollWidth > element.clientWidth) {
        element.tabIndex = 0;
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", `wide ${name}, scrolls sideways`);
      } else if (element.hasAttribute("tabindex")) {
        for (const attribute of ["tabindex", "role", "aria-label"]) element.removeAttribute(attribute);
      }
    }
  }
}

window.addEventListener("load", () => {
  const typeset = window.MathJax?.startup?.promise ?? Promise.resolve();
  typeset.then(letKeyboardScroll);
  window.addEventListener("resize", letKeyboardScroll);
});
