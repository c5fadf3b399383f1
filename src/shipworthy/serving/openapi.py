"""The service described: a typed path for each live model, generated from its input schema."""

from typing import Any

import msgspec
from pydantic.json_schema import models_json_schema

from shipworthy.registry.schema import KeyKind, Schema
from shipworthy.serving.answer import Accepted, Answers
from shipworthy.serving.explain import Explanations
from shipworthy.serving.live import LiveModel, State
from shipworthy.serving.retrieval import AT, Retrieved, parameters

REF = "#/components/schemas/"
TEXT = {"type": "string"}
KINDS: dict[KeyKind, dict[str, str]] = {
    "text": TEXT, "integer": {"type": "integer"}, "number": {"type": "number"}, "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"}, "timestamp": {"type": "string", "format": "date-time"},
}  # fmt: skip
FAULT = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {"type": "object", "required": ["where", "what", "fix"], "properties": {"where": TEXT, "what": TEXT, "fix": TEXT}}
    },
}
REFUSED: dict[str, Any] = {
    "description": "Refused: where, what, fix.",
    "content": {"application/json": {"schema": {"$ref": REF + "Fault"}}},
}


def with_models(document: dict[str, Any], state: State) -> dict[str, Any]:
    """Return the OpenAPI `document` of the application with the paths of each live model of `state` added."""
    _, answers = msgspec.json.schema_components((Answers, Accepted, Explanations, Retrieved), ref_template=REF + "{name}")
    pairs = [kind for model in state.models.values() for kind in (model.intake.predict, model.intake.outcomes)]
    _, requests = models_json_schema([(kind, "validation") for kind in pairs], ref_template=REF + "{model}")
    schemas = {**answers, **requests.get("$defs", {}), "Fault": FAULT}
    paths = {path: operation for name, model in state.models.items() for path, operation in _paths(name, model).items()}
    components = {"schemas": schemas, "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}}}
    return {**document, "paths": {**document["paths"], **paths}, "components": components}


def _paths(name: str, model: LiveModel) -> dict[str, Any]:
    schema = model.package.schema
    label = f"{schema.label}{f', in {schema.unit}' if schema.unit else ''}"
    asked = {
        "regression": f"Answer with {label}.", "binary": f"Answer with the probability that {label} is 1.",
        "multiclass": f"Answer with the most probable {label}, and the probability of each of {len(schema.classes)} classes.",
    }[schema.task]  # fmt: skip
    predict = _operation(f"{asked} On disk in the prediction log before the answer.", model.intake.predict.__name__, "Answers")
    why = _operation("What each feature contributes to the answer. Nothing is logged.", model.intake.predict.__name__, "Explanations")
    told = _operation("Take what came true. On disk before the answer.", model.intake.outcomes.__name__, "Accepted")
    paths = {
        f"/models/{name}/predict": {"post": {"operationId": f"predict_{name}", **predict}},
        f"/models/{name}/explain": {"post": {"operationId": f"explain_{name}", **why}},
        f"/models/{name}/outcomes": {"post": {"operationId": f"outcomes_{name}", **told}},
    }
    return paths | (
        {f"/models/{name}/features": {"get": {"operationId": f"features_{name}", **_retrieval(schema)}}} if schema.lookups else {}
    )


def _retrieval(schema: Schema) -> dict[str, Any]:
    asked = [{"name": key.name, "in": "query", "required": True, "schema": KINDS[key.kind]} for key in parameters(schema)]
    moment = {
        "name": AT.name,
        "in": "query",
        "required": False,
        "schema": KINDS[AT.kind],
        "description": "The moment of the decision; now if absent.",
    }
    return {
        "summary": "The features that a decision would be answered with, out of the online store.",
        "parameters": [*asked, moment],
        "responses": {
            "200": {"description": "The features, and of each relation where they are from.", "content": _json("Retrieved")},
            "4XX": REFUSED,
            "5XX": {"description": "The online store cannot be reached.", "content": _json("Fault")},
        },
        "security": [{}, {"key": []}],
    }


def _operation(summary: str, request: str, answer: str) -> dict[str, Any]:
    return {
        "summary": summary,
        "requestBody": {"required": True, "content": _json(request)},
        "responses": {
            "200": {"description": "Answered." if answer == "Explanations" else "On disk, and answered.", "content": _json(answer)},
            "4XX": REFUSED,
            "5XX": {"description": "Not answered and not logged.", "content": _json("Fault")},
        },
        "security": [{}, {"key": []}],
    }


def _json(name: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": REF + name}}}
