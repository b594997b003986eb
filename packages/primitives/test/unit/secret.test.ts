import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { PrimitivesError } from '../../src/primitives-error.ts';
import { Secret } from '../../src/secret.ts';
import { codeOf } from '../support/errors.ts';
import { toHex } from '../support/hex.ts';
import { providers } from '../support/providers.ts';

/** No two neighbours equal, no byte that a length or an index could be taken for. */
const bytes = Uint8Array.from({ length: 32 }, (_, i) => 129 + ((i * 37) % 121));

/** Every way in which four or more of the secret bytes could stand in a text. */
function showsSecret(text: string, secret: Uint8Array = bytes): boolean {
  const squeezed = text.replaceAll(/"?\d+"?:|[\s"'[\]{}()<>]|Buffer/g, '').toLowerCase();
  for (let i = 0; i + 4 <= secret.length; i++) {
    const part = secret.subarray(i, i + 4);
    if (squeezed.includes(toHex(part)) || squeezed.includes([...part].join(','))) return true;
    if (text.includes(String.fromCharCode(...part))) return true;
  }
  for (let shift = 0; shift < 3; shift++) {
    const inner = Buffer.from(secret.subarray(shift)).toString('base64').slice(0, 16);
    if (text.includes(inner) || text.includes(inner.replaceAll('+', '-').replaceAll('/', '_'))) return true;
  }
  return false;
}

/** What loggers and people do with values. */
function renderings(value: unknown): string[] {
  let logged = '';
  const sink = new Writable({
    write(chunk, _encoding, done) {
      logged += String(chunk);
      done();
    },
  });
  const log = new Console({ stdout: sink, stderr: sink, inspectOptions: { depth: null } });
  log.log(value);
  log.dir(value, { showHidden: true, depth: null });
  log.table([value]);
  return [
    logged,
    inspect(value, { showHidden: true, depth: null, getters: true, maxArrayLength: null }),
    inspect(value, { showHidden: true, depth: null, customInspect: false, getters: true }),
    format('%s %o %O %j %d', value, value, value, value, value),
    JSON.stringify({ level: 30, value }),
    JSON.stringify(Object.entries(value as object)),
    String(value),
    `${value}`,
    [value, value].join(),
    JSON.stringify({ ...(value as object) }),
    inspect(structuredClone(value), { depth: null }),
    serialize(value).toString('latin1'),
  ];
}

describe('the detector of this test', () => {
  test('sees bytes in every form', () => {
    const shown: unknown[] = [
      bytes,
      Buffer.from(bytes),
      [...bytes],
      toHex(bytes),
      Buffer.from(bytes).toString('base64'),
    ];
    for (const value of shown) expect(showsSecret(inspect(value, { maxArrayLength: null }))).toBe(true);
    expect(showsSecret(JSON.stringify(bytes))).toBe(true);
    expect(showsSecret(serialize(bytes).toString('latin1'))).toBe(true);
    expect(showsSecret('[secret]')).toBe(false);
  });
});

describe('Secret', () => {
  test('shows itself as [secret]', () => {
    const secret = new Secret(bytes);
    expect(String(secret)).toBe('[secret]');
    expect(JSON.stringify({ secret })).toBe('{"secret":"[secret]"}');
    expect(inspect({ secret })).toBe('{ secret: [secret] }');
  });

  test('copies the bytes that it is given', () => {
    const given = new Uint8Array(bytes);
    const secret = new Secret(given);
    given.fill(0);
    expect(secret.expose()).toEqual(bytes);
    expect(secret).toHaveLength(32);
  });

  test('keeps bytes that are given away, and refuses the same ones', () => {
    const given = new Uint8Array(bytes);
    expect(new Secret(given, 'taken').expose()).toBe(given);
    expect(codeOf(() => new Secret(given.subarray(1), 'taken'))).toBe('invalid-length');
  });

  test('keeps plain bytes even of a Buffer', () => {
    expect(Object.getPrototypeOf(new Secret(Buffer.from(bytes)).expose())).toBe(Uint8Array.prototype);
  });

  test('compares bytes', () => {
    const other = new Uint8Array(bytes);
    other[31] = (other[31] as number) ^ 1;
    expect(new Secret(bytes).equals(new Secret(bytes))).toBe(true);
    expect(new Secret(bytes).equals(new Secret(other))).toBe(false);
    expect(new Secret(bytes).equals(new Secret(new Uint8Array(33)))).toBe(false);
  });

  test('refuses fewer than 32 bytes, and what is no bytes', () => {
    expect(codeOf(() => new Secret(bytes.subarray(1)))).toBe('invalid-length');
    expect(codeOf(() => new Secret('00'.repeat(32) as never))).toBe('invalid-argument');
    expect(new Secret(new Uint8Array(80))).toHaveLength(80);
  });
});

describe.each(providers)('nothing shows a secret ($name)', ({ primitives }) => {
  const clamped = new Uint8Array(bytes);
  clamped[0] = (clamped[0] as number) & 0xf8;
  clamped[31] = ((clamped[31] as number) & 0x7f) | 0x40;
  const seed = primitives.identityKeyPairFromSeed(bytes);
  const scalar = primitives.identityKeyPairFromScalar(bytes);
  const ephemeral = primitives.x25519KeyPair(bytes);
  const objects = {
    secret: new Secret(bytes),
    'key pair': ephemeral,
    'seed identity': seed,
    'scalar identity': scalar,
    'shared secret': primitives.x25519(ephemeral.privateKey, seed.x25519.publicKey),
  };

  test.each(Object.entries(objects))('%s', (_, value) => {
    // Used once, so that whatever is remembered beside it exists too.
    primitives.sign({ identityKeyPair: scalar, message: bytes, nonce: () => new Uint8Array(64) });
    const secrets = [bytes, clamped, seed.x25519.privateKey.expose(), objects['shared secret'].expose()];
    for (const text of renderings(value)) {
      for (const secret of secrets) expect(showsSecret(text, secret)).toBe(false);
    }
  });

  test('errors', () => {
    const short = bytes.subarray(0, 31);
    const calls: (() => unknown)[] = [
      () => new Secret(short),
      () => primitives.x25519KeyPair(short),
      () => primitives.identityKeyPairFromSeed(short),
      () => primitives.identityKeyPairFromScalar(short),
      () => primitives.x25519(new Secret(bytes), new Uint8Array(32)),
      () => primitives.x25519(bytes as never, new Uint8Array(32)),
      () => primitives.sign({ identityKeyPair: scalar, message: bytes, nonce: () => short }),
      () => primitives.hkdfSha256({ inputKeyMaterial: bytes, salt: bytes, info: bytes, length: 0 }),
      () => primitives.aes256CbcEncrypt({ key: short, iv: bytes, plaintext: bytes }),
      () => primitives.aes256CbcEncrypt({ key: bytes, iv: bytes, plaintext: bytes }),
      () => primitives.aes256CbcDecrypt({ key: bytes, iv: bytes.subarray(16), ciphertext: short }),
      () => primitives.aes256CbcDecrypt({ key: bytes, iv: bytes.subarray(16), ciphertext: bytes }),
      () => primitives.importEd25519PublicKey(short),
    ];
    for (const call of calls) {
      const error = thrownBy(call);
      expect(error).toBeInstanceOf(PrimitivesError);
      const texts = [inspect(error, { depth: null, showHidden: true }), JSON.stringify(error), String(error)];
      for (const text of texts) expect(showsSecret(text)).toBe(false);
    }
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    return expect.fail(`returned ${String(call())}`);
  } catch (error) {
    return error;
  }
}
