"""What holds of every picture, whatever it shows."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import combinations

import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from handgrad import ACTIVATIONS, Neuron, figures, linear, relu, sigmoid
from handgrad.figures import Picture

rng = np.random.default_rng(20)
Z = rng.normal(size=(4, 3))
NOISE = rng.random(5000) * 1e-16
A, W, b = rng.normal(size=(3, 4)), rng.normal(size=(4, 5)), rng.normal(size=5)

PICTURES: dict[str, Callable[[], Picture]] = {
    **{name: lambda record=record: figures.activation(record) for name, record in ACTIVATIONS.items()},
    "network": lambda: figures.network(Neuron(0.7, -0.2), 1.5, 1.0),
    "saturated network": lambda: figures.network(Neuron(-4.0, 1.0), 5.0, 1.0),
    "diagonal Jacobian": lambda: figures.jacobian(relu.jacobian(Z)),
    "Jacobian by the weights": lambda: figures.jacobian(linear.jacobians(A, W, b)[1]),
    "error curve": lambda: figures.error_curve(np.linspace(-45, 45, 5000), {"noise": NOISE}),
}


@pytest.fixture(params=PICTURES)
def draw(request: pytest.FixtureRequest) -> Callable[[], Picture]:
    return PICTURES[request.param]


def luminance(colour: str) -> float:
    """Return the relative luminance as WCAG defines it."""
    channels = np.array(to_rgb(colour))
    linear_light = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear_light @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_a_picture_is_well_formed_and_small(draw: Callable[[], Picture]) -> None:
    svg = draw().svg
    assert ET.fromstring(svg).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314
    assert len(svg.encode()) < 60_000


def test_a_picture_names_no_host_but_those_of_xml_names(draw: Callable[[], Picture]) -> None:
    root = ET.fromstring(draw().svg)  # noqa: S314
    assert not any(key.endswith(("href", "src")) and not value.startswith("#")
                   for element in root.iter() if "metadata" not in element.tag
                   for key, value in element.attrib.items())  # fmt: skip


def test_the_letters_are_outlines_and_need_no_font(draw: Callable[[], Picture]) -> None:
    assert "<text" not in draw().svg


def test_no_rectangle_covers_the_ground(draw: Callable[[], Picture]) -> None:
    root = ET.fromstring(draw().svg)  # noqa: S314
    width, height = (float(size) for size in root.get("viewBox", "").split()[2:])
    for path in root.iter("{http://www.w3.org/2000/svg}path"):
        numbers = [float(word) for word in path.get("d", "").split() if word[-1].isdigit()]
        covers = len(numbers) == 8 and {0.0, width} <= set(numbers[::2]) and {0.0, height} <= set(numbers[1::2])
        assert not covers or "fill: none" in path.get("style", ""), "the ground is painted"


def test_no_text_leaves_the_page_or_touches_another(
    draw: Callable[[], Picture], monkeypatch: pytest.MonkeyPatch
) -> None:
    boxes: list[tuple[str, Bbox]] = []
    save = Figure.savefig

    def look_and_save(figure: Figure, *arguments: object, **options: object) -> None:
        save(figure, *arguments, **options)  # which puts the names of axes in their places
        texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
        # Half a point less on every side: the box of a text has a little air above and below its letters.
        boxes.extend((text.get_text(), text.get_window_extent().padded(-0.5)) for text in texts)
        boxes.append(("the page", figure.bbox))

    monkeypatch.setattr(Figure, "savefig", look_and_save)
    draw()
    *labels, (_, page) = boxes
    assert labels
    for text, box in labels:
        assert page.contains(box.x0, box.y0), text
        assert page.contains(box.x1, box.y1), text
    for (text, box), (other, its_box) in combinations(labels, 2):
        assert not box.overlaps(its_box), f"{text} touches {other}"


def test_the_style_file_of_the_reader_changes_nothing(draw: Callable[[], Picture]) -> None:
    plain = draw().svg
    with matplotlib.rc_context({"lines.linewidth": 9, "font.size": 30, "figure.facecolor": "red", "svg.hashsalt": "x",
                                "axes.grid": True, "text.color": "red"}):  # fmt: skip
        assert draw().svg == plain


def test_drawing_leaves_global_settings_alone_and_keeps_no_figure_open(draw: Callable[[], Picture]) -> None:
    before = dict(matplotlib.rcParams)
    draw()
    assert dict(matplotlib.rcParams) == before
    if "matplotlib.pyplot" in sys.modules:
        assert sys.modules["matplotlib.pyplot"].get_fignums() == []


def test_another_process_draws_the_same_bytes() -> None:
    program = (
        "import sys; from handgrad import figures, sigmoid;"
        "assert 'matplotlib.pyplot' not in sys.modules, 'figures imports pyplot';"
        "sys.stdout.buffer.write(figures.activation(sigmoid).svg.encode())"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout.decode()
    assert other.replace("\r\n", "\n") == figures.activation(sigmoid).svg


def test_the_mathematics_does_not_import_matplotlib() -> None:
    program = "import sys, handgrad; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_no_date_and_no_version_is_written(draw: Callable[[], Picture]) -> None:
    assert "dc:date" not in draw().svg
    assert matplotlib.__version__ not in draw().svg


def test_a_notebook_gets_the_svg_and_a_terminal_the_labels(draw: Callable[[], Picture]) -> None:
    picture = draw()
    bundle = picture._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "text/plain"}
    assert all(label in bundle["text/plain"] for label in picture.labels)


@pytest.mark.parametrize("ground", ["#ffffff", "#121212"])
def test_every_colour_is_seen_on_white_and_on_near_black(ground: str) -> None:
    for colour in (figures.FORWARD, figures.GRADIENT, *figures.OTHERS):
        assert contrast(colour, ground) >= 3.2
    assert contrast(figures.INK, ground) >= 4
    assert contrast(figures.FORWARD, ground) >= 4
    assert contrast(figures.GRADIENT, ground) >= 4


def test_text_on_white_and_on_paper_reaches_the_contrast_of_small_print() -> None:
    assert contrast(figures.INK, "#ffffff") >= 4.5


def test_white_numbers_are_read_in_coloured_cells() -> None:
    assert all(contrast(colour, "#ffffff") >= 4.5 for colour in figures.OTHERS)


# Machado, Oliveira and Fernandes (2009), severity 1.0; they act on linear light.
COLOUR_BLIND = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
}


@pytest.mark.parametrize("kind", COLOUR_BLIND)
@pytest.mark.parametrize("pair", [(figures.FORWARD, figures.GRADIENT), figures.OTHERS])
def test_two_colours_that_differ_in_meaning_differ_to_colour_blind_eyes(kind: str, pair: tuple[str, str]) -> None:
    one, other = (np.array(to_rgb(colour)) ** 2.2 @ np.transpose(COLOUR_BLIND[kind]) for colour in pair)
    assert np.linalg.norm(one.clip(0, 1) ** (1 / 2.2) - other.clip(0, 1) ** (1 / 2.2)) > 0.2
