"""The JSON Schema of scenario files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

from .scenario import Scenario


def file_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file: the scenario's own, and what only a file has.

    A file with a base may leave out what the base has, and may drop an inherited table with ``NAME = false``.
    """
    schema = Scenario.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "waterbed scenario"
    schema["properties"]["base"] = {"type": "string", "description": "Bundled scenario or file to start from."}
    for table in (t for name, t in schema["$defs"].items() if name.startswith("Table_")):
        table["additionalProperties"] = {"anyOf": [table["additionalProperties"], {"const": False}]}
    required = schema.pop("required")
    schema["anyOf"] = [{"required": required}, {"required": ["base"]}]
    return schema
