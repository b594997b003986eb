import { fromBinary } from '@bufbuild/protobuf';
import {
  decodeAuthenticatedMessage,
  decodeKeyContent,
  decodeKeyExchange,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeKeyExchange,
} from '@omemo-kit/omemo-wire';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OMEMOAuthenticatedMessageSchema, OMEMOKeyExchangeSchema, OMEMOMessageSchema } from '../gen/omemo_pb.ts';
import { unhex } from '../hex.ts';
import { outcomeOf } from '../outcome.ts';
import { authenticatedMessage, keyExchange, omemoMessage } from '../samples.ts';
import { mutatedBytes } from './byte-mutations.ts';
import { mutatedFields } from './field-mutations.ts';
import { runs } from './runs.ts';

const reordered = unhex(`2a0109${'7a03010203'}2220${'02'.repeat(32)}1a20${'01'.repeat(32)}10050807`);
const samples = [omemoMessage, authenticatedMessage, keyExchange, reordered];
const hostile = fc.oneof(mutatedBytes(samples), mutatedFields(samples));

/**
 * Whatever the bytes are, the outcome is a value or a WireError; and what is accepted, generated code reads the same way,
 * so that being strict never means reading something else.
 */
describe('hostile protobuf', () => {
  test('OMEMOMessage', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => decodeOmemoMessage(bytes));
        if (!('value' in outcome)) return;
        accepted += 1;
        const { n, pn, dhPub, ciphertext } = fromBinary(OMEMOMessageSchema, bytes);
        expect(outcome.value).toEqual({ n, pn, dhPub, ciphertext });
      }),
      runs(6_000),
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('OMEMOAuthenticatedMessage', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => decodeAuthenticatedMessage(bytes));
        if (!('value' in outcome)) return;
        accepted += 1;
        const { mac, message } = fromBinary(OMEMOAuthenticatedMessageSchema, bytes);
        expect(outcome.value).toEqual({ mac, message });
        // Written again it may differ from the input, but not in what it says.
        expect(decodeAuthenticatedMessage(encodeAuthenticatedMessage(outcome.value))).toEqual(outcome.value);
      }),
      runs(6_000),
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('OMEMOKeyExchange', () => {
    let accepted = 0;
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => decodeKeyExchange(bytes));
        if (!('value' in outcome)) return;
        accepted += 1;
        expect(decodeKeyExchange(encodeKeyExchange(outcome.value))).toEqual(outcome.value);
        const inner = outcomeOf(() => decodeAuthenticatedMessage(outcome.value.message));
        // Generated code reads the inner message at once; where that is malformed it can say nothing.
        if (!('value' in inner)) return;
        const read = fromBinary(OMEMOKeyExchangeSchema, bytes);
        const { pkId, spkId, ik, ek } = read;
        expect(outcome.value).toMatchObject({ pkId, spkId, ik, ek });
        expect(inner.value).toEqual({ mac: read.message?.mac, message: read.message?.message });
      }),
      runs(6_000),
    );
    expect(accepted).toBeGreaterThan(0);
  });

  test('the content of a <key>', () => {
    const seen = { 'key-exchange': 0, 'authenticated-message': 0 };
    fc.assert(
      fc.property(hostile, (bytes) => {
        const outcome = outcomeOf(() => decodeKeyContent(bytes));
        const exchange = outcomeOf(() => decodeKeyExchange(bytes));
        const message = outcomeOf(() => decodeAuthenticatedMessage(bytes));
        // No bytes are both, so which one it is cannot be chosen by the sender's attribute.
        expect('value' in exchange && 'value' in message).toBe(false);
        expect('value' in outcome).toBe('value' in exchange || 'value' in message);
        if ('value' in outcome) seen[outcome.value.type] += 1;
      }),
      runs(6_000),
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
  });
});
