import {
  type BareJid,
  bareJid,
  encodeAuthenticatedMessage,
  encodeKeyExchange,
  encodeOmemoMessage,
  serializeBundle,
  serializeDevices,
  serializeEncrypted,
} from '@omemo-kit/omemo-wire';
import { filled } from './hex.ts';

export const alice = { jid: bareJid('alice@example.org'), deviceId: 11 };
export const bob = { jid: bareJid('bob@example.net'), deviceId: 22 };

export const omemoMessage = encodeOmemoMessage({ n: 0, pn: 300, dhPub: filled(32, 7), ciphertext: filled(64, 9) });
export const authenticatedMessage = encodeAuthenticatedMessage({ mac: filled(16, 5), message: omemoMessage });
export const keyExchange = encodeKeyExchange({
  pkId: 70_000,
  spkId: 1,
  ik: filled(32, 1),
  ek: filled(32, 2),
  message: authenticatedMessage,
});

export const devicesXml = serializeDevices([
  { id: 1 },
  { id: 2_147_483_647, label: 'Phone & "co"', labelSignature: filled(64, 3) },
]).toString();

export const bundleXml = serializeBundle({
  spkId: 1,
  spk: filled(32, 1),
  spks: filled(64, 2),
  ik: filled(32, 3),
  preKeys: [1, 2, 3].map((id) => ({ id, publicKey: filled(32, 16 + id) })),
}).toString();

export const encryptedXml = serializeEncrypted({
  sid: alice.deviceId,
  keys: [
    { ...addressed(bob), kex: true, content: keyExchange },
    { jid: bob.jid, rid: 23, kex: false, content: authenticatedMessage },
    { jid: alice.jid, rid: 12, kex: false, content: authenticatedMessage },
  ],
  payload: filled(48, 4),
}).toString();

export const envelopeXml =
  '<envelope xmlns="urn:xmpp:sce:1"><content><body xmlns="jabber:client">Hello &amp; bye</body>' +
  '<x:apply xmlns:x="urn:example" x:a="1">t<x:b/></x:apply><store xmlns="urn:xmpp:hints"/></content>' +
  '<time stamp="2004-01-25T06:05:00+01:00"/><to jid="bob@example.net"/><from jid="alice@example.org"/>' +
  '<rpad>C1DHN9HK-9A25tSmwK4hU</rpad></envelope>';

export const optOutXml = '<opt-out xmlns="urn:xmpp:omemo:2"><reason>for a record</reason></opt-out>';

const inner = `<message xmlns="jabber:client" from="bob@example.net/phone" to="alice@example.org" type="chat">${encryptedXml}</message>`;

export const carbonXml =
  '<message xmlns="jabber:client" from="alice@example.org" to="alice@example.org/home">' +
  '<received xmlns="urn:xmpp:carbons:2"><forwarded xmlns="urn:xmpp:forward:0">' +
  `<delay xmlns="urn:xmpp:delay" stamp="2010-07-10T23:08:25Z" from="example.org"/>${inner}</forwarded></received></message>`;

export const archivedXml =
  '<message xmlns="jabber:client" to="alice@example.org/home"><result xmlns="urn:xmpp:mam:2" queryid="q1" id="28482">' +
  `<forwarded xmlns="urn:xmpp:forward:0"><delay xmlns="urn:xmpp:delay" stamp="2010-07-10T23:08:25Z"/>${inner}</forwarded>` +
  '</result></message>';

export const eventXml =
  '<message xmlns="jabber:client" from="bob@example.net" to="alice@example.org" type="headline">' +
  '<event xmlns="http://jabber.org/protocol/pubsub#event"><items node="urn:xmpp:omemo:2:devices">' +
  `<item id="current">${devicesXml}</item><retract id="old"/></items></event></message>`;

function addressed({ jid, deviceId }: { jid: BareJid; deviceId: number }): { jid: BareJid; rid: number } {
  return { jid, rid: deviceId };
}
