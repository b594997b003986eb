#!/usr/bin/python3
"""The jobs of the benchmark over twomemo. One JSON object a line, as in src/peers/serve.ts.

    <- {"ready": {"version": "1.0.3"}}
    -> {"job": "c", "units": 100}
    <- {"us": 1674.2}                              microseconds for one unit; or {"error": TEXT}
"""
import asyncio
import importlib.metadata
import inspect
import json
import secrets
import sys
import time

try:
    import twomemo
    from omemo.storage import Just, Nothing, Storage
    from twomemo.twomemo import PlainKeyMaterialImpl
except ImportError as error:
    sys.exit(f"not there for {sys.executable}: {error.name}")


class MemoryStorage(Storage):
    def __init__(self):
        super().__init__(disable_cache=True)
        self.data = {}

    async def _load(self, key):
        return Just(self.data[key]) if key in self.data else Nothing()

    async def _store(self, key, value):
        self.data[key] = value

    async def _delete(self, key):
        self.data.pop(key, None)


class Backend(twomemo.Twomemo):
    """The check of omemo 1.0.2 refuses any limit of skips for a message, so it is not told."""

    @property
    def max_num_per_message_skipped_keys(self):
        return 1000


MATERIAL = PlainKeyMaterialImpl(secrets.token_bytes(32), secrets.token_bytes(16))


def check(opened):
    assert opened.key == MATERIAL.key and opened.auth_tag == MATERIAL.auth_tag


async def create_device(pre_keys):
    backend = Backend(MemoryStorage())
    await backend.generate_pre_keys(pre_keys)
    return backend


async def a(units):
    sender, recipient = await create_device(0), await create_device(1)
    bundles = [await recipient.get_bundle("b@example.org", 2) for _ in range(units)]

    async def run():
        return [await sender.build_session_active("b@example.org", 2, bundle, MATERIAL) for bundle in bundles]
    return run, lambda made: None


async def b(units):
    recipient = await create_device(units)
    firsts = []
    for _ in range(units):
        sender = await create_device(0)
        bundle = await recipient.get_bundle("b@example.org", 2)
        session, sealed = await sender.build_session_active("b@example.org", 2, bundle, MATERIAL)
        firsts.append((session.key_exchange, sealed))

    async def run():
        return [await recipient.build_session_passive("a@example.org", 1, *first) for first in firsts]
    return run, lambda read: [check(opened) for _, opened in read]


async def pair():
    alice, bob = await create_device(0), await create_device(1)
    bundle = await bob.get_bundle("b@example.org", 2)
    one, sealed = await alice.build_session_active("b@example.org", 2, bundle, MATERIAL)
    other, _ = await bob.build_session_passive("a@example.org", 1, one.key_exchange, sealed)
    await alice.decrypt_key_material(one, await bob.encrypt_key_material(other, MATERIAL))
    return (alice, one), (bob, other)


async def conversation(units, alternate):
    writer, reader = await pair()

    async def run(writer=writer, reader=reader):
        opened = []
        for _ in range(units):
            sealed = await writer[0].encrypt_key_material(writer[1], MATERIAL)
            opened.append(await reader[0].decrypt_key_material(reader[1], sealed))
            if alternate:
                writer, reader = reader, writer
        return opened
    return run, lambda opened: [check(material) for material in opened]


async def e(units):
    devices = [await create_device(0) for _ in range(units)]

    async def run():
        for device in devices:
            await device.rotate_signed_pre_key()
            await device.generate_pre_keys(100)
            await device.get_bundle("b@example.org", 2)  # public keys are computed when they are asked for
    return run, lambda nothing: None


SENDER = []
TO_MANY = []


async def f(units):
    if not SENDER:
        SENDER.append(await create_device(0))
    while len(TO_MANY) < units:
        recipient, name = await create_device(1), f"{len(TO_MANY)}@example.org"
        bundle = await recipient.get_bundle(name, 2)
        one, sealed = await SENDER[0].build_session_active(name, 2, bundle, MATERIAL)
        other, _ = await recipient.build_session_passive("a@example.org", 1, one.key_exchange, sealed)
        await SENDER[0].decrypt_key_material(one, await recipient.encrypt_key_material(other, MATERIAL))
        TO_MANY.append((one, recipient, other))

    async def run():
        return [await SENDER[0].encrypt_key_material(one, MATERIAL) for one, _, _ in TO_MANY[:units]]

    async def verify(messages):
        for message, (_, recipient, other) in zip(messages, TO_MANY):
            check(await recipient.decrypt_key_material(other, message))
    return run, verify


async def g(units):
    writer, reader = await pair()
    messages = [await writer[0].encrypt_key_material(writer[1], MATERIAL) for _ in range(units)]

    async def run():
        return [await reader[0].decrypt_key_material(reader[1], sealed) for sealed in messages[-1:] + messages[:-1]]
    return run, lambda opened: [check(material) for material in opened]


async def c(units):
    return await conversation(units, False)


async def d(units):
    return await conversation(units, True)


JOBS = {"a": a, "b": b, "c": c, "d": d, "e": e, "f": f, "g": g}


async def measured(job, units):
    run, verify = await JOBS[job](units)
    start = time.perf_counter_ns()
    result = await run()
    spent = time.perf_counter_ns() - start
    checked = verify(result)
    if inspect.isawaitable(checked):
        await checked
    return spent / 1000 / units


async def main():
    print(json.dumps({"ready": {"version": importlib.metadata.version("twomemo")}}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"us": await measured(request["job"], request["units"])}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
