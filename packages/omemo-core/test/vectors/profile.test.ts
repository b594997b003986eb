import { readFileSync } from 'node:fs';
import { importEd25519PublicKey, Secret } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import { verifyLabel } from '../../src/devices/labels.ts';
import { OmemoError } from '../../src/errors.ts';
import { messageAead } from '../../src/profile/message-aead.ts';
import { keyCodec } from '../../src/profile/omemo2-keys.ts';
import { omemo2 } from '../../src/profile/omemo2.ts';
import { openPayload, sealPayload } from '../../src/profile/payload.ts';
import { fingerprint } from '../../src/trust/fingerprint.ts';
import { fromHex } from '../hex.ts';

function cases<T>(file: string): T[] {
  return JSON.parse(readFileSync(new URL(`data/${file}.json`, import.meta.url), 'utf8')).cases;
}

const text = (error: unknown) => (error instanceof OmemoError ? `${error.code}: ${error.message}` : String(error));
const failure = (call: () => unknown): string => {
  try {
    call();
    return 'accepted';
  } catch (error) {
    return text(error);
  }
};

describe('ratchet messages of the reference implementation (sealed.json)', () => {
  interface Sealed {
    message_key: string;
    associated_data: string;
    n: number;
    pn: number;
    dh_pub: string;
    plaintext: string;
    authenticated_message: string;
  }
  const prepared = cases<Sealed>('sealed').map((one) => ({
    header: { ratchetKey: fromHex(one.dh_pub), previousChainLength: one.pn, messageNumber: one.n },
    messageKey: new Secret(fromHex(one.message_key)),
    associatedData: fromHex(one.associated_data),
    plaintext: fromHex(one.plaintext),
    message: fromHex(one.authenticated_message),
  }));

  test('are sealed byte for byte, opened, and their headers read', () => {
    expect(prepared.length).toBe(16);
    for (const { message, ...input } of prepared) {
      expect(messageAead.seal(input)).toEqual(message);
      expect(messageAead.open({ ...input, message })).toEqual(input.plaintext);
      expect(keyCodec.readHeader(message)).toEqual(input.header);
    }
  });

  test('are refused with one text under another key, other associated data, or a changed byte', () => {
    const outcomes = new Set<string>();
    for (const { plaintext: _, ...input } of prepared) {
      const associatedData = input.associatedData.map((byte) => byte ^ 1);
      outcomes.add(failure(() => messageAead.open({ ...input, associatedData })));
      outcomes.add(failure(() => messageAead.open({ ...input, messageKey: new Secret(new Uint8Array(32)) })));
      const swapped = new Uint8Array([...input.associatedData.slice(32), ...input.associatedData.slice(0, 32)]);
      outcomes.add(failure(() => messageAead.open({ ...input, associatedData: swapped })));
      const message = input.message.slice();
      message[message.length - 1]! ^= 1;
      outcomes.add(failure(() => messageAead.open({ ...input, message })));
    }
    expect([...outcomes]).toEqual(['not-authentic: the content does not authenticate']);
  });
});

describe('payloads of the reference implementation', () => {
  test('are sealed byte for byte and opened (payloads.json)', () => {
    interface Payload {
      plaintext: string;
      key: string;
      tag: string;
      ciphertext: string;
    }
    const all = cases<Payload>('payloads');
    expect(all.length).toBe(18);
    for (const one of all) {
      const sealed = sealPayload({ key: fromHex(one.key), plaintext: fromHex(one.plaintext) });
      expect(sealed).toEqual({ ciphertext: fromHex(one.ciphertext), keyMaterial: fromHex(one.key + one.tag) });
      expect(openPayload(sealed)).toEqual(fromHex(one.plaintext));
    }
  });

  test('that are to be refused are, all with one text (refused-payloads.json, S36)', () => {
    interface Refused {
      what: string;
      key: string;
      tag: string;
      ciphertext: string;
      expect: 'accept' | 'refuse';
      plaintext?: string;
    }
    const all = cases<Refused>('refused-payloads');
    expect(all.length).toBe(24);
    for (const one of all) {
      const input = { keyMaterial: fromHex(one.key + one.tag), ciphertext: fromHex(one.ciphertext) };
      const outcome = failure(() => openPayload(input));
      const expected = one.expect === 'accept' ? 'accepted' : 'not-authentic: the content does not authenticate';
      expect(outcome, one.what).toBe(expected);
    }
  });

  test('each byte of the tag counts (S34)', () => {
    const sealed = sealPayload({ key: new Uint8Array(32).fill(1), plaintext: new Uint8Array(5) });
    for (let index = 32; index < 48; index++) {
      const keyMaterial = sealed.keyMaterial.slice();
      keyMaterial[index]! ^= 0x10;
      expect(failure(() => openPayload({ ...sealed, keyMaterial }))).toBe(
        'not-authentic: the content does not authenticate',
      );
    }
  });

  test('an empty message carries 32 zero bytes, not 48 (R85, X26)', () => {
    expect(omemo2.emptyKeyMaterial).toEqual(new Uint8Array(32));
  });
});

test('labels are shown when their signature is good (labels.json, R54, R55)', () => {
  interface Label {
    label: string;
    ed25519: string;
    labelsig: string;
    valid: boolean;
    bad_labelsig: string;
    bad_valid: boolean;
  }
  for (const one of cases<Label>('labels')) {
    const identityKey = importEd25519PublicKey(fromHex(one.ed25519));
    const check = (signature: string) => verifyLabel(identityKey, one.label, Uint8Array.from(Buffer.from(signature, 'base64')));
    expect([check(one.labelsig), check(one.bad_labelsig)]).toEqual([one.valid, one.bad_valid]);
  }
});

test('fingerprints are those of the reference implementation (identities.json, R129, R130)', () => {
  const all = cases<{ ed25519: string; fingerprint: string[] }>('identities');
  for (const one of all) expect(fingerprint(importEd25519PublicKey(fromHex(one.ed25519)))).toEqual(one.fingerprint);
  expect(all.length).toBeGreaterThan(5);
});
