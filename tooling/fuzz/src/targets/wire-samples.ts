import {
  decodeAuthenticatedMessage,
  decodeBase64,
  decodeKeyContent,
  NODE_BUNDLES,
  NODE_DEVICES,
  parseXml,
  serializeDevices,
  serializeEnvelope,
} from '@omemo-kit/omemo-wire';
import { body, encryptedIn, keyElements } from '@omemo-kit/scenarios/stanzas';
import type { Element } from 'ltx';
import { ALICE, BOB, type Conversation, conversation, type StanzaKind } from '../conversation.ts';

/** Valid samples of everything on the wire, taken from a conversation. */
export interface WireSamples {
  readonly recipient: { readonly jid: string; readonly deviceId: number };
  readonly stanzas: Readonly<Record<StanzaKind, Element>>;
  readonly all: readonly Element[];
  readonly devices: Element;
  readonly bundle: Element;
  readonly encrypted: readonly Element[];
  readonly envelope: Uint8Array;
  readonly optOut: Element;
  /** Protobuf messages by kind. */
  readonly keyExchanges: readonly Uint8Array[];
  readonly authenticated: readonly Uint8Array[];
  readonly inner: readonly Uint8Array[];
}

let made: Promise<WireSamples> | undefined;

export function wireSamples(): Promise<WireSamples> {
  made ??= conversation().then(samplesOf);
  return made;
}

function samplesOf({ server, bob, stanzas }: Conversation): WireSamples {
  const deviceId = bob.omemo.deviceId;
  const encrypted = Object.values(stanzas).flatMap((stanza) => encryptedIn(stanza) ?? []);
  const keys = encrypted.flatMap((one) => keyElements(one)).map((key) => decodeBase64(key.text()));
  const keyExchanges = keys.filter((key) => decodeKeyContent(key).type === 'key-exchange');
  const authenticated = keys.map((key) => decodeKeyContent(key).message);
  const labelSignature = new Uint8Array(64).fill(3);
  const content = [body('Hello & bye'), parseXml("<x:apply xmlns:x='urn:example' x:a='1'>t<x:b/></x:apply>")];
  const affixes = {
    from: ALICE as never,
    to: BOB as never,
    time: new Date('2026-01-01T00:00:00Z'),
    padding: 'C1DHN9HK',
  };
  const devices = server.node(ALICE, NODE_DEVICES)?.items.get('current');
  const bundle = server.node(BOB, NODE_BUNDLES)?.items.get(String(deviceId));
  if (devices === undefined || bundle === undefined) throw new TypeError('nothing was published');
  const labelled = serializeDevices([{ id: 1 }, { id: 2_147_483_647, label: 'Phone & "co"', labelSignature }]);
  return {
    recipient: { jid: BOB, deviceId },
    stanzas,
    all: [...Object.values(stanzas), devices, labelled, bundle],
    devices: labelled,
    bundle,
    encrypted,
    envelope: serializeEnvelope({ content, ...affixes }),
    optOut: parseXml('<opt-out xmlns="urn:xmpp:omemo:2"><reason>for a record</reason></opt-out>'),
    keyExchanges,
    authenticated,
    inner: authenticated.map((one) => decodeAuthenticatedMessage(one).message),
  };
}
