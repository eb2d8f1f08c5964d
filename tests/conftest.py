"""What every suite needs: an environment of its own."""

from __future__ import annotations

import os
import signal

_LONGEST_ID = 60

# Before any client exists: an endpoint or profile of the developer's must not reach the tests (an AWS_ENDPOINT_URL
# defeats moto's decorator), and nothing may ever reach an account.
for _name in [
    name
    for name in os.environ
    if name.startswith(("AWS_", "BROADSHEET_")) and name not in {"BROADSHEET_CACHE", "BROADSHEET_OPENSEARCH_URL"}
]:
    del os.environ[_name]
os.environ |= {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}

# A suite that a shell started in the background inherits "ignore Ctrl-C", and so would every process it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name long or packed values by their length.

    Packed ones hold the time of packing, so that two workers would disagree on the name of a test.
    """
    if isinstance(val, bytes) and (len(val) > _LONGEST_ID or not val.isascii()):
        return f"{argname}-{len(val)}-bytes"
    if isinstance(val, str) and len(val) > _LONGEST_ID:
        return f"{argname}-{len(val)}-characters"
    return None
