import { describe, expect, test } from 'vitest';
import { RecentKeys } from '../../src/recent-keys.ts';
import { Secret, SecretMemory } from '../../src/secret.ts';

const key = (byte: number) => new Uint8Array(32).fill(byte);

describe('what was made of the public keys that came last', () => {
  test('is found by the bytes, in whatever array they come', () => {
    const recent = new RecentKeys<string>();
    recent.set(key(1), 'one');
    recent.set(key(2), 'two');
    expect(recent.get(key(1))).toBe('one');
    expect(recent.get(key(2))).toBe('two');
    expect(recent.get(key(3))).toBeUndefined();
  });

  test('is not found by an array that was changed since, nor by a part of one', () => {
    const recent = new RecentKeys<string>();
    const changed = key(1);
    recent.set(changed, 'one');
    changed[31] = 7;
    expect(recent.get(changed)).toBeUndefined();
    expect(recent.get(key(1).subarray(0, 31))).toBeUndefined();
    expect(recent.get(key(1))).toBe('one');
  });

  test('is forgotten after four others, so that it does not grow', () => {
    const recent = new RecentKeys<number>();
    for (let byte = 0; byte < 100; byte++) recent.set(key(byte), byte);
    const found = Array.from({ length: 100 }, (_, byte) => recent.get(key(byte))).filter((made) => made !== undefined);
    expect(found).toEqual([96, 97, 98, 99]);
  });
});

describe('what was made of a secret', () => {
  test('is found by the secret itself, and by who made it', () => {
    const [one, other] = [new SecretMemory<string>(), new SecretMemory<string>()];
    const secret = new Secret(key(1));
    expect(one.get(secret)).toBeUndefined();
    one.set(secret, 'made');
    expect(one.get(secret)).toBe('made');
    expect(other.get(secret)).toBeUndefined();
    expect(one.get(new Secret(key(1)))).toBeUndefined();
    other.set(secret, 'made otherwise');
    expect(one.get(secret)).toBeUndefined();
    expect(other.get(secret)).toBe('made otherwise');
  });

  test('does not show', () => {
    const memory = new SecretMemory<string>();
    const secret = new Secret(key(1));
    const before = [Reflect.ownKeys(secret), JSON.stringify(secret), String(secret)];
    memory.set(secret, 'made');
    expect([Reflect.ownKeys(secret), JSON.stringify(secret), String(secret)]).toEqual(before);
  });
});
