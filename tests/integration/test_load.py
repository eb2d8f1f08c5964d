from __future__ import annotations

from tests.load import Load


def test_the_index_equals_the_bucket_after_a_load(engine_url, index_prefix):
    report = Load(engine_url, index_prefix, 500).run()

    assert report.differing == []
    assert report.uploads == 550
    assert report.deletions == 25
    assert len(report.lags) >= 500
    assert report.searches
