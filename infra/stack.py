"""The stack: wires the parts, and says where they are."""

from __future__ import annotations

from typing import Any

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.options import Options
from infra.parts.api import Api
from infra.parts.engine import Engine
from infra.parts.functions import Functions
from infra.parts.ledger import Ledger
from infra.parts.operations import Operations
from infra.parts.python_layer import PythonLayers
from infra.parts.queueing import Queueing
from infra.parts.storage import Storage, bucket_arn, bucket_name
from infra.stages import Stage


class BroadsheetStack(Stack):
    """Everything of one stage, in one account and region."""

    def __init__(self, scope: Construct, id_: str, *, stage: Stage, options: Options, **kwargs: Any) -> None:
        super().__init__(
            scope,
            id_,
            stack_name=f"broadsheet-{stage.name}",
            description="Archive of news articles and the discussions under them",
            termination_protection=stage.retain,
            **kwargs,
        )
        uploads = options.uploads_bucket or bucket_name(stage, "uploads")
        queueing = Queueing(self, "Queueing", sender_arn=bucket_arn(uploads))
        storage = Storage(self, "Storage", stage=stage, options=options, queueing=queueing)
        ledger = Ledger(self, "Ledger", stage=stage)
        engine = Engine(self, "Engine", stage=stage, options=options)
        functions = Functions(
            self,
            "Functions",
            stage=stage,
            options=options,
            layers=PythonLayers(self, "Layers"),
            storage=storage,
            queueing=queueing,
            ledger=ledger,
            engine=engine,
        )
        http = Api(self, "Http", stage=stage, options=options, functions=functions.by_name)
        operations = Operations(
            self,
            "Operations",
            stage=stage,
            options=options,
            functions=functions.by_name,
            queueing=queueing,
            ledger=ledger,
            engine=engine,
            api=http.api,
        )
        outputs = {
            "ApiUrl": (http.api.url, "Address of the API"),
            "ApiId": (http.api.rest_api_id, "Id of the API"),
            "ApiKeyId": (http.key.key_id, "aws apigateway get-api-key --include-value --api-key ID shows the key"),
            "UploadsBucket": (storage.uploads.bucket_name, "Files put here are indexed"),
            "OutcomesBucket": (storage.outcomes.bucket_name, "Receipts of what became of them"),
            "DomainEndpoint": (engine.domain.domain_endpoint, "OpenSearch, for signed requests"),
            "LedgerTable": (ledger.table.table_name, "What became of every file"),
            "AlarmTopic": (operations.topic.topic_arn, "Subscribe to it to hear of alarms"),
            "DashboardUrl": (operations.dashboard_url, "How it is, at a glance"),
        }
        if storage.notifications:
            command = "Given to: aws s3api put-bucket-notification-configuration; it replaces what the bucket has"
            outputs["BucketNotifications"] = (storage.notifications, command)
        if http.name:
            outputs["ApiDomainTarget"] = (http.name.domain_name_alias_domain_name, "What the API's own name points to")
        for name, (value, description) in outputs.items():
            CfnOutput(self, name, value=value, description=description)
