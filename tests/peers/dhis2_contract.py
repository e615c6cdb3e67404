"""Judges what mHero sends to a DHIS2, and what its emulator answers, by the OpenAPI documents that dhis2w-client ships.

Reads one JSON object from standard input: {"url", "token", "calls": [{"path", "query": {..}, "body"}], "answers": [..]}.
Prints one line a release. Exits with 1 and the reasons where anything does not fit.
"""

import asyncio
import importlib.resources
import json
import sys


def schema_of(document, name):
    """The schema of a name, with its references resolvable inside the document."""
    return {**document["components"]["schemas"][name], "components": document["components"]}


def fits(document, value, schema, where):
    """Why a value is none of a schema; types and enumerations only, since much is marked as required that is not."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return fits(document, value, document["components"]["schemas"][name], where)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r} is none of {schema['enum'][:8]}"]
    kinds = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int, "number": (int, float)}
    kind = schema.get("type")
    if isinstance(kind, str) and kind in kinds and not isinstance(value, kinds[kind]):
        return [f"{where}: {value!r} is no {kind}"]
    wrong = []
    if isinstance(value, dict):
        known = schema.get("properties")
        for key, item in value.items():
            if known and key in known:
                wrong += fits(document, item, known[key], f"{where}.{key}")
            elif known and "additionalProperties" not in schema:
                wrong.append(f"{where}.{key}: not in the document")
    elif isinstance(value, list) and "items" in schema:
        for at, item in enumerate(value):
            wrong += fits(document, item, schema["items"], f"{where}[{at}]")
    return wrong


def judge(release, document, told):
    paths = document["paths"]
    wrong = []
    for call in told["calls"]:
        spelled = [f"{head}/{call['path']}{tail}" for head in ("/api", "") for tail in ("", "/")]
        path = next((one for one in spelled if "post" in paths.get(one, {})), None)
        if path is None:
            wrong.append(f"{release}: POST /api/{call['path']} is not in the document")
            continue
        known = {}
        for parameter in paths[path]["post"].get("parameters", []):
            if "$ref" in parameter:
                parameter = document["components"]["parameters"][parameter["$ref"].rsplit("/", 1)[-1]]
            known[parameter["name"]] = parameter.get("schema", {})
        for name, value in call["query"].items():
            # The tracker's options are a map in the documents of some releases.
            if known and name not in known and call["path"] != "tracker":
                wrong.append(f"{release}: {path} knows no parameter {name}")
            elif known.get(name, {}).get("type") != "boolean":
                wrong += fits(document, value, known.get(name, {}), f"{release} {name}")
        name = "DataValueSet" if call["path"] == "dataValueSets" else "Body"
        schemas = document["components"]["schemas"]
        if name in schemas:
            wrong += fits(document, json.loads(call["body"]), schemas[name], f"{release} {call['path']}")
    print(f"{release}: {len(told['calls'])} requests judged")
    return wrong


async def talk(told):
    """The client itself against the emulator: it finds the server, and repeats what mHero sent."""
    from dhis2w_client.v42 import Dhis2Client
    from dhis2w_client.v42.auth.pat import PatAuth

    async with Dhis2Client(told["url"], auth=PatAuth(token=told["token"])) as client:
        for call in told["calls"]:
            answer = await client.post_raw(f"/api/{call['path']}", json.loads(call["body"]), params=call["query"])
            print("dhis2w-client:", client.raw_version, call["path"], answer["status"])


def main():
    told = json.load(sys.stdin)
    generated = importlib.resources.files("dhis2w_client") / "generated"
    wrong = []
    for release in ("v41", "v42"):
        wrong += judge(release, json.loads((generated / release / "openapi.json").read_text()), told)
    asyncio.run(talk(told))
    for reason in wrong:
        print(reason, file=sys.stderr)
    sys.exit(1 if wrong else 0)


main()
