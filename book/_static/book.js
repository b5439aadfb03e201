// A display that is wider than the page scrolls by itself; then the keyboard must be able to reach it, too.
// (The theme sees to code, to the outputs of cells and to tables.)
function letKeyboardScroll() {
  for (const display of document.querySelectorAll("div.math > mjx-container")) {
    if (display.scrollWidth > display.clientWidth) {
      display.tabIndex = 0;
      display.setAttribute("role", "group");
      display.setAttribute("aria-label", "wide equation, scrolls sideways");
    } else {
      for (const attribute of ["tabindex", "role", "aria-label"]) display.removeAttribute(attribute);
    }
  }
}

window.addEventListener("load", () => {
  window.MathJax?.startup?.promise.then(letKeyboardScroll);
  window.addEventListener("resize", letKeyboardScroll);
});
