"""The stack deployed and used on an emulator of AWS: ``make e2e``, ``python -m tests.deploy``."""

from __future__ import annotations

import argparse
import signal
import sys
import time
from types import FrameType

from broadsheet.errors import BroadsheetError
from tests.deploy.emulator import EmulatorError
from tests.deploy.lifecycle import LIFE_STEPS
from tests.deploy.minimal import prove_every_permission
from tests.deploy.run import Done, Step, do
from tests.deploy.steps import USER_STEPS, bootstrap, deploy, upload_by_command, upload_by_form
from tests.deploy.toolbox import toolbox
from tests.deploy.world import world
from tests.npm import CannotInstallError

MINIMAL_STEPS: tuple[Step, ...] = (
    bootstrap,
    deploy,
    upload_by_command,
    upload_by_form,
    prove_every_permission,
)


def main() -> int:
    """Run all steps and print how long each took; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.deploy", description=__doc__)
    parser.add_argument("--enforced", action="store_true", help="IAM decides about every request")
    parser.add_argument("--minimal", action="store_true", help="... and each permission is taken away in turn")
    parser.add_argument("--keep", action="store_true", help="leave the folder with the logs")
    arguments = parser.parse_args()
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, _end)
    steps = MINIMAL_STEPS if arguments.minimal else (*USER_STEPS, *LIFE_STEPS)
    enforced = arguments.enforced or arguments.minimal
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:6.1f} s  {text}", file=sys.stderr, flush=True)

    done: list[Done] = []
    try:
        tools = toolbox(say)
        started = time.monotonic()
        with world(tools, say, enforced=enforced, keep=arguments.keep) as running:
            done.append(Done("node and emulator start", time.monotonic() - started, ""))
            done.extend(do(running, steps))
    except (BroadsheetError, CannotInstallError, EmulatorError) as error:
        print(f"\n{type(error).__name__}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        for step in done:
            print(f"| {step.name:76} | {step.seconds:6.1f} s | {'FAILED' if step.error else 'ok':6} |")
    return 1 if any(step.error for step in done) else 0


def _end(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
