import { describe, expect, test } from 'vitest';
import { decodePunycode } from '../../src/address/punycode.ts';

describe('decodePunycode', () => {
  // Samples of RFC 3492 section 7.1 that have only lower-case basic characters.
  test.each([
    ['Arabic', 'egbpdaj6bu4bxfgehfvwxn', 'ليهمابتكلموشعربي؟'],
    ['Chinese, simplified', 'ihqwcrb4cv8a8dqg056pqjye', '他们为什么不说中文'],
    ['Chinese, traditional', 'ihqwctvzc91f659drss3x8bo0yb', '他們爲什麽不說中文'],
    ['Hebrew', '4dbcagdahymbxekheh6e0a7fei0b', 'למההםפשוטלאמדבריםעברית'],
    ['Hindi', 'i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd', 'यहलोगहिन्दीक्योंनहींबोलसकतेहैं'],
    ['Japanese', 'n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa', 'なぜみんな日本語を話してくれないのか'],
    ['Russian', 'b1abfaaepdrnnbgefbadotcwatmq2g4l', 'почемужеонинеговорятпорусски'],
    ['basic characters in front', 'd9juau41awczczp', 'そのスピードで'],
    ['one of them among basic ones', 'bcher-kva', 'bücher'],
  ])('%s', (_, encoded, decoded) => {
    expect(decodePunycode(encoded)).toBe(decoded);
  });

  test.each([
    '',
    '-',
    '-kva',
    'bcher-',
    'bcher-kv9',
    'BCHER-KVA',
    'bücher-kva',
    '99999999',
    'a'.repeat(64),
    '9'.repeat(63),
  ])('refuses %j', (text) => {
    expect(decodePunycode(text)).toBeUndefined();
  });
});
