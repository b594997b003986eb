import { equal } from 'node:assert/strict';
import { type Store, textBody, textOf } from '@omemo-kit/omemo-core';
import { parseXml } from '@omemo-kit/omemo-wire';
import { openAccount } from './accounts.ts';
import { NodeMap } from './node-map.ts';

const ALICE = 'alice@example.org';
const BOB = 'bob@example.net';

/** Two accounts with one device each, in a conversation. */
export interface Pair {
  /** Encrypts a message as the XML that leaves, and notes that the server has it. */
  write(text: string): Promise<string>;
  /** Parses and decrypts it, and notes that it was shown. */
  read(xml: string): Promise<string>;
}

export async function openPair(stores: { readonly alice: Store; readonly bob: Store }): Promise<Pair> {
  const nodes = new NodeMap();
  const alice = (await openAccount(ALICE, stores.alice, nodes)).omemo;
  const bob = (await openAccount(BOB, stores.bob, nodes)).omemo;

  async function write(from: typeof alice, to: string, text: string): Promise<string> {
    const { id, stanza } = await from.encrypt({ to, content: [textBody(text)] });
    const xml = stanza.toString();
    await from.sent([id]);
    return xml;
  }

  async function read(by: typeof alice, from: string, xml: string): Promise<string> {
    const stanza = parseXml(xml);
    stanza.attrs['from'] = `${from}/phone`;
    const result = await by.receive(stanza);
    if (result.type !== 'message') throw new TypeError(`not read: ${result.type}`);
    await by.ack([result.id]);
    return textOf(result.envelope) ?? '';
  }

  // Both have read a message of the other: no key exchange travels any more.
  equal(await read(bob, ALICE, await write(alice, BOB, 'one')), 'one');
  equal(await read(alice, BOB, await write(bob, ALICE, 'two')), 'two');
  return { write: (text) => write(alice, BOB, text), read: (xml) => read(bob, ALICE, xml) };
}
