"""The functions: one folder of ``functions/`` each, both layers, a role of its own, settings in the environment."""

from __future__ import annotations

from typing import Any, cast

from aws_cdk import CfnResource, Duration, RemovalPolicy, Stack, triggers
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from broadsheet.index.names import IndexNames
from infra.options import Options
from infra.parts import permissions
from infra.parts.engine import Engine
from infra.parts.environments import environments
from infra.parts.ledger import Ledger
from infra.parts.python_layer import CACHES, ROOT, RUNTIME, PythonLayers
from infra.parts.queueing import Queueing
from infra.parts.storage import Storage
from infra.resources import FUNCTIONS, QUEUE, RECONCILE_EVENT, RECONCILE_MINUTES, Function
from infra.stages import Stage


class Functions(Construct):
    """``by_name`` holds every function of ``infra.resources.FUNCTIONS``."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        stage: Stage,
        options: Options,
        layers: PythonLayers,
        storage: Storage,
        queueing: Queueing,
        ledger: Ledger,
        engine: Engine,
    ) -> None:
        super().__init__(scope, id_)
        self._stage = stage
        self._tracing = options.tracing
        self._layers = layers
        names = IndexNames()
        variables = environments(
            stage=stage, names=names, storage=storage, queueing=queueing, ledger=ledger, engine=engine
        )
        allowed = {
            "ingest": permissions.ingest(storage=storage, queueing=queueing, ledger=ledger, engine=engine),
            "search": permissions.search(engine=engine, names=names),
            "files": permissions.files(storage=storage, queueing=queueing, ledger=ledger, engine=engine),
            # Reads what strangers send, and can reach nothing but its log.
            "parse": [],
            "uploads": permissions.uploads(storage=storage),
            "indices": permissions.indices(ledger=ledger, engine=engine, names=names),
            "reconcile": permissions.reconcile(storage=storage, queueing=queueing, ledger=ledger),
        }
        self.by_name: dict[str, lambda_.Function] = {}
        for function in FUNCTIONS:
            properties = self._properties(function, variables[function.name], allowed[function.name])
            id_ = function.name.capitalize()
            if function.name == "indices":
                # Runs at every deployment that changes its code or a layer, as soon as the domain answers; when it
                # fails, the deployment is rolled back.
                trigger = triggers.TriggerFunction(self, id_, execute_after=engine.own, **properties)
                self.by_name[function.name] = trigger
            else:
                if function.name == "ingest":
                    # A long file goes on by messages to its own queue: Lambda would end such a chain after 16. It ends
                    # by itself, since three invocations without progress end a file.
                    properties["recursive_loop"] = lambda_.RecursiveLoop.ALLOW
                self.by_name[function.name] = lambda_.Function(self, id_, **properties)
        if options.tracing:
            # Not as the function's own property: that would add a policy of its own beside the role's.
            mode = lambda_.CfnFunction.TracingConfigProperty(mode="Active")
            for own in self.by_name.values():
                cast("lambda_.CfnFunction", own.node.default_child).tracing_config = mode
        self._keep_log_of_trigger()
        self._feed(queueing, after=trigger)
        self._schedule()

    def _properties(
        self, function: Function, environment: dict[str, str], allowed: list[iam.PolicyStatement]
    ) -> dict[str, Any]:
        """Return what all functions are made of, with the role and the log group of this one."""
        log_group = logs.LogGroup(
            self,
            f"{function.name.capitalize()}Logs",
            retention=self._stage.log_retention,
            removal_policy=RemovalPolicy.RETAIN if self._stage.retain else RemovalPolicy.DESTROY,
        )
        write_logs = permissions.allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn)
        # X-Ray knows no resources.
        traces = [permissions.allow(["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")] * self._tracing
        role = iam.Role(
            self,
            f"{function.name.capitalize()}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            # Inside the role, so that no function exists before it has its permissions.
            inline_policies={"own": iam.PolicyDocument(statements=[write_logs, *traces, *allowed])},
        )
        return {
            "code": lambda_.Code.from_asset(str(ROOT / "functions" / function.name), exclude=list(CACHES)),
            "handler": "handler.handle",
            "runtime": RUNTIME,
            "architecture": self._layers.target.architecture,
            "layers": self._layers.layers,
            "memory_size": function.memory,
            "timeout": Duration.seconds(function.timeout),
            "environment": environment,
            "log_group": log_group,
            "role": role,
        }

    def _keep_log_of_trigger(self) -> None:
        """Give the CDK's own function, which starts the trigger, a log that ends as the others do.

        Lambda would make one that is kept for ever and outlives the stack.
        """
        log_group = logs.LogGroup(
            self, "TriggerLogs", retention=self._stage.log_retention, removal_policy=RemovalPolicy.DESTROY
        )
        provider = Stack.of(self).node.find_child("AWSCDK.TriggerCustomResourceProviderCustomResourceProvider")
        handler = cast("CfnResource", provider.node.find_child("Handler"))
        handler.add_property_override("LoggingConfig", {"LogGroup": log_group.log_group_name})

    def _feed(self, queueing: Queueing, *, after: triggers.TriggerFunction) -> None:
        """Connect the queue, once there are indices to write to."""
        mapping = lambda_.EventSourceMapping(
            self,
            "QueueToIngest",
            target=self.by_name["ingest"],
            event_source_arn=queueing.queue.queue_arn,
            batch_size=QUEUE.batch_size,
            report_batch_item_failures=True,
            max_concurrency=self._stage.ingest_concurrency,
        )
        after.execute_before(mapping)

    def _schedule(self) -> None:
        """Compare bucket and ledger by the clock."""
        rule = events.Rule(self, "ReconcileRule", schedule=events.Schedule.rate(Duration.minutes(RECONCILE_MINUTES)))
        rule.add_target(
            targets.LambdaFunction(
                self.by_name["reconcile"],
                event=events.RuleTargetInput.from_object(RECONCILE_EVENT),
            )
        )
