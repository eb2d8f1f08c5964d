"""The CDK app: one stack for the stage that was asked for. ``python -m infra.app`` or any ``cdk`` command runs it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import infra.node  # noqa: F401 - the CDK's library looks for Node when it is imported

# isort: split
from aws_cdk import App

from broadsheet.settings import environment
from infra.options import Options
from infra.stack import BroadsheetStack
from infra.stages import DEFAULT, stage_named

CDK_JSON = Path(__file__).resolve().parents[1] / "cdk.json"


def build(context: dict[str, Any] | None = None) -> App:
    """Return the app. The context of cdk.json holds always, also without the ``cdk`` command; ``-c`` overrides it.

    Without that command there are templates only: it alone says for which stacks the layers shall be built, which
    takes their wheels from the network.
    """
    settings = json.loads(CDK_JSON.read_text(encoding="utf-8"))
    given = settings["context"] | {"aws:cdk:bundling-stacks": []} | (context or {})
    app = App(analytics_reporting=settings["versionReporting"], context=given)
    said = app.node.get_all_context()
    options = Options.from_context(said)
    stage = options.applied(stage_named(said.get("stage") or DEFAULT))
    where = options.environment(environment())
    BroadsheetStack(app, f"Broadsheet-{stage.name}", stage=stage, options=options, env=where)
    return app


if __name__ == "__main__":
    try:
        build().synth()
    except ValueError as error:
        sys.exit(f"broadsheet: {error}")
