"""The `cdk` command on the emulator."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.local.engine_files import locked
from tests.deploy.emulator import ACCOUNT, REGION, Emulator
from tests.deploy.toolbox import Toolbox

ROOT = Path(__file__).resolve().parents[2]
_SECONDS = 600
# What belongs to the developer's AWS, and must not be used here by mistake.
_FOREIGN = ("AWS_", "CDK_", "BROADSHEET_")


class CdkError(Exception):
    """The command failed; the text is the end of what it said."""


@dataclass(frozen=True, slots=True)
class Cdk:
    """Runs the command in a folder that holds the app; ``home`` keeps what the command remembers."""

    tools: Toolbox
    emulator: Emulator
    home: Path
    app: Path = ROOT

    def bootstrap(self) -> None:
        """Prepare the account."""
        # Without the app: its synthesis is not needed.
        self._run("bootstrap", f"aws://{ACCOUNT}/{REGION}", "--app", "")

    def deploy(self, stage: str) -> dict[str, str]:
        """Deploy a stage and return the outputs of its stack."""
        outputs = self.home / f"outputs-{stage}.json"
        # Two runs at once may not use the same folder of assets.
        with locked(self.tools.assets):
            self._run("deploy", *self._stack(stage), "--require-approval", "never", "--outputs-file", str(outputs))
        (values,) = json.loads(outputs.read_text(encoding="utf-8")).values()
        return dict(values)

    def destroy(self, stage: str) -> None:
        """Delete the stack of a stage."""
        with locked(self.tools.assets):
            self._run("destroy", *self._stack(stage), "--force")

    def _stack(self, stage: str) -> list[str]:
        machine = "arm64" if platform.machine() in {"aarch64", "arm64"} else "x86_64"
        context = ["--context", f"stage={stage}", "--context", f"architecture={machine}"]
        return ["--app", f"{sys.executable} -m tests.deploy.app", "--output", str(self.tools.assets), *context]

    def _run(self, *words: str) -> None:
        command = [str(self.tools.node), str(self.tools.cdk), *words, "--no-notices", "--no-color"]
        done = subprocess.run(
            command,
            cwd=self.app,
            env=self._environ(os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        if done.returncode:
            raise CdkError(f"cdk {words[0]} failed:\n{(done.stdout + done.stderr)[-4000:]}")

    def _environ(self, environ: Mapping[str, str]) -> dict[str, str]:
        own = {name: value for name, value in environ.items() if not name.startswith(_FOREIGN)}
        path = [self.tools.python.parent, self.tools.node.parent, own.get("PATH", os.defpath)]
        # pip builds the layers, with the machine's own idea of whom to trust.
        return {
            **own,
            **self.emulator.environ,
            "PATH": os.pathsep.join(map(str, path)),
            "PYTHONPATH": os.pathsep.join(map(str, (self.app, self.app / "layers" / "broadsheet" / "python", ROOT))),
            "CDK_HOME": str(self.home),
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "JSII_NODE": str(self.tools.node),
        }
