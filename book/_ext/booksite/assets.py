"""Scripts, fonts and icons, taken from installed packages, so that no page asks another host for them."""

from __future__ import annotations

import importlib.util
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pydata_sphinx_theme
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError

MATHJAX_PACKAGE = "sphinx-mathjax-offline"

ICONS = {
    "fa-angle-left": "solid",
    "fa-angle-right": "solid",
    "fa-bars": "solid",
    "fa-bitbucket": "brands",
    "fa-circle-half-stroke": "solid",
    "fa-code": "solid",
    "fa-download": "solid",
    "fa-file": "solid",
    "fa-file-pdf": "solid",
    "fa-github": "brands",
    "fa-gitlab": "brands",
    "fa-lightbulb": "solid",
    "fa-list": "solid",
    "fa-magnifying-glass": "solid",
    "fa-moon": "solid",
    "fa-sun": "solid",
}
"""The icons that the theme puts on the pages of this book; a test holds the pages to this list."""

# The page's own text names the button, so an icon is a mask over a box in the colour of the text.
ICON_RULES = """\
.fa-solid, .fas, .fa-brands, .fab {
  display: inline-block; width: 1em; height: 1em; vertical-align: -0.125em;
  background: currentColor; -webkit-mask: var(--icon) center / contain no-repeat;
  mask: var(--icon) center / contain no-repeat; print-color-adjust: exact;
}
.fa-solid::before, .fas::before, .fa-brands::before, .fab::before { content: none }
@media (forced-colors: active) { .fa-solid, .fas, .fa-brands, .fab { background: CanvasText } }
"""


def drop_thebe(app: Sphinx) -> None:
    """Disconnect sphinx-thebe, which Jupyter Book always loads: its script names another host on every page."""
    for listeners in list(app.events.listeners.values()):
        for listener in list(listeners):
            if listener.handler.__module__.partition(".")[0] == "sphinx_thebe":
                app.disconnect(listener.id)
    app.registry.css_files[:] = [file for file in app.registry.css_files if "thebe" not in file[0]]


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Copy the components of MathJax that the configuration loads into the site, with the fonts of the output.

    Raises
    ------
    ExtensionError
        If the package is not installed, or does not hold a component that is to be loaded.
    """
    if exception or app.builder.format != "html":
        return
    spec = importlib.util.find_spec(MATHJAX_PACKAGE)
    if spec is None or spec.origin is None:
        raise ExtensionError(f"booksite: the package {MATHJAX_PACKAGE} is missing; install requirements.txt.")
    source = Path(spec.origin).parent / "static" / "mathjax"
    target = Path(app.outdir, "_static", app.config.mathjax_path).parent
    for name in _components(app.config.mathjax3_config["loader"]["load"]):
        if not (source / name).exists():
            raise ExtensionError(
                f"booksite: {MATHJAX_PACKAGE} has no {name}; "
                "correct mathjax3_config.loader.load in _config.yml, or the package's version."
            )
        _copy_once(source / name, target / name)


def _components(loaded: list[str]) -> Iterator[str]:
    yield "startup.js"
    for component in loaded:
        yield re.sub(r"^\[tex\]/", "input/tex/extensions/", component) + ".js"
    yield "output/chtml/fonts/tex.js"
    yield "output/chtml/fonts/woff-v2"


def _copy_once(source: Path, target: Path) -> None:
    if source.is_dir():
        for file in source.iterdir():
            _copy_once(file, target / file.name)
    elif not target.exists() or target.stat().st_size != source.stat().st_size:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def draw_icons(app: Sphinx, exception: Exception | None) -> None:
    """Write ``_static/icons.css``: `ICONS` as masks, drawn from the theme's own Font Awesome script.

    Raises
    ------
    ExtensionError
        If the script does not hold an icon of that name in that style.
    """
    if exception or app.builder.format != "html":
        return
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme" / "static"
    rules = icon_rules((theme / "scripts" / "fontawesome.js").read_text(encoding="utf-8"))
    static = Path(app.outdir, "_static")
    (static / "icons.css").write_text(ICON_RULES + rules, encoding="utf-8")
    # No page refers to the script or to the fonts; they would only be published for nothing.
    for unused in (static / "scripts").glob("fontawesome.*"):
        unused.unlink()
    shutil.rmtree(static / "vendor" / "fontawesome", ignore_errors=True)


def icon_rules(script: str) -> str:
    """Return a CSS rule for each of `ICONS`, with its shape taken from the text of Font Awesome's `script`."""
    # Each table of shapes stands before the call that registers it: ("fa-solid", table).
    parts = re.split(r'\("fa-(brands|regular|solid)",\w+\)', script)
    tables = dict(zip(parts[1::2], parts[0::2], strict=False))
    rules = []
    for icon, style in ICONS.items():
        name = re.escape(icon.removeprefix("fa-"))
        shape = re.search(rf'[{{,]"?{name}"?:\[(\d+),(\d+),\[[^\]]*\],"[0-9a-f]+","([^"]+)"\]', tables.get(style, ""))
        if shape is None:
            raise ExtensionError(f"booksite: the theme's Font Awesome has no icon {icon} in its style {style}.")
        width, height, path = shape.groups()
        image = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}'><path d='{path}'/></svg>"
        rules.append(f'.{icon} {{ --icon: url("data:image/svg+xml,{quote(image, safe=_READABLE)}") }}\n')
    return "".join(rules)


_READABLE = " ='/:"
