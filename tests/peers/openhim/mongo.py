"""Speaks MongoDB's wire protocol as far as OpenHIM needs it, over mongomock: no server, nothing on disk.

It shows what OpenHIM does at its own interfaces, not what MongoDB does. Prints the port once it listens.
Usage: mongo.py [PORT]
"""

import asyncio
import struct
import sys

import bson
import mongomock
from bson.codec_options import CodecOptions
from bson.regex import Regex

OP_REPLY, OP_QUERY, OP_MSG = 1, 2004, 2013
CHECKSUM, MORE_TO_COME = 1, 2
LARGEST = 48_000_000
HELLO = {
    "ismaster": True, "isWritablePrimary": True, "helloOk": True, "maxBsonObjectSize": 16_777_216,
    "maxMessageSizeBytes": LARGEST, "maxWriteBatchSize": 100_000, "minWireVersion": 0, "maxWireVersion": 9, "readOnly": False,
}
# Times without a zone, as mongomock keeps them.
OPTIONS = CodecOptions(tz_aware=False)

client = mongomock.MongoClient()


def plain(value):
    """What mongomock takes: patterns compiled, and the old $pushAll as $push."""
    if isinstance(value, Regex):
        return value.try_compile()
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def changes(update):
    """An update as mongomock takes it."""
    update = plain(update)
    for field, items in (update.pop("$pushAll", None) or {}).items():
        update.setdefault("$push", {})[field] = {"$each": items}
    # What is only for inserts of a document that is there is nothing.
    return {key: value for key, value in update.items() if value != {} or not key.startswith("$")}


def is_operator(update):
    return any(key.startswith("$") for key in update)


def cursor(database, collection, rows):
    return {"cursor": {"id": 0, "ns": f"{database}.{collection}", "firstBatch": list(rows)}, "ok": 1}


def failed(index, error):
    code = 11000 if isinstance(error, mongomock.DuplicateKeyError) else 2
    return {"index": index, "code": code, "errmsg": f"E{code} duplicate key error {error}"}


def insert(collection, body):
    written, errors = 0, []
    for index, document in enumerate(body.get("documents", [])):
        try:
            collection.insert_one(document)
            written += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, the driver is told
            errors.append(failed(index, error))
    return {"n": written, "ok": 1, **({"writeErrors": errors} if errors else {})}


def update(collection, body):
    matched = modified = 0
    upserted, errors = [], []
    for index, one in enumerate(body.get("updates", [])):
        query, change = plain(one["q"]), changes(one["u"])
        upsert, filters = one.get("upsert", False), plain(one.get("arrayFilters"))
        try:
            if is_operator(change):
                act = collection.update_many if one.get("multi") else collection.update_one
                done = act(query, change, upsert=upsert, **({"array_filters": filters} if filters else {}))
            elif change:
                done = collection.replace_one(query, change, upsert=upsert)
            else:
                matched += collection.count_documents(query, limit=1)
                continue
        except Exception as error:  # noqa: BLE001
            errors.append(failed(index, error))
            continue
        matched += done.matched_count + (1 if done.upserted_id is not None else 0)
        modified += done.modified_count
        if done.upserted_id is not None:
            upserted.append({"index": index, "_id": done.upserted_id})
    told = {"n": matched, "nModified": modified, "ok": 1}
    if upserted:
        told["upserted"] = upserted
    if errors:
        told["writeErrors"] = errors
    return told


def delete(collection, body):
    count = 0
    for one in body.get("deletes", []):
        act = collection.delete_one if one.get("limit") == 1 else collection.delete_many
        count += act(plain(one["q"])).deleted_count
    return {"n": count, "ok": 1}


def find_and_modify(collection, body):
    query, sort = plain(body.get("query", {})), list((body.get("sort") or {}).items()) or None
    if body.get("remove"):
        return {"value": collection.find_one_and_delete(query, sort=sort), "ok": 1}
    change = changes(body.get("update", {}))
    after = bool(body.get("new"))
    options = {"sort": sort, "upsert": bool(body.get("upsert")), "return_document": after}
    act = collection.find_one_and_update if is_operator(change) else collection.find_one_and_replace
    value = act(query, change, **options) if change else collection.find_one(query)
    return {"value": value, "lastErrorObject": {"updatedExisting": value is not None, "n": int(value is not None)}, "ok": 1}


def find(collection, body):
    rows = collection.find(plain(body.get("filter", {})), plain(body.get("projection") or None))
    if body.get("sort"):
        rows = rows.sort(list(body["sort"].items()))
    if body.get("skip"):
        rows = rows.skip(int(body["skip"]))
    if body.get("limit"):
        rows = rows.limit(abs(int(body["limit"])))
    return rows


