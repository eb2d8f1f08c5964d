"""What every suite needs: an environment of its own."""

from __future__ import annotations

import os
import signal

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
