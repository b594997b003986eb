"""One python-omemo device for `urn:xmpp:omemo:2`, without a network.

What the device wants to read (device lists, bundles) it asks the host for; what it wants to write it gives the host as
effects. Methods marked @request are commands of twomemo_peer.py and slixmpp_client.py; their keyword arguments are the parameters.
"""
import base64
import xml.etree.ElementTree as ET

import twomemo
import twomemo.etree
from omemo.session_manager import (
    BundleDownloadFailed, BundleNotFound, DeviceListDownloadFailed, SessionManager)
from omemo.storage import Just, Nothing, Storage
from omemo.types import TrustLevel

NAMESPACE = "urn:xmpp:omemo:2"
# python-omemo rotates by the clock on its own; a test wants it on command only.
NEVER = 100 * 365 * 24 * 3600
REQUESTS = {}

ET.register_namespace("", NAMESPACE)


def request(method):
    REQUESTS[method.__name__] = method
    return method


class HostRefused(Exception):
    """The host could not read what was asked for (as opposed to: there is no such thing)."""


class MemoryStorage(Storage):
    def __init__(self, data):
        super().__init__(disable_cache=True)
        self.data = dict(data)

    async def _load(self, key):
        return Just(self.data[key]) if key in self.data else Nothing()

    async def _store(self, key, value):
        self.data[key] = value

    async def _delete(self, key):
        self.data.pop(key, None)


def base64_of(data):
    return base64.b64encode(data).decode()


def text_of(element):
    return ET.tostring(element, encoding="unicode")


def find(xml, name):
    """The first OMEMO 2 element of that name in the XML text, which may be the whole stanza around it."""
    element = next(ET.fromstring(xml).iter(f"{{{NAMESPACE}}}{name}"), None)
    if element is None:
        raise ValueError(f"no <{name} xmlns='{NAMESPACE}'/> in the XML")
    return element


def parse_devices(xml):
    element = find(xml, "devices")
    # The schema of twomemo 1.0 (Debian 12) refuses an empty list, that of 1.1 (Debian 13) takes it.
    return twomemo.etree.parse_device_list(element) if len(element) else {}


class Manager(SessionManager):
    """The network side of python-omemo. `device` is set on a subclass: create() passes nothing to __init__."""

    async def _upload_bundle(self, bundle):
        xml = text_of(twomemo.etree.serialize_bundle(bundle))
        await self.device.effect("publish-bundle", deviceId=bundle.device_id, xml=xml)

    async def _delete_bundle(self, namespace, device_id):
        await self.device.effect("retract-bundle", deviceId=device_id)

    async def _upload_device_list(self, namespace, device_list):
        xml = text_of(twomemo.etree.serialize_device_list(device_list))
        await self.device.effect("publish-devices", xml=xml)

    async def _send_message(self, message, bare_jid):
        await self.device.effect("send", to=bare_jid, xml=text_of(twomemo.etree.serialize_message(message)))

    async def _download_bundle(self, namespace, bare_jid, device_id):
        try:
            xml = await self.device.ask("bundle", of=bare_jid, deviceId=device_id)
            if xml is not None:
                return twomemo.etree.parse_bundle(find(xml, "bundle"), bare_jid, device_id)
        except Exception as error:
            raise BundleDownloadFailed(f"bundle of {bare_jid} {device_id}") from error
        raise BundleNotFound(f"{bare_jid} has published no bundle for {device_id}")

    async def _download_device_list(self, namespace, bare_jid):
        try:
            xml = await self.device.ask("devices", of=bare_jid)
            return {} if xml is None else parse_devices(xml)
        except Exception as error:
            raise DeviceListDownloadFailed(f"device list of {bare_jid}") from error

    async def _evaluate_custom_trust_level(self, device):
        return TrustLevel[device.trust_level_name]

    async def _make_trust_decision(self, undecided, identifier):
        if self.device.auto_trust:
            for device in undecided:
                await self.set_trust(device.bare_jid, device.identity_key, TrustLevel.TRUSTED.name)


def about_device(device):
    """A python-omemo DeviceInformation as JSON."""
    return {"jid": device.bare_jid, "deviceId": device.device_id, "label": device.label,
            "identityKey": base64_of(device.identity_key), "trust": device.trust_level_name.lower(),
            "active": dict(device.active).get(NAMESPACE, False)}


class Backend(twomemo.Twomemo):
    """With a limit of skips per message: the check of omemo (1.0.2, 1.2.0) refuses any, so it is not told."""

    def __init__(self, storage, max_stored_skipped, max_skip):
        super().__init__(storage, max_stored_skipped)
        self.max_skip = max_stored_skipped if max_skip is None else max_skip

    @property
    def max_num_per_message_skipped_keys(self):
        return self.max_skip


