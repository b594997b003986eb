import * as byName from '@omemo-kit/primitives';
import * as atRestByName from '@omemo-kit/primitives/at-rest';
import * as nobleByName from '@omemo-kit/primitives/noble';
import { describe, expect, test } from 'vitest';
import * as atRestInNode from '../../src/at-rest.node.ts';
import * as atRestEverywhere from '../../src/at-rest.ts';
import * as inNode from '../../src/index.node.ts';
import * as everywhere from '../../src/index.ts';
import { hex } from '../support/hex.ts';
import { node } from '../support/providers.ts';

const names = [...Object.keys(node), 'PrimitivesError', 'Secret', 'concatBytes'].sort();

describe('entry points', () => {
  test('export the same names', () => {
    expect(Object.keys(inNode).sort()).toEqual(names);
    expect(Object.keys(everywhere).sort()).toEqual(names);
  });

  test('the condition "node" selects the native one, "./noble" the other', () => {
    expect(byName.x25519).toBe(inNode.x25519);
    expect(nobleByName.x25519).toBe(everywhere.x25519);
    expect(byName.x25519).not.toBe(nobleByName.x25519);
  });

  test('at-rest: the same names under both conditions, none of them in the main entry', () => {
    const atRest = ['argon2id', 'xchacha20Poly1305Open', 'xchacha20Poly1305Seal'];
    expect(Object.keys(atRestInNode).sort()).toEqual(atRest);
    expect(Object.keys(atRestEverywhere).sort()).toEqual(atRest);
    expect(atRestByName.argon2id).toBe(atRestInNode.argon2id);
    expect(names.filter((name) => atRest.includes(name))).toEqual([]);
  });

  test('share their classes, so that keys of one work with the other', () => {
    expect(inNode.Secret).toBe(everywhere.Secret);
    expect(inNode.PrimitivesError).toBe(everywhere.PrimitivesError);
    const alice = inNode.x25519KeyPair(new Uint8Array(32).fill(1));
    const bob = everywhere.x25519KeyPair(new Uint8Array(32).fill(2));
    expect(
      inNode.x25519(alice.privateKey, bob.publicKey).equals(everywhere.x25519(bob.privateKey, alice.publicKey)),
    ).toBe(true);
  });

  test('concatBytes joins copies', () => {
    expect(inNode.concatBytes()).toEqual(new Uint8Array(0));
    const part = hex('0102');
    const whole = inNode.concatBytes(part, hex(''), hex('03'));
    part.fill(0);
    expect(whole).toEqual(hex('010203'));
  });

  test('there is nothing to replace: no provider, no random source is exported or settable', () => {
    const exported = [byName, nobleByName, inNode, everywhere].flatMap((entry) => Object.keys(entry));
    expect(exported.filter((name) => /provider|create|set|use|config/i.test(name))).toEqual([]);
  });
});
