import { equal } from 'node:assert/strict';
import { type ReadMessage, type ReceiveResult, type Store, textBody, textOf } from '@omemo-kit/omemo-core';
import { parseXml } from '@omemo-kit/omemo-wire';
import type { Element } from 'ltx';
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
  /** A message in the other direction, written and read. */
  answer(text: string): Promise<void>;
  /** Parses and decrypts the messages of an archive, with one commit for all or one for each, and notes that they were shown. */
  readArchive(xml: readonly string[], commits: 'one' | 'one for each'): Promise<readonly string[]>;
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
    const result = messageIn(await by.receive(stanzaFrom(from, xml)));
    await by.ack([result.id]);
    return textOf(result.envelope) ?? '';
  }

  async function readArchive(xml: readonly string[], commits: 'one' | 'one for each'): Promise<readonly string[]> {
    const stanzas = xml.map((one) => stanzaFrom(ALICE, one));
    const results: ReceiveResult[] = [];
    if (commits === 'one') {
      for (const outcome of await bob.receiveAll(stanzas, { delivery: 'catch-up' })) {
        if (outcome.status === 'rejected') throw outcome.reason;
        results.push(outcome.value);
      }
    } else for (const stanza of stanzas) results.push(await bob.receive(stanza, { delivery: 'catch-up' }));
    const messages = results.map(messageIn);
    await bob.ack(messages.map(({ id }) => id));
    return messages.map(({ envelope }) => textOf(envelope) ?? '');
  }

  // Both have read a message of the other: no key exchange travels any more.
  equal(await read(bob, ALICE, await write(alice, BOB, 'one')), 'one');
  equal(await read(alice, BOB, await write(bob, ALICE, 'two')), 'two');
  const answer = async (text: string): Promise<void> => {
    equal(await read(alice, BOB, await write(bob, ALICE, text)), text);
  };
  return { answer, write: (text) => write(alice, BOB, text), read: (xml) => read(bob, ALICE, xml), readArchive };
}

function stanzaFrom(from: string, xml: string): Element {
  const stanza = parseXml(xml);
  stanza.attrs['from'] = `${from}/phone`;
  return stanza;
}

function messageIn(result: ReceiveResult): ReadMessage {
  if (result.type !== 'message') throw new TypeError(`not read: ${result.type}`);
  return result;
}
