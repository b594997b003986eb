import { encodeAuthenticatedMessage, encodeBase64, encodeKeyExchange, encodeOmemoMessage } from '@omemo-kit/omemo-wire';
import { parse } from 'ltx';
import { expect, it } from 'vitest';
import { KeyLedger } from '../live/support/key-ledger.ts';

function bytes(value: number, length = 32): Uint8Array {
  return new Uint8Array(length).fill(value);
}

interface Sent {
  readonly id: string;
  readonly ratchetKey: number;
  readonly n: number;
  readonly content: number;
  readonly form?: 'key-exchange';
}

function stanza({ id, ratchetKey, n, content, form }: Sent) {
  const omemo = encodeOmemoMessage({ n, pn: 0, dhPub: bytes(ratchetKey), ciphertext: bytes(content, 48) });
  const message = encodeAuthenticatedMessage({ mac: bytes(content, 16), message: omemo });
  const exchange = encodeKeyExchange({ pkId: 1, spkId: 1, ik: bytes(1), ek: bytes(2), message });
  const key = encodeBase64(form === 'key-exchange' ? exchange : message);
  return parse(
    `<message id="${id}"><encrypted xmlns="urn:xmpp:omemo:2"><header sid="1"><keys jid="bob@b.example">` +
      `<key rid="2">${key}</key></keys></header></encrypted></message>`,
  );
}

it('tells a message key that is used for two messages, whatever is around it', () => {
  const ledger = new KeyLedger();
  ledger.note(stanza({ id: 'a', ratchetKey: 9, n: 0, content: 1 }));
  ledger.note(stanza({ id: 'b', ratchetKey: 9, n: 1, content: 2 }));
  ledger.note(stanza({ id: 'c', ratchetKey: 8, n: 0, content: 3 }));
  expect(ledger.repeated).toEqual([]);
  expect(ledger.size).toBe(3);
  ledger.note(stanza({ id: 'd', ratchetKey: 9, n: 0, content: 4, form: 'key-exchange' }));
  expect(ledger.repeated).toEqual([`${'09'.repeat(32)} 0 in a and in d`]);
});

it('lets the same stanza be sent again, but not with other content', () => {
  const ledger = new KeyLedger();
  ledger.note(stanza({ id: 'a', ratchetKey: 9, n: 0, content: 1 }));
  ledger.note(stanza({ id: 'a', ratchetKey: 9, n: 0, content: 1 }));
  expect(ledger.repeated).toEqual([]);
  ledger.note(stanza({ id: 'a', ratchetKey: 9, n: 0, content: 2 }));
  expect(ledger.repeated).toHaveLength(1);
});
