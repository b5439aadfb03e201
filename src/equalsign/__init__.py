"""Every equals sign is a test: numeric and symbolic checks for executable books.

`check` compares a result with its expected value and leaves a record that names the equation it speaks for.
The Sphinx extension `equalsign.sphinx` collects these records and fails the build when one does not hold, when an
equation has no check, or when a check could not have failed.
"""

from equalsign.checks import check, recording
from equalsign.comparison import Comparison, compare
from equalsign.record import Record

__all__ = ["Comparison", "Record", "check", "compare", "recording"]
