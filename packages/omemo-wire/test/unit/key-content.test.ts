import { decodeKeyContent, decodeKeyExchange } from '@omemo-kit/omemo-wire';
import { describe, expect, test } from 'vitest';
import { filled, unhex } from '../hex.ts';
import { codeOf } from '../outcome.ts';
import { authenticatedMessage, keyExchange } from '../samples.ts';

describe('decodeKeyContent', () => {
  test('tells a key exchange by the wire type of field 1', () => {
    expect(decodeKeyContent(keyExchange)).toEqual({ type: 'key-exchange', ...decodeKeyExchange(keyExchange) });
  });

  test('tells an authenticated message, and hands out its bytes as they are', () => {
    expect(decodeKeyContent(authenticatedMessage)).toEqual({
      type: 'authenticated-message',
      message: authenticatedMessage,
    });
  });

  test('finds field 1 wherever it stands', () => {
    const reversedMessage = unhex(`120101${'7801'}0a10${'05'.repeat(16)}`);
    expect(decodeKeyContent(reversedMessage)).toEqual({ type: 'authenticated-message', message: reversedMessage });
    const reversedExchange = unhex(`2a0109${'7a03010203'}2220${'02'.repeat(32)}1a20${'01'.repeat(32)}10050807`);
    expect(decodeKeyContent(reversedExchange)).toEqual({
      type: 'key-exchange',
      pkId: 7,
      spkId: 5,
      ik: filled(32, 1),
      ek: filled(32, 2),
      message: filled(1, 9),
    });
  });

  test.each([
    ['nothing', '', 'missing-field'],
    ['no field 1', '120101', 'missing-field'],
    ['field 1 as 32 bits', '0d010203041200', 'wrong-wire-type'],
    ['field 1 as 64 bits', '0901020304050607081200', 'wrong-wire-type'],
    ['field 1 as a group', '0b0c1200', 'wrong-wire-type'],
    ['a pk_id and a mac', `08070a10${'05'.repeat(16)}`, 'repeated-field'],
    ['a mac and a pk_id', `0a10${'05'.repeat(16)}12000807`, 'repeated-field'],
    ['a half key exchange', '08071005', 'missing-field'],
    ['a bare OMEMOMessage', `080010001a20${'07'.repeat(32)}2210${'09'.repeat(16)}`, 'wrong-length'],
    ['text', '3c6b65793e', 'malformed-protobuf'],
  ])('refuses %s', (_, text, code) => {
    expect(codeOf(() => decodeKeyContent(unhex(text)))).toBe(code);
  });

  test('hands out a copy', () => {
    const input = authenticatedMessage.slice();
    const content = decodeKeyContent(input);
    input.fill(0);
    expect(content.message).toEqual(authenticatedMessage);
  });

  test('is capped in size', () => {
    expect(codeOf(() => decodeKeyContent(keyExchange, { keyContentBytes: keyExchange.length }))).toBe('accepted');
    expect(codeOf(() => decodeKeyContent(keyExchange, { keyContentBytes: keyExchange.length - 1 }))).toBe('too-large');
  });
});
