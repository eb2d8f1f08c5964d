"""The description of the API as one page for people: HTML without scripts, fonts or pictures from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

Json = Mapping[str, Any]

MEDIA_TYPE = "text/html; charset=utf-8"
HEADERS = {
    # Nothing of the page may load or run anything.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
}
# Logical sides only (start, end), so that the page also reads where a browser shows it from right to left.
_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
code, pre, h3 { font-family: ui-monospace, monospace; unicode-bidi: isolate; }
pre { overflow-x: auto; padding: .75rem; border: 1px solid #8886; direction: ltr; text-align: left; }
table { border-collapse: collapse; inline-size: 100%; }
th, td { text-align: start; vertical-align: top; padding: .3rem; padding-inline-end: 1rem; }
tr { border-block-end: 1px solid #8884; }
section { margin-block-end: 2.5rem; }
nav { columns: 3 14rem; }
.method { font-weight: bold; }
"""
_ACCESS = {"key": "X-Api-Key", "iam": "AWS credentials (execute-api)"}


def reference(document: Json) -> str:
    """Return the page for an OpenAPI document of ``openapi.description``."""
    info = document["info"]
    return "".join(
        [
            "<!doctype html>\n<html lang='en' dir='ltr'><head><meta charset='utf-8'>",
            "<meta name='viewport' content='width=device-width, initial-scale=1'>",
            f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style></head>\n<body>",
            f"<h1>{escape(info['title'])} API, version {escape(info['version'])}</h1>\n",
            f"<p>Address: <code>{escape(document['servers'][0]['url'])}</code></p>\n",
            *_introduction(info["description"]),
            "<nav><ul>\n",
            *(
                f"<li><a href='#{escape(each['operationId'])}'>{method.upper()} {escape(path)}</a></li>\n"
                for path, method, each in _operations(document)
            ),
            "</ul></nav>\n",
            *(_section(path, method, each) for path, method, each in _operations(document)),
            "<h2>What answers hold</h2>\n",
            *(_schema(name, schema) for name, schema in document["components"]["schemas"].items()),
            "</body></html>\n",
        ]
    )


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _introduction(text: str) -> Iterator[str]:
    first, _, rest = text.partition("\n\n")
    yield f"<p>{escape(first)}</p>\n<ul>\n"
    yield from (f"<li>{escape(each.strip())}</li>\n" for each in ("\n" + rest).split("\n- ")[1:])
    yield "</ul>\n"


def _section(path: str, method: str, operation: Json) -> str:
    written = [
        f"<section id='{escape(operation['operationId'])}'><h3><span class='method'>{method.upper()}</span> ",
        f"{escape(path)}</h3>\n<p>{escape(operation['summary'])} Needs: {_needed(operation)}.</p>\n",
    ]
    if parameters := operation.get("parameters"):
        written.append("<table><thead><tr><th>Parameter<th>Values<th>Meaning</tr></thead><tbody>\n")
        written += [_parameter(each) for each in parameters]
        written.append("</tbody></table>\n")
    if body := operation.get("requestBody"):
        ((media_type, content),) = body["content"].items()
        written.append(f"<p>Body: <code>{media_type}</code></p>{_example(content['schema'])}\n")
    written.append("<table><thead><tr><th>Status<th>Answer<th>Meaning</tr></thead><tbody>\n")
    for status, answer in operation["responses"].items():
        kinds = ", ".join(_content(media_type, each) for media_type, each in answer.get("content", {}).items())
        written.append(f"<tr><td>{status}<td>{kinds}<td>{escape(answer['description'])}</tr>\n")
    written.append("</tbody></table>\n")
    contents = [each for answer in operation["responses"].values() for each in answer.get("content", {}).values()]
    written += [f"<p>For example:</p>{_example(each['example'])}\n" for each in contents if "example" in each]
    written.append("</section>\n")
    return "".join(written)


def _needed(operation: Json) -> str:
    return " or ".join(_ACCESS[name] for each in operation["security"] for name in each) or "nothing"


def _parameter(parameter: Json) -> str:
    required = " (required)" if parameter.get("required") else ""
    return (
        f"<tr><td><code>{escape(parameter['name'])}</code>{required}<td>{_values(parameter['schema'])}"
        f"<td dir='auto'>{escape(parameter.get('description', ''))}</tr>\n"
    )


def _values(schema: Json) -> str:
    if schema.get("type") == "array":
        return f"{_values(schema['items'])}, repeated"
    said = " | ".join(map(str, schema["enum"])) if "enum" in schema else str(schema.get("type", ""))
    if "minimum" in schema:
        said += f" {schema['minimum']} to {schema['maximum']}"
    if "default" in schema:
        said += f", by default {json.dumps(schema['default'])}"
    return escape(said)


def _content(media_type: str, content: Json) -> str:
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    return f"<a href='#schema-{name}'>{name}</a>" if name else f"<code>{escape(media_type)}</code>"


def _schema(name: str, schema: Json) -> str:
    said = escape(schema.get("description", ""))
    return f"<section id='schema-{name}'><h3>{name}</h3>\n<p>{said}</p>{_example(schema)}</section>\n"


def _example(value: Any) -> str:
    return f"<pre dir='ltr'>{escape(json.dumps(value, ensure_ascii=False, indent=1))}</pre>"