class Device:
    def __init__(self, name, jid, host, storage, device_id, label, auto_trust, max_stored_skipped, max_skip):
        self.name, self.jid, self.host, self.storage = name, jid, host, MemoryStorage(storage)
        self.device_id, self.label, self.auto_trust = device_id, label, auto_trust
        self.limits = (max_stored_skipped, max_skip)

    async def effect(self, kind, **details):
        await self.host.effect({"type": kind, "device": self.name, "jid": self.jid, **details})

    def ask(self, question, **details):
        return self.host.ask(question, device=self.name, **details)

    async def load(self, history_sync):
        class Bound(Manager):
            device = self
        if self.device_id is not None:
            # create() draws an id from this range until one is free: with a taken one it would never end.
            is_new = "/own_device_id" not in self.storage.data
            if is_new and self.device_id in await Bound()._download_device_list(NAMESPACE, self.jid):
                raise ValueError(f"device id {self.device_id} is in the device list already")
            Bound.DEVICE_ID_MIN, Bound.DEVICE_ID_MAX = self.device_id, self.device_id + 1
        self.backend = Backend(self.storage, *self.limits)
        self.manager = await Bound.create(
            [self.backend], self.storage, self.jid, self.label, TrustLevel.UNDECIDED.name, NEVER)
        own, _ = await self.manager.get_own_device_information()
        self.device_id = own.device_id
        if not history_sync:
            await self.manager.after_history_sync()
        fingerprint = " ".join(SessionManager.format_identity_key(own.identity_key))
        return {**about_device(own), "fingerprint": fingerprint}

    @request
    async def restart(self, storage=None, history_sync=False):
        """A new session manager on the same storage, or on an older copy of it."""
        if storage is not None:
            self.storage.data = dict(storage)
        await self.load(history_sync)

    @request
    async def storage_copy(self):
        return dict(self.storage.data)

    @request
    async def encrypt(self, to, plaintext):
        messages, errors = await self.manager.encrypt(frozenset(to), {NAMESPACE: base64.b64decode(plaintext)})
        if not messages:
            raise ValueError("nobody to encrypt for")
        message, = messages  # one, as there is one backend
        keys = [{"jid": key.bare_jid, "deviceId": key.device_id, "keyExchange": exchange is not None}
                for key, exchange in sorted(message.keys, key=lambda k: (k[0].bare_jid, k[0].device_id))]
        failures = [{"jid": error.bare_jid, "deviceId": error.device_id, "exception": type(error.exception).__name__}
                    for error in errors]
        return {"xml": text_of(twomemo.etree.serialize_message(message)), "keys": keys, "failures": failures}

    @request
    async def decrypt(self, sender, xml):
        message = twomemo.etree.parse_message(find(xml, "encrypted"), sender)
        plaintext, device, _ = await self.manager.decrypt(message)
        return {"plaintext": None if plaintext is None else base64_of(plaintext), "sender": about_device(device)}

    @request
    async def push_devices(self, jid, xml):
        await self.manager.update_device_list(NAMESPACE, jid, parse_devices(xml))

    @request
    async def refresh_devices(self, jid):
        await self.manager.refresh_device_list(NAMESPACE, jid)

    @request
    async def known_devices(self, jid):
        devices = await self.manager.get_device_information(jid)
        return sorted(map(about_device, devices), key=lambda device: device["deviceId"])

    @request
    async def set_trust(self, jid, identity_key, trust):
        await self.manager.set_trust(jid, base64.b64decode(identity_key), TrustLevel[trust.upper()].name)

    @request
    async def bundle(self):
        return text_of(twomemo.etree.serialize_bundle(await self.backend.get_bundle(self.jid, self.device_id)))

    @request
    async def rotate_signed_pre_key(self):
        await self.backend.rotate_signed_pre_key()
        await self.manager._upload_bundle(await self.backend.get_bundle(self.jid, self.device_id))

    @request
    async def session(self, jid, device_id):
        session = await self.backend.load_session(jid, device_id)
        return None if session is None else {
            "initiation": session.initiation.name.lower(),
            "confirmed": session.confirmed,
            "sendingChainLength": session.sending_chain_length,
            "receivingChainLength": session.receiving_chain_length,
            "skippedMessageKeys": len(session.double_ratchet.model.skipped_message_keys),
            "ephemeralKey": base64_of(session.key_exchange.header.ephemeral_key)}

    @request
    async def replace_session(self, jid, device_id):
        if await self.backend.load_session(jid, device_id) is None:
            raise LookupError(f"no session with {jid} {device_id}")
        device = next(d for d in await self.manager.get_device_information(jid) if d.device_id == device_id)
        for error in (await self.manager.replace_sessions(device)).values():
            raise error

    @request
    async def begin_history_sync(self):
        self.manager.before_history_sync()

    @request
    async def end_history_sync(self):
        await self.manager.after_history_sync()

    @request
    async def set_label(self, label):
        await self.manager.set_own_label(label)

    @request
    async def ensure_published(self):
        await self.manager.ensure_data_consistency()

    @request
    async def retire(self):
        """Off the account's list, its bundle off the server, its secrets gone: of no use afterwards."""
        await self.manager.purge_backend(NAMESPACE)
