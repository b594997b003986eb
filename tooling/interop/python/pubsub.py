"""Publishing and reading on the personal eventing service of accounts (XEP-0163), as OMEMO needs it."""
import xml.etree.ElementTree as ET

from slixmpp.exceptions import IqError

PUBLISH_OPTIONS = "http://jabber.org/protocol/pubsub#publish-options"
NODE_CONFIG = "http://jabber.org/protocol/pubsub#node_config"
# Prosody tells strangers `forbidden` of a node that does not exist.
ABSENT = ("item-not-found", "forbidden")


def form_of(client, kind, options):
    form = client["xep_0004"].make_form("submit")
    form.add_field("FORM_TYPE", ftype="hidden", value=kind)
    for name, value in options.items():
        form.add_field(f"pubsub#{name}", value=value)
    return form


async def publish(client, node, item, xml, options):
    """On the own account. Where the server refuses the options, without them, and the node is configured instead."""
    service, own, payload = client["xep_0060"], client.boundjid.bare, ET.fromstring(xml)
    try:
        await service.publish(own, node, id=item, payload=payload, options=form_of(client, PUBLISH_OPTIONS, options))
    except IqError:
        # A node with other options (conflict), or options that the server does not know: XEP-0384 5.3.1 and 5.3.2.
        await service.publish(own, node, id=item, payload=payload)
        await service.set_node_config(own, node, form_of(client, NODE_CONFIG, options))


async def fetch(client, jid, node, item=None):
    """The XML of an item's payload, of the newest item unless one is named; None where there is no such thing."""
    ids, newest = (None, 1) if item is None else ([item], None)
    try:
        answer = await client["xep_0060"].get_items(jid, node, item_ids=ids, max_items=newest)
    except IqError as error:
        if error.condition in ABSENT:
            return None
        raise
    payloads = [payload for found in answer["pubsub"]["items"]["substanzas"] for payload in found.xml]
    return ET.tostring(payloads[0], encoding="unicode") if payloads else None


async def retract(client, node, item):
    await client["xep_0060"].retract(client.boundjid.bare, node, item)


def published_in(message):
    """Node and payload elements of an event in a message, or None."""
    items = message.xml.find("{http://jabber.org/protocol/pubsub#event}event/{http://jabber.org/protocol/pubsub#event}items")
    return None if items is None else (items.get("node"), [payload for item in items for payload in item])
