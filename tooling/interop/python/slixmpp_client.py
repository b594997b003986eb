#!/usr/bin/python3
"""An XMPP client on slixmpp with OMEMO 2 by python-omemo, driven by JSON lines. One JSON object a line.

usage: slixmpp_client.py JID HOST PORT [LABEL], the password as the first line of standard input: {"password": TEXT}

    <- {"ready": {"jid": FULL JID, "deviceId": ID, "identityKey": BASE64, "fingerprint": TEXT}}
       or {"id": 0, "error": {...}, "effects": []} and the end, when the server refuses it or is not there
    -> {"id": 1, "method": "say", "params": {"to": JID, "body": TEXT}}
    <- {"id": 1, "result": ..., "effects": []}  or  {"id": 1, "error": {"exception", "message", "causes"}, "effects": []}
    <- {"event": NAME, ...} at any time

Events: message (read), empty (read, without content), unread (encrypted, not read: exception, message, causes), plain (not
encrypted), disconnected. Methods: those marked @command below, and those marked @request in twomemo_device.py for its
device. Everything happens one after the other: what comes from the server and what is asked for. End of input ends it.
"""
import asyncio
import base64
import logging
import secrets
import sys
import xml.etree.ElementTree as ET

import slixmpp
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import MatchXPath

import pubsub
import sce
from json_lines import describe, lines_of_stdin, parameters, writer_of_stdout
from rooms import Rooms
from twomemo_device import NAMESPACE, REQUESTS, Device, text_of

PLUGINS = ("xep_0004", "xep_0030", "xep_0045", "xep_0060", "xep_0115", "xep_0163", "xep_0199", "xep_0280")
DEVICES, BUNDLES = f"{NAMESPACE}:devices", f"{NAMESPACE}:bundles"
FALLBACK = "This message is encrypted with OMEMO 2."
COMMANDS = {}


def command(method):
    COMMANDS[method.__name__] = method
    return method


class Refused(Exception):
    """The server did not let us in."""


class SenderUnknown(Exception):
    """A room does not tell whose message it is."""


