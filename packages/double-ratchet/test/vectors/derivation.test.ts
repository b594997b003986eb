import { Secret } from '@omemo-kit/primitives';
import { expect, test } from 'vitest';
import { deriveChainKeys, deriveMessageKey, deriveRootKey } from '../../src/key-derivation.ts';
import { hex, unhex } from '../hex.ts';
import { omemoSeal, split } from './omemo-seal.ts';
import { readData } from './recording.ts';

interface RecordedDerivation {
  readonly root_key: string;
  readonly dh_out: string;
  readonly next_root_key: string;
  readonly new_chain_key: string;
  readonly chain_key: string;
  readonly next_chain_key: string;
  readonly message_key: string;
  readonly enc_key: string;
  readonly auth_key: string;
  readonly iv: string;
}

interface RecordedSeal {
  readonly message_key: string;
  readonly associated_data: string;
  readonly n: number;
  readonly pn: number;
  readonly dh_pub: string;
  readonly plaintext: string;
  readonly authenticated_message: string;
}

const derivations = readData<{ root_info: string; cases: RecordedDerivation[] }>('kdf');
const seals = readData<{ cases: RecordedSeal[] }>('sealed').cases;

function secret(text: string): Secret {
  return new Secret(unhex(text));
}

test('the files have all their cases', () => {
  expect(derivations.cases).toHaveLength(12);
  expect(seals).toHaveLength(16);
});

test.each(derivations.cases)('KDF_RK and KDF_CK of $root_key', (recorded) => {
  const { rootKey, chainKey } = deriveRootKey({
    rootKey: secret(recorded.root_key),
    sharedSecret: secret(recorded.dh_out),
    info: new TextEncoder().encode(derivations.root_info),
  });
  expect(hex(rootKey.expose())).toBe(recorded.next_root_key);
  expect(hex(chainKey.expose())).toBe(recorded.new_chain_key);
  const next = deriveChainKeys(secret(recorded.chain_key));
  expect(hex(next.chainKey.expose())).toBe(recorded.next_chain_key);
  expect(hex(next.messageKey.expose())).toBe(recorded.message_key);
  const messageKey = deriveMessageKey(secret(recorded.chain_key));
  expect(hex(messageKey.expose())).toBe(recorded.message_key);
  const { key, authenticationKey, iv } = split(messageKey);
  expect([key, authenticationKey, iv].map(hex)).toEqual([recorded.enc_key, recorded.auth_key, recorded.iv]);
});

test.each(seals)('the AEAD of these tests, n = $n, pn = $pn', (recorded) => {
  const input = {
    messageKey: secret(recorded.message_key),
    header: { ratchetKey: unhex(recorded.dh_pub), previousChainLength: recorded.pn, messageNumber: recorded.n },
    associatedData: unhex(recorded.associated_data),
  };
  const message = omemoSeal.seal({ ...input, plaintext: unhex(recorded.plaintext) });
  expect(hex(message)).toBe(recorded.authenticated_message);
  expect(hex(omemoSeal.open({ ...input, message }))).toBe(recorded.plaintext);
});
