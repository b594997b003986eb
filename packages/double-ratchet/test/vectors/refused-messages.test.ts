import { expect, test } from 'vitest';
import { RatchetError, type RatchetParameters, ratchetDecrypt, SkippedMessageKeys } from '../../src/index.ts';
import { unhex } from '../hex.ts';
import { decodeWire, omemoSeal, WireError } from './omemo-seal.ts';
import { codeFor, loadState, type RecordedState, readData, recordState } from './recording.ts';

interface RecordedCase {
  readonly what: string;
  readonly wire: string;
  readonly expect: 'accept' | 'refuse';
  readonly error?: readonly string[];
}

const { cases, state: recorded } = readData<{ cases: RecordedCase[]; state: RecordedState }>('refused-messages');

const parameters: RatchetParameters = {
  rootKeyInfo: new TextEncoder().encode('OMEMO Root Chain'),
  maxSkip: 1000,
  maxStoredSkipped: 1000,
};

class Reader {
  #session = this.#load();

  read(wire: string): string {
    const before = recordState(this.#session.state, this.#session.keys);
    try {
      const { header, message } = decodeWire(unhex(wire));
      const { keys, state } = this.#session;
      const decryption = ratchetDecrypt({
        state,
        header,
        message,
        associatedData: unhex(recorded.associated_data),
        aead: omemoSeal,
        parameters,
        skippedMessageKey: keys.find(header),
      });
      keys.apply(decryption);
      this.#session = { keys, state: decryption.state };
      return 'read';
    } catch (error) {
      expect(recordState(this.#session.state, this.#session.keys)).toEqual(before);
      if (error instanceof RatchetError) return error.code;
      if (error instanceof WireError) return 'wire';
      throw error;
    }
  }

  #load() {
    const { state, keys } = loadState(recorded);
    return { state, keys: new SkippedMessageKeys(keys) };
  }
}

/** Cases whose fault lies outside the ratchet are read here: what is inside is for the protocol above to judge. */
function expected({ what, wire, expect: outcome, error }: RecordedCase): string {
  return outcome === 'accept' || what.startsWith('good seal') ? 'read' : codeFor(error ?? [], unhex(wire));
}

const lastFour = cases.slice(-4);

test('the file has all its cases', () => {
  expect(cases).toHaveLength(47);
  expect(new Set(cases.map(expected))).toEqual(
    new Set(['read', 'not-authentic', 'message-key-unavailable', 'too-many-skipped', 'invalid-ratchet-key', 'wire']),
  );
});

test.each(cases.slice(0, -4))('$expect: $what', (recordedCase) => {
  expect(new Reader().read(recordedCase.wire)).toBe(expected(recordedCase));
});

test('the last four follow each other, after all the refusals', () => {
  const reader = new Reader();
  for (const refused of cases.slice(0, -4)) {
    if (expected(refused) !== 'read') reader.read(refused.wire);
  }
  expect(lastFour.map(({ wire }) => reader.read(wire))).toEqual(lastFour.map(expected));
});
