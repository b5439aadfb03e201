from __future__ import annotations

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from equalsign import Record, check, recording
from equalsign.record import MIME

NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
SIZES = st.lists(st.integers(0, 9)).map(tuple)
RECORDS = st.builds(
    Record,
    label=st.text(),
    verdict=st.sampled_from(["holds", "fails"]),
    message=st.text(),
    error=NUMBERS,
    allowed=NUMBERS,
    index=st.none() | SIZES,
    got=NUMBERS,
    expected=NUMBERS,
    entries=st.integers(0),
    shape=SIZES,
    dtype=st.text(),
    terms=st.integers(1),
    because=st.none() | st.text(),
    environment=st.dictionaries(st.text(), st.text()),
)


@pytest.fixture
def record():
    with recording() as records:
        check("eq-sum", [1.0, 2.5], [1.0, 2.0])
    return records[0]


@given(record=RECORDS)
def test_a_record_survives_json(record):
    text = json.dumps(record.to_json(), allow_nan=False)
    assert Record.from_json(json.loads(text)) == record


@given(record=RECORDS)
def test_what_a_notebook_stores_is_the_record_itself(record):
    assert Record.from_json(record._repr_mimebundle_()[MIME]) == record


def test_reading_a_record_leaves_its_json_as_it_was(record):
    data = record.to_json()
    Record.from_json(data)
    assert data == record.to_json()


def test_a_record_with_a_field_too_few_or_too_many_is_refused(record):
    data = record.to_json()
    with pytest.raises(TypeError, match="surprise"):
        Record.from_json(data | {"surprise": 1})
    del data["verdict"]
    with pytest.raises(TypeError, match="verdict"):
        Record.from_json(data)


@pytest.mark.parametrize(("verdict", "mark"), [("holds", "✓"), ("fails", "✗")])
def test_a_record_reads_as_one_line(record, verdict, mark):
    record = dataclasses.replace(record, verdict=verdict, message="2 entries")
    assert record.holds is (verdict == "holds")
    assert str(record) == f"{mark} eq-sum {verdict}: 2 entries"
    assert record._repr_mimebundle_()["text/plain"] == str(record)


def test_the_reason_for_a_tolerance_is_shown(record):
    record = dataclasses.replace(record, because="a difference quotient is an approximation")
    reason = "(tolerance of its own, because a difference quotient is an approximation)"
    assert str(record).endswith(reason)
    assert reason in record._repr_mimebundle_()["text/html"]


def test_html_is_escaped(record):
    evil = "<script>\"&'</script>"
    record = dataclasses.replace(record, label=evil, message=evil, because=evil)
    shown = record._repr_mimebundle_()["text/html"]
    assert shown.count("&lt;script&gt;&quot;&amp;&#x27;&lt;/script&gt;") == 3
    assert evil not in shown
    assert "<script" not in shown


@pytest.mark.parametrize("got", [math.nan, math.inf, 1e308, [1.0], []])
def test_the_record_of_a_strange_failure_is_still_strict_json(got):
    with recording() as records:
        check("eq", got, -1e308)
    assert not records[0].holds
    assert Record.from_json(json.loads(json.dumps(records[0].to_json(), allow_nan=False))) == records[0]


def test_a_record_cannot_be_changed(record):
    with pytest.raises(dataclasses.FrozenInstanceError):
        record.verdict = "holds"
