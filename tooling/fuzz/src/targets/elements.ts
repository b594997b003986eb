import {
  decodeKeyContent,
  findEncrypted,
  parseBundle,
  parseDevices,
  parseEncrypted,
  parseEnvelope,
  parseOptOut,
  parsePubsubEvent,
  parseStanzaError,
  parseXml,
  unwrapForwarded,
} from '@omemo-kit/omemo-wire';
import { expectThat } from '../expect-equal.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { cloneOf, mutateTree } from '../mutate/tree.ts';
import { wireRefusal } from '../refusals.ts';
import { ACCEPTED, type OpenTarget, type Target } from '../target.ts';
import { type WireSamples, wireSamples } from './wire-samples.ts';
import { XmlSamples, xmlTarget } from './xml-target.ts';

/** XML, and the elements of section 11 and of the stanzas around them. */
export const elementTargets: readonly Target[] = [
  {
    name: 'XML',
    async open() {
      const samples = new XmlSamples((await wireSamples()).all);
      // What is accepted is accepted again as it is written.
      return xmlTarget(samples, (element) => parseXml(element.toString()));
    },
  },
  target(
    'device list',
    ({ devices }) => [devices],
    () => (element) => {
      const devices = parseDevices(element);
      expectThat(new Set(devices.map(({ id }) => id)).size === devices.length, 'a device is listed twice');
      expectThat(devices.length <= 128, 'any number of devices is accepted');
    },
  ),
  target(
    'bundle',
    ({ bundle }) => [bundle],
    () => (element) => {
      const { preKeys } = parseBundle(element);
      expectThat(preKeys.length <= 200, 'any number of pre-keys is accepted');
    },
  ),
  target(
    'encrypted',
    ({ encrypted }) => encrypted,
    ({ recipient }) =>
      (element) => {
        const { key } = parseEncrypted(element, recipient as never);
        if (key !== undefined) decodeKeyContent(key);
      },
  ),
  target(
    'opt-out',
    ({ optOut }) => [optOut],
    () => (element) => parseOptOut(element),
  ),
  target(
    'pubsub event',
    ({ stanzas }) => [stanzas['device-list-event']],
    () => (stanza) => {
      const event = parsePubsubEvent(stanza);
      for (const { payload } of event?.items ?? []) if (payload !== undefined) parseDevices(payload);
    },
  ),
  target(
    'carbon, archive result, delay',
    ({ stanzas }) => [stanzas.carbon, stanzas.archived],
    () => (stanza) => {
      findEncrypted(unwrapForwarded({ stanza, ownBareJid: 'bob@example.net' as never }).message);
    },
  ),
  target(
    'stanza error',
    ({ stanzas }) => [stanzas.bounce],
    () => (stanza) => parseStanzaError(stanza),
  ),
  { name: 'envelope', open: async () => envelopeTarget(await wireSamples()) },
];

function target(
  name: string,
  of: (samples: WireSamples) => readonly Parameters<typeof parseOptOut>[0][],
  parser: (samples: WireSamples) => (element: Parameters<typeof parseOptOut>[0]) => unknown,
): Target {
  return {
    name,
    async open() {
      const samples = await wireSamples();
      return xmlTarget(new XmlSamples(of(samples), samples.all), parser(samples));
    },
  };
}

/** Envelopes are bytes: the text may be no XML, and the bytes no text. */
export function envelopeTarget({ envelope, optOut, all }: WireSamples): OpenTarget {
  const tree = parseXml(new TextDecoder().decode(envelope));
  const withOptOut = cloneOf(tree);
  withOptOut.getChild('content')?.cnode(cloneOf(optOut));
  const trees = [tree, withOptOut];
  const encode = (text: string) => new TextEncoder().encode(text);
  return {
    generate: (draw) => {
      if (draw.once(3)) return mutateBytes(draw, envelope, [envelope]);
      return encode(mutateTree(draw, cloneOf(draw.pick(trees)), [...trees, ...all]).toString());
    },
    run: (input) => {
      try {
        const { content } = parseEnvelope(input as Uint8Array);
        // Each element means the same by itself.
        for (const element of content) parseXml(element.toString());
        return ACCEPTED;
      } catch (error) {
        return wireRefusal(error);
      }
    },
  };
}
