"""Faults are caught by checks that can see them, survive checks that cannot, and none survives the book."""

from __future__ import annotations

import importlib
import os
import sys
import textwrap

import numpy as np
import pytest

from tools import plant
from tools.chapters import Chapter, read
from tools.faults import faults_of
from tools.plant import Garden

PACKAGE = '''
"""A package with one function, as in the book."""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def relu_vjp(z: Array, cotangent: Array) -> Array:
    """Return the gradient by the input of ReLU."""
    z = np.asarray(z, dtype=float)
    return cotangent * (z > 0)


def size(z: Array) -> Array:
    """Return the absolute value, with more care than is needed."""
    z = np.asarray(z, dtype=float)
    return np.maximum(np.abs(z), 0)
'''

HEADER = """---
jupytext:
  text_representation:
    extension: .md
    format_name: myst
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

```{code-cell} ipython3
import numpy as np
from equalsign import check
from greenhouse import relu_vjp

rng = np.random.default_rng(0)
```

"""


@pytest.fixture
def garden(tmp_path, monkeypatch):
    """Return a function that makes a garden of one page with the cells given."""
    folder = tmp_path / "greenhouse"
    folder.mkdir()
    (folder / "__init__.py").write_text(PACKAGE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()

    def make(*cells, header=HEADER):
        fence = "```"
        text = header + "".join(
            f"{fence}{{code-cell}} ipython3\n{textwrap.dedent(c).strip()}\n{fence}\n\n" for c in cells
        )
        (tmp_path / "page.md").write_text(text, encoding="utf-8")
        return Garden("greenhouse", folder, [Chapter("page.md", read(tmp_path / "page.md"), "greenhouse")])

    yield make
    for name in [name for name in sys.modules if name.partition(".")[0] == "greenhouse"]:
        del sys.modules[name]


def outcomes(garden, pattern="relu_vjp"):
    chosen = [f for f in faults_of("greenhouse", garden.folder) if pattern in f.name]
    return {f"{f.kind}: {f.after}": garden.plant(f) for f in chosen}


STRONG = """
z = np.concatenate([rng.normal(scale=20, size=40), [0, -40, 40]]).reshape(1, 43)
target = 100 * rng.normal(size=z.shape)
check("eq-a", relu_vjp(z, np.where(z > 0, z, 0) - target), np.where(z > 0, z - target, 0))
"""


def test_a_strong_check_catches_every_fault(garden):
    found = outcomes(garden(STRONG))
    assert len(found) > 8
    # The sign of a number, which is all that a mask depends on, outlives clipping.
    del found["clipped input: np.clip(z, -30, 30)"]
    assert [name for name, outcome in found.items() if outcome.survived] == []


def test_a_dropped_mask_survives_a_loss_whose_gradient_vanishes_with_it(garden):
    weak = """
    z = rng.normal(size=(3, 4))
    check("eq-a", relu_vjp(z, np.where(z > 0, z, 0)), np.where(z > 0, z, 0))
    """
    assert outcomes(garden(weak))["dropped term: cotangent"].survived
    assert not outcomes(garden(STRONG))["dropped term: cotangent"].survived


def test_a_wrong_branch_at_the_tie_survives_data_without_a_tie(garden):
    one_sided = """
    z, cotangent = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    check("eq-a", relu_vjp(z, cotangent), np.where(z > 0, cotangent, 0))
    """
    assert outcomes(garden(one_sided))["swapped branch: z >= 0"].survived
    assert not outcomes(garden(STRONG))["swapped branch: z >= 0"].survived


def test_a_clipped_input_survives_data_without_tails(garden):
    no_tails = """
    z = np.array([[-1.0, 0.0, 1.0]])
    check("eq-a", relu_vjp(z, 3 + z), np.where(z > 0, 3 + z, 0))
    """
    assert outcomes(garden(no_tails))["clipped input: np.clip(cotangent, -30, 30)"].survived


def test_a_function_that_no_page_calls_survives_and_says_so(garden):
    outcome = outcomes(garden(STRONG), "size:")["flipped sign: -(…)"]
    assert outcome.survived
    assert "no page calls the function" in plant.sentence(outcome)


def test_a_change_without_effect_is_shown_to_be_equivalent(garden):
    page = """
    from greenhouse import size
    check("eq-b", size(np.array([[-40.0, 0.0, 0.5]])), np.array([[40.0, 0.0, 0.5]]))
    """
    found = outcomes(garden(STRONG, page), "size:")
    assert found["dropped term: np.abs(z)"].equivalent
    assert found["dropped term: z"].noticed


def test_no_fault_is_called_equivalent_in_a_function_that_the_sweep_does_not_call(garden):
    made = garden(STRONG)
    fault = next(
        f for f in faults_of("greenhouse", made.folder) if f"{f.kind}: {f.after}" == "dropped term: np.abs(z)"
    )
    assert made.plant(fault).equivalent
    made._swept = set()
    assert made.plant(fault).survived


def test_a_page_that_fails_without_a_fault_is_reported_with_its_line(garden):
    wrong = """
    z = np.ones(3)
    check("eq-wrong", relu_vjp(z, z), 2 * z)
    """
    (problem,) = {(p.label, p.line) for p in garden(wrong).chapters[0].problems}
    assert problem == ("eq-wrong", 24)


def test_a_warning_counts_because_a_page_that_writes_one_does_not_build(garden):
    noisy = """
    z = np.ones(3)
    check("eq-a", relu_vjp(z, np.exp(1000 * z)), np.zeros(3))
    """
    assert "RuntimeWarning" in garden(noisy).chapters[0].problems[0].message


def test_the_verdict_of_a_page_is_that_of_the_names_as_they_were(garden):
    rebound = """
    def doubled():
        return 2 * z

    z = np.array([1.0, -50.0])
    check("eq-a", relu_vjp(z, doubled()), np.array([2.0, 0.0]))
    z = np.array([-1.0, 60.0])
    check("eq-a", relu_vjp(z, doubled()), np.array([0.0, 120.0]))
    z = None
    """
    made = garden(rebound)
    assert made.chapters[0].problems == []
    assert made.chapters[0].run() is None


def test_draws_that_are_made_together_with_the_code_under_test_are_the_same_each_time(garden):
    drawing = """
    z = rng.normal(size=3)
    got = relu_vjp(z, rng.normal(size=3) * 0 + 1)
    check("eq-a", got, np.where(z > 0, 1.0, 0.0))
    more = rng.normal(size=3)
    check("eq-a", relu_vjp(more, more), np.where(more > 0, more, 0))
    """
    chapter = garden(drawing).chapters[0]
    assert chapter.problems == []
    assert [chapter.run() for _ in range(3)] == [None] * 3


def test_what_is_planted_is_gone_afterwards(garden):
    made = garden(STRONG)
    outcomes(made)
    greenhouse = importlib.import_module("greenhouse")
    np.testing.assert_array_equal(greenhouse.relu_vjp(np.array([-1.0, 1.0]), np.ones(2)), [0, 1])


def test_a_build_that_passes_with_a_fault_or_does_not_name_the_check_is_reported(garden, monkeypatch):
    outcome = next(o for o in outcomes(garden(STRONG)).values() if o.noticed)
    object.__setattr__(outcome.fault, "path", plant.ROOT / "src" / "handgrad" / "losses.py")
    for status, output, complaint in [
        (0, "", "passed"),
        (1, "no such file", "without naming eq-a"),
        (1, "page.md:30: eq-a fails", ""),
    ]:
        monkeypatch.setattr(plant, "run", lambda *_, s=status, o=output: type("R", (), {"returncode": s, "stdout": o}))
        assert complaint in plant.build(outcome)
        assert bool(complaint) == bool(plant.build(outcome))


def test_no_fault_survives_the_book(capsys):
    builds = ["--builds", "5", "--seed", "0"] if os.environ.get("CI") else []
    status = plant.main(builds)
    assert status == 0, capsys.readouterr().out