def create_indexes(collection, body):
    for index in body.get("indexes", []):
        if index.get("unique") and len(index["key"]) == 1:
            collection.create_index(list(index["key"].items()), unique=True, sparse=bool(index.get("sparse")))
    return {"ok": 1, "numIndexesBefore": 1, "numIndexesAfter": 2}


def answer(database, body):
    """Does one command."""
    name = next(iter(body))
    lower = name.lower()
    if lower in ("hello", "ismaster"):
        return {**HELLO, "ok": 1}
    if lower == "buildinfo":
        return {"version": "4.4.0", "versionArray": [4, 4, 0, 0], "ok": 1}
    if lower in ("ping", "endsessions", "killcursors", "dropindexes", "create", "getlasterror", "serverstatus"):
        return {"ok": 1, "n": 0, "err": None, "version": "4.4.0"}
    if lower == "listdatabases":
        return {"databases": [{"name": known} for known in client.list_database_names()], "ok": 1}
    if lower == "listcollections":
        names = client[database].list_collection_names()
        return cursor(database, "$cmd.listCollections", [{"name": known, "type": "collection"} for known in names])
    if lower == "dropdatabase":
        client.drop_database(database)
        return {"ok": 1}
    if not isinstance(body[name], str):
        return {"ok": 1}
    collection = client[database][body[name]]
    if lower == "insert":
        return insert(collection, body)
    if lower == "update":
        return update(collection, body)
    if lower == "delete":
        return delete(collection, body)
    if lower == "find":
        return cursor(database, body[name], find(collection, body))
    if lower == "getmore":
        return {"cursor": {"id": 0, "ns": f"{database}.{body.get('collection')}", "nextBatch": []}, "ok": 1}
    if lower == "count":
        return {"n": collection.count_documents(plain(body.get("query") or {})), "ok": 1}
    if lower == "distinct":
        return {"values": collection.distinct(body["key"], plain(body.get("query") or {})), "ok": 1}
    if lower == "aggregate":
        return cursor(database, body[name], collection.aggregate(plain(body.get("pipeline", []))))
    if lower == "findandmodify":
        return find_and_modify(collection, body)
    if lower == "createindexes":
        return create_indexes(collection, body)
    if lower == "listindexes":
        return cursor(database, body[name], [{"v": 2, "key": {"_id": 1}, "name": "_id_"}])
    if lower == "drop":
        collection.drop()
        return {"ok": 1}
    if lower == "collstats":
        return {"ok": 1, "capped": False, "count": 0, "size": 0}
    return {"ok": 0, "code": 59, "errmsg": f"no such command: {name}"}


def told(database, body):
    try:
        return answer(database, body)
    except Exception as error:  # noqa: BLE001 - the driver is told, and the log of a test
        print(f"{next(iter(body))}: {error!r}", file=sys.stderr, flush=True)
        return {"ok": 0, "code": 1, "errmsg": repr(error)}


def query(payload):
    """OP_QUERY on `db.$cmd`, the oldest form of a command."""
    end = payload.index(0, 4)
    database = payload[4:end].decode().split(".", 1)[0]
    body = bson.decode(payload[end + 9:end + 9 + struct.unpack_from("<i", payload, end + 9)[0]], OPTIONS)
    return struct.pack("<iqii", 8, 0, 0, 1) + bson.encode(told(database, body.get("$query", body)))


def message(payload):
    """OP_MSG; nothing where no answer is wanted."""
    flags, = struct.unpack_from("<I", payload, 0)
    at, end = 4, len(payload) - (4 if flags & CHECKSUM else 0)
    body, sequences = {}, {}
    while at < end:
        kind, at = payload[at], at + 1
        size, = struct.unpack_from("<i", payload, at)
        if kind == 0:
            body = bson.decode(payload[at:at + size], OPTIONS)
        else:
            zero = payload.index(0, at + 4)
            sequences[payload[at + 4:zero].decode()] = bson.decode_all(payload[zero + 1:at + size], OPTIONS)
        at += size
    body.update(sequences)
    answered = told(body.get("$db", "test"), body)
    return None if flags & MORE_TO_COME else struct.pack("<IB", 0, 0) + bson.encode(answered)


async def serve(reader, writer):
    try:
        while True:
            size, number, _, kind = struct.unpack("<iiii", await reader.readexactly(16))
            if not 16 <= size <= LARGEST:
                break
            payload = await reader.readexactly(size - 16)
            body, form = (query(payload), OP_REPLY) if kind == OP_QUERY else (message(payload), OP_MSG)
            if body is not None:
                writer.write(struct.pack("<iiii", len(body) + 16, 0, number, form) + body)
                await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = await asyncio.start_server(serve, "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
