"""Envelopes of stanza content encryption (XEP-0420) as XEP-0384 5.2.2 wants them, with one body in them."""
import datetime
import secrets
import xml.etree.ElementTree as ET

NAMESPACE = "urn:xmpp:sce:1"
MAX_PADDING = 200


class AffixRefused(Exception):
    """The envelope says something else than the stanza around it, or lacks what it must have."""


def tag(name):
    return f"{{{NAMESPACE}}}{name}"


def make_envelope(body, sender, room=None):
    """As bytes. In a room the envelope names it, so that it cannot be taken for one of another room."""
    envelope = ET.Element(tag("envelope"))
    content = ET.SubElement(envelope, tag("content"))
    ET.SubElement(content, "{jabber:client}body").text = body
    ET.SubElement(envelope, tag("rpad")).text = "0" * secrets.randbelow(MAX_PADDING + 1)
    now = datetime.datetime.now(datetime.timezone.utc)
    ET.SubElement(envelope, tag("time"), stamp=now.strftime("%Y-%m-%dT%H:%M:%SZ"))
    ET.SubElement(envelope, tag("from"), jid=sender)
    if room is not None:
        ET.SubElement(envelope, tag("to"), jid=room)
    return ET.tostring(envelope)


def read_envelope(plaintext, sender, room=None):
    """The body, or None where there is none. Bare JIDs; raises AffixRefused."""
    try:
        envelope = ET.fromstring(plaintext)
    except ET.ParseError as error:
        raise AffixRefused("the content is no XML") from error
    if envelope.tag != tag("envelope") or envelope.find(tag("content")) is None:
        raise AffixRefused(f"no envelope but {envelope.tag}")
    if envelope.find(tag("rpad")) is None and envelope.find(tag("rpads")) is None:
        raise AffixRefused("no padding")  # the XEP's text says rpads, XEP-0420 has rpad
    claimed = envelope.find(tag("from"))
    if claimed is None or claimed.get("jid", "").split("/")[0] != sender:
        raise AffixRefused(f"from {None if claimed is None else claimed.get('jid')}, but sent by {sender}")
    to = envelope.find(tag("to"))
    if room is not None and (to is None or to.get("jid", "").split("/")[0] != room):
        raise AffixRefused(f"to {None if to is None else to.get('jid')}, but sent to {room}")
    return envelope.findtext(f"{tag('content')}/{{jabber:client}}body")
