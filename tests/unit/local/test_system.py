"""What the local system keeps away from the functions."""

import os

from infra.local.system import own_environment


def test_what_is_configured_for_aws_does_not_reach_the_functions_and_comes_back(monkeypatch):
    monkeypatch.setenv("AWS_PROFILE", "mine")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://elsewhere")
    monkeypatch.setenv("NO_PROXY", "example.org")
    before = dict(os.environ)

    with own_environment():
        inside = dict(os.environ)
        os.environ["BROADSHEET_QUEUE_URL"] = "http://queue"

    assert not inside.keys() & {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"}
    assert inside["AWS_CONFIG_FILE"] == os.devnull
    assert inside["NO_PROXY"] == inside["no_proxy"] == "example.org,127.0.0.1,localhost"
    assert dict(os.environ) == before