class Client(slixmpp.ClientXMPP):
    def __init__(self, jid, password, label, write):
        super().__init__(jid, password)
        self.write, self.label = write, label
        for plugin in PLUGINS:
            self.register_plugin(plugin)
        for mechanism in ("unencrypted_plain", "unencrypted_scram"):
            self["feature_mechanisms"].config[mechanism] = True
        self.rooms = Rooms(self)
        self.turn = asyncio.Lock()  # fair: turns are taken in the order of arrival
        self.device = Device("device", self.boundjid.bare, self, {}, None, label, True, 1000, None)
        self.is_up = asyncio.get_running_loop().create_future()
        self.add_event_handler("session_start", self.started)
        self.add_event_handler("failed_auth", lambda _: self.fail("not authorized"))
        self.add_event_handler("connection_failed", lambda reason: self.fail(f"no connection: {reason}"))
        self.add_event_handler("disconnected", self.ended)
        self.register_handler(Callback("all messages", MatchXPath("{jabber:client}message"), self.arrived))

    def connect_to(self, host, port):
        if slixmpp.__version_info__ < (1, 9, 0):
            self.connect((host, port), use_ssl=False, force_starttls=False, disable_starttls=True)
        else:
            self.enable_direct_tls = self.enable_starttls = False
            self.enable_plaintext = True
            self.connect(host, port)

    def fail(self, why):
        if not self.is_up.done():
            self.is_up.set_exception(Refused(why))

    def ended(self, reason):
        self.fail(f"disconnected: {reason}")
        self.write({"event": "disconnected"})

    async def started(self, _):
        if self.is_up.done():
            return
        try:
            async with self.turn:  # nothing is read before the device is there
                await self.get_roster()
                about = await self.device.load(history_sync=False)
                self["xep_0163"].add_interest(DEVICES)
                await self["xep_0115"].update_caps()
                await self["xep_0280"].enable()
                self.send_presence()
                self.is_up.set_result({**about, "jid": self.boundjid.full})
        except Exception as error:
            self.is_up.set_exception(error)

    # What python-omemo's device asks of its host.

    async def ask(self, question, device, of, deviceId=None):
        if question == "devices":
            return await pubsub.fetch(self, of, DEVICES)
        return await pubsub.fetch(self, of, BUNDLES, str(deviceId))

    async def effect(self, effect):
        kind = effect["type"]
        if kind == "publish-devices":
            await pubsub.publish(self, DEVICES, "current", effect["xml"], {"access_model": "open"})
        elif kind == "publish-bundle":
            options = {"access_model": "open", "max_items": "max"}
            await pubsub.publish(self, BUNDLES, str(effect["deviceId"]), effect["xml"], options)
        elif kind == "retract-bundle":
            await pubsub.retract(self, BUNDLES, str(effect["deviceId"]))
        else:
            self.send_element(effect["to"], "chat", effect["xml"])

    def send_element(self, to, kind, xml, fallback=None):
        message = self.make_message(mto=to, mtype=kind, mbody=fallback)
        message["id"] = secrets.token_hex(8)
        message.xml.append(ET.fromstring(xml))
        if fallback is not None:
            message.xml.append(ET.Element("{urn:xmpp:eme:0}encryption", namespace=NAMESPACE, name="OMEMO"))
        message.xml.append(ET.Element("{urn:xmpp:hints}store"))
        message.send()
        return message["id"]

    # What comes.

    def arrived(self, message):
        asyncio.ensure_future(self.take(message))

    async def take(self, message):
        async with self.turn:
            try:
                await self.read(message)
            except Exception as error:
                self.write({"event": "unread", "from": str(message["from"]), "id": message["id"], **describe(error)})

    async def read(self, message):
        published = pubsub.published_in(message)
        if published is not None:
            node, payloads = published
            if node == DEVICES:
                for payload in payloads:
                    await self.device.push_devices(message["from"].bare or self.boundjid.bare, text_of(payload))
            return
        message, carbon = self.unwrapped(message)
        about = {"from": str(message["from"]), "to": str(message["to"]), "id": message["id"], "carbon": carbon}
        in_room = message["type"] == "groupchat"
        room = message["from"].bare if in_room else None
        if in_room and self.rooms.is_own(message["from"]):
            return  # its own message, which the room sends to everybody
        if message.xml.find(f"{{{NAMESPACE}}}encrypted") is None:
            if message["type"] != "error" and message.xml.findtext("{jabber:client}body") is not None:
                self.write({"event": "plain", **about, "room": room, "body": message.xml.findtext("{jabber:client}body")})
            return
        sender = self.rooms.real_jid(message["from"]) if in_room else message["from"].bare
        if sender is None:
            raise SenderUnknown(str(message["from"]))
        read = await self.device.decrypt(sender, text_of(message.xml))
        about = {**about, "room": room, "sender": sender, "senderKey": read["sender"]["identityKey"]}
        if read["plaintext"] is None:
            self.write({"event": "empty", **about})
            return
        plaintext = base64.b64decode(read["plaintext"])
        self.write({"event": "message", **about, "body": sce.read_envelope(plaintext, sender, room), "envelope": plaintext.decode()})

    def unwrapped(self, message):
        """The message that a carbon carries (XEP-0280), if the own account sent it, and which kind of carbon."""
        for kind in ("received", "sent"):
            path = f"{{urn:xmpp:carbons:2}}{kind}/{{urn:xmpp:forward:0}}forwarded/{{jabber:client}}message"
            inner = message.xml.find(path)
            if inner is not None and message["from"].full == self.boundjid.bare:
                return slixmpp.Message(self, inner), kind
        return message, None

    # What is asked for.

    @command
    async def say(self, to, body):
        await self.device.refresh_devices(to)  # python-omemo asks for no list by itself
        return await self.encrypt_and_send(to, "chat", [to], sce.make_envelope(body, self.boundjid.bare))

    @command
    async def send_to_room(self, room, body):
        members = await self.rooms.members(room)
        for member in members:
            await self.device.refresh_devices(member)
        return await self.encrypt_and_send(room, "groupchat", members, sce.make_envelope(body, self.boundjid.bare, room))

    async def encrypt_and_send(self, to, kind, jids, envelope):
        encrypted = await self.device.encrypt(jids, base64.b64encode(envelope))
        message_id = self.send_element(to, kind, encrypted.pop("xml"), FALLBACK)
        return {**encrypted, "id": message_id}

    @command
    async def send_plain(self, to, body, kind="chat"):
        self.send_message(mto=to, mbody=body, mtype=kind)

    @command
    async def send_raw_stanza(self, xml):
        self.send_raw(xml)

    @command
    async def subscribe(self, to):
        """Asks for the contact's presence; requests of others are granted and returned by slixmpp itself."""
        self.send_presence_subscription(pto=to)

    @command
    async def join(self, room, nick):
        await self.rooms.join(room, nick)

    @command
    async def members(self, room):
        return await self.rooms.members(room)

    @command
    async def set_affiliation(self, room, jid, affiliation):
        await self.rooms.set_affiliation(room, jid, affiliation)

    async def serve(self, request):
        answer = {"id": request["id"], "effects": []}
        async with self.turn:
            try:
                method = request["method"]
                owner, methods = (self, COMMANDS) if method in COMMANDS else (self.device, REQUESTS)
                answer["result"] = await methods[method](owner, **parameters(request))
            except Exception as error:
                answer["error"] = describe(error)
        self.write(answer)


async def main(jid, host, port, label=None):
    write, lines = writer_of_stdout(), lines_of_stdin()
    client = Client(jid, (await lines.__anext__())["password"], label, write)
    client.connect_to(host, int(port))
    try:
        write({"ready": await client.is_up})
        async for request in lines:
            asyncio.ensure_future(client.serve(request))
    except Exception as error:
        write({"id": 0, "error": describe(error), "effects": []})
    client.abort()


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except (KeyboardInterrupt, BrokenPipeError):
        pass
