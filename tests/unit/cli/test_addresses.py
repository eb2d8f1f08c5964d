"""Where the command finds the system: options, variables, what the local system wrote down, in this order."""

import argparse
from dataclasses import replace

import pytest

from broadsheet.cli.addresses import LOCAL_API_URL, Addresses, find_addresses
from broadsheet.errors import ConfigurationError
from infra.local.listening import API_PORT, HOST
from infra.resources import STAGE_PATH

EXPORTS = """\
export BROADSHEET_API_URL=http://127.0.0.1:9999/v1
export BROADSHEET_BUCKET=local-uploads
export AWS_ENDPOINT_URL='http://127.0.0.1:5005'
export AWS_REGION=us-east-1
export AWS_ACCESS_KEY_ID=local
export AWS_SECRET_ACCESS_KEY=local
"""
LOCAL = Addresses(
    api_url="http://127.0.0.1:9999/v1",
    bucket="local-uploads",
    endpoint_url="http://127.0.0.1:5005",
    aws={
        "AWS_ENDPOINT_URL": "http://127.0.0.1:5005",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
    },
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / ".local").mkdir()
    (tmp_path / ".local" / "environment").write_text(EXPORTS, encoding="utf-8")
    return tmp_path


def find(folder, environ=None, **options):
    return find_addresses(argparse.Namespace(**options), environ or {}, folder)


def test_without_anything_it_is_the_port_of_the_local_system(tmp_path):
    assert find(tmp_path) == Addresses(api_url=LOCAL_API_URL)
    assert f"http://{HOST}:{API_PORT}/{STAGE_PATH}" == LOCAL_API_URL


def test_the_file_of_the_local_system_is_used_in_its_folder(folder):
    assert find(folder) == LOCAL
    assert find(folder, api_url=None, api_key=None, bucket=None) == LOCAL


def test_its_credentials_go_before_real_ones(folder):
    environ = {"AWS_ACCESS_KEY_ID": "real", "AWS_PROFILE": "production"}
    assert find(folder, environ).aws == LOCAL.aws


@pytest.mark.parametrize(
    "environ",
    [
        {"BROADSHEET_API_URL": "https://abc.execute-api.eu-west-1.amazonaws.com/v1"},
        {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"},
        {"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:4566"},
    ],
)
def test_the_file_is_left_alone_when_a_variable_points_elsewhere(folder, environ):
    found = find(folder, environ)
    assert found.aws == {}
    assert found.bucket == ""
    assert found.api_url == environ.get("BROADSHEET_API_URL", LOCAL_API_URL)
    assert found.endpoint_url == environ.get("AWS_ENDPOINT_URL", environ.get("AWS_ENDPOINT_URL_S3"))


def test_options_go_before_variables_and_variables_before_the_file(folder):
    environ = {"BROADSHEET_BUCKET": "mine", "BROADSHEET_API_KEY": "key"}
    assert find(folder, environ) == replace(LOCAL, bucket="mine", api_key="key")
    assert find(folder, environ, bucket="other", api_key="k2") == replace(LOCAL, bucket="other", api_key="k2")
    elsewhere = find(folder, {"BROADSHEET_API_URL": "http://a/v1"}, api_url="http://b/v1")
    assert elsewhere == Addresses(api_url="http://b/v1")


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("https://api.example.org", "https://api.example.org/v1"),
        ("https://api.example.org/", "https://api.example.org/v1"),
        ("https://api.example.org/v1/", "https://api.example.org/v1"),
        ("https://api.example.org/archive", "https://api.example.org/archive"),
    ],
)
def test_the_stage_is_added_where_there_is_no_path(tmp_path, given, meant):
    assert find(tmp_path, api_url=given).api_url == meant


def test_a_broken_file_says_what_to_do(folder):
    (folder / ".local" / "environment").write_text("export A='open", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="Start the local system anew"):
        find(folder)


def test_keys_and_credentials_are_not_in_its_representation(folder):
    assert "secret" not in repr(find(folder, {"BROADSHEET_API_KEY": "secret"}))
    assert "AWS" not in repr(find(folder))
