#!/usr/bin/python3
"""Any number of python-omemo OMEMO 2 devices behind JSON lines on standard input and output. One JSON object a line.

    <- {"ready": {"python": "3.11.2", "packages": {...}}}                       once, when requests may come
    -> {"id": 1, "method": "create", "device": NAME, "params": {"jid": ...}}    parameters in camelCase
    <- {"ask": 1, "question": "devices" | "bundle", "device": NAME, "of": JID, "deviceId": ID}
    -> {"ask": 1, "xml": TEXT | null}  or  {"ask": 1, "failure": TEXT}
    <- {"id": 1, "result": ..., "effects": [...]}
       or {"id": 1, "error": {"exception": NAME, "message": TEXT, "causes": [TEXT]}, "effects": [...]}

Requests are served one after the other. An ask comes while a request is served and must be answered before its answer
comes; null means that nobody published such a thing. Effects are what the request made its device write:
publish-bundle, retract-bundle, publish-devices, send (an automatic empty message). They stand with an error too,
because python-omemo may have written something before it failed. Bytes travel as base64, XML as text.

Methods: create and drop here, the others are those marked @request in twomemo_device.py. End of input ends the process.
"""
import asyncio
import base64
import importlib.metadata
import itertools
import platform

from json_lines import describe, lines_of_stdin, parameters, writer_of_stdout
from twomemo_device import REQUESTS, Device, HostRefused

PACKAGES = ("omemo", "twomemo", "doubleratchet", "x3dh", "xeddsa")


def clamped(scalar):
    """RFC 7748 section 5. The same X25519 key; libxeddsa signs so that nobody can verify it with one that is not clamped."""
    return bytes([scalar[0] & 248, *scalar[1:31], scalar[31] & 127 | 64])


class Peer:
    def __init__(self, write):
        self.write = write
        self.devices, self.effects = {}, []
        self.asked, self.numbers = {}, itertools.count(1)

    async def ask(self, question, **details):
        number = next(self.numbers)
        answer = self.asked[number] = asyncio.get_running_loop().create_future()
        self.write({"ask": number, "question": question, **details})
        return await answer

    async def effect(self, effect):
        self.effects.append(effect)

    def answered(self, line):
        answer = self.asked.pop(line["ask"])
        if "failure" in line:
            answer.set_exception(HostRefused(line["failure"]))
        else:
            answer.set_result(line["xml"])

    async def create(self, name, jid, device_id=None, seed=None, scalar=None, label=None, auto_trust=True,
                     max_stored_skipped=1000, max_skip=None, history_sync=False, storage=None):
        if name in self.devices:
            raise ValueError(f"there is a device called {name}")
        device = Device(name, jid, self, storage or {}, device_id, label, auto_trust, max_stored_skipped, max_skip)
        secret = seed or scalar
        if secret is not None:  # python-omemo makes a seed of its own when it finds no identity in its storage
            key = base64.b64decode(secret)
            await device.storage.store("/ikp/is_seed", seed is not None)
            await device.storage.store_bytes("/ikp/key", clamped(key) if seed is None else key)
        about = await device.load(history_sync)
        self.devices[name] = device
        return about

    async def dispatch(self, method, name, params):
        if method == "create":
            return await self.create(name, **params)
        device = self.devices[name]
        if method == "drop":
            del self.devices[name]
            return None
        return await REQUESTS[method](device, **params)

    async def serve(self, requests):
        while True:
            request = await requests.get()
            self.effects = []
            answer = {"id": request.get("id")}
            try:
                answer["result"] = await self.dispatch(request["method"], request["device"], parameters(request))
            except Exception as error:
                answer["error"] = describe(error)
            self.write({**answer, "effects": self.effects})


async def main():
    write = writer_of_stdout()
    peer, requests = Peer(write), asyncio.Queue()
    serving = asyncio.ensure_future(peer.serve(requests))
    packages = {name: importlib.metadata.version(name) for name in PACKAGES}
    write({"ready": {"python": platform.python_version(), "packages": packages}})
    async for message in lines_of_stdin():
        if "ask" in message:
            peer.answered(message)
        else:
            requests.put_nowait(message)
    serving.cancel()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except (KeyboardInterrupt, BrokenPipeError):
        pass
