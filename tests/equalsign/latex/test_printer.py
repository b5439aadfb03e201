"""What is printed reads back as what it was, and reads well."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import displays

from equalsign.latex import parse
from equalsign.latex.printer import to_latex

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=150, deadline=None, suppress_health_check=SLOW)
@given(displays(1))
def test_a_small_tree_reads_back_as_the_same_tree(display):
    assert parse(to_latex(display)) == display


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW)
@given(displays(2))
def test_a_large_tree_reads_back_as_the_same_tree(display):
    assert parse(to_latex(display)) == display


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial L}{\partial w} = (\hat{y} - y) x",
        r"\sigma'(z) = \sigma(z) \cdot (1 - \sigma(z))",
        r"L = -\sum_{i = 1}^{m} y_{i} \log \hat{y}_{i}",
        r"\left( \frac{a}{b} \right)^{2} \leq \left\| x \right\|_{2}",
        r"x = \begin{cases} 1 & \text{ if } i = p \\ 0 & \text{ otherwise } \end{cases}",
        r"\sqrt[3]{x} \text{ where } x \in [0, 1)",
    ],
)
def test_tidy_latex_is_printed_as_it_was_written(latex):
    assert to_latex(parse(latex)) == latex
