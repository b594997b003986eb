import { systemRandomness } from '@omemo-kit/omemo-core';
import { encodeBase64, NODE_BUNDLES } from '@omemo-kit/omemo-wire';
import type { CurveAhead } from '@omemo-kit/primitives/ahead';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { Client } from '../../src/client.ts';
import { onceAt } from '../../src/pauses.ts';
import { seededRandomness } from '../../src/seeded-randomness.ts';
import { hex } from '../../src/spent-keys.ts';
import { body } from '../../src/stanzas.ts';
import { World } from '../../src/world.ts';

const ahead = vi.hoisted(() => ({
  on: false,
  /** What was to be computed, and what the steps asked for, by its inputs. */
  prepared: [] as string[],
  asked: [] as string[],
}));

/** Node computes nothing ahead. Here it does, as a browser would: by crypto.subtle. */
vi.mock('@omemo-kit/primitives/ahead', async (original) => {
  const inNode = await original<typeof import('@omemo-kit/primitives/ahead')>();
  const everywhere = await import('@omemo-kit/primitives/noble/ahead');
  return {
    ...everywhere,
    computeAhead: () => (ahead.on ? watched(everywhere.computeAhead()!) : inNode.computeAhead()),
  };
});

function watched({ curve, ...rest }: CurveAhead): CurveAhead {
  return {
    ...rest,
    keyPair: (own) => {
      ahead.prepared.push(`key pair ${hex(own.expose())}`);
      return rest.keyPair(own);
    },
    agreement: (own, other) => {
      ahead.prepared.push(`agreement ${hex(own.expose())} ${hex(other)}`);
      return rest.agreement(own, other);
    },
    identityKey: (bytes) => {
      ahead.prepared.push(`identity key ${hex(bytes)}`);
      return rest.identityKey(bytes);
    },
    signature: (input) => {
      ahead.prepared.push(`signature ${hex(input.signature)}`);
      return rest.signature(input);
    },
    curve: {
      x25519KeyPair: (own) => {
        ahead.asked.push(`key pair ${hex(own instanceof Uint8Array ? own : own.expose())}`);
        return curve.x25519KeyPair(own);
      },
      x25519: (own, other) => {
        ahead.asked.push(`agreement ${hex(own.expose())} ${hex(other)}`);
        return curve.x25519(own, other);
      },
      importEd25519PublicKey: (bytes) => {
        ahead.asked.push(`identity key ${hex(bytes)}`);
        return curve.importEd25519PublicKey(bytes);
      },
      verify: (input) => {
        ahead.asked.push(`signature ${hex(input.signature)}`);
        return curve.verify(input);
      },
    },
  };
}

beforeEach(() => {
  Object.assign(ahead, { on: false, prepared: [], asked: [] });
});

/** Alice, all of whose draws and times are the same each time, and devices that she has not met. */
async function scene() {
  const world = new World();
  const seeded = (seed: string) => ({ randomness: seededRandomness(seed), clock: () => 1_700_000_000_000 });
  const alice = await world.client('alice@example.org/phone', seeded('alice'));
  for (const jid of ['bob@example.net/desk', 'bob@example.net/tablet', 'carol@example.com/phone']) {
    const { omemo } = await world.client(jid, seeded(jid));
    await omemo.start();
  }
  await alice.omemo.start();
  await world.calm();
  return { world, alice };
}

async function firstMessage(
  form: 'ahead' | 'in the step',
  bundles: 'as they come' | 'the last one first' = 'as they come',
) {
  const { world, alice } = await scene();
  if (bundles === 'the last one first') answerTheLastFirst(alice);
  ahead.on = form === 'ahead';
  const { stanza } = await alice.omemo.encrypt({ to: 'bob@example.net', content: [body('hello')] });
  const stored = alice.memory.snapshot().map(({ key, value, revision }) => [key, hex(value), hex(revision)]);
  return { world, alice, stanza: stanza.toString(), stored };
}

/** Of two bundles that are asked for the first comes after the second. */
function answerTheLastFirst({ connection: { transport } }: Client): void {
  const fetch = transport.fetch.bind(transport);
  let first: (() => void) | undefined;
  transport.fetch = async (request, signal) => {
    const answer = await fetch(request, signal);
    if (request.node !== NODE_BUNDLES) return answer;
    if (first === undefined) await new Promise<void>((resolve) => (first = resolve));
    else setTimeout(first, 0);
    return answer;
  };
}

describe('what starting sessions needs of the curve, computed ahead', () => {
  test('gives the same stanza and the same records, byte for byte', async () => {
    const plain = await firstMessage('in the step');
    expect(ahead.asked).toEqual([]);
    const computed = await firstMessage('ahead');
    expect(ahead.asked).not.toEqual([]);
    expect(computed.stanza).toBe(plain.stanza);
    expect(computed.stored).toEqual(plain.stored);
  });

  test('gives the same whichever bundle comes first', async () => {
    const inOrder = await firstMessage('in the step');
    const otherwise = await firstMessage('in the step', 'the last one first');
    expect(otherwise.stored).toEqual(inOrder.stored);
  });

  test('is just what the steps ask for, each once', async () => {
    await firstMessage('ahead');
    // Two devices: identity key and signature of the bundle, two key pairs, four agreements of X3DH and one of the ratchet.
    expect(ahead.asked).toHaveLength(2 * 9);
    expect([...ahead.prepared].sort()).toEqual([...ahead.asked].sort());
    expect(new Set(ahead.asked).size).toBe(ahead.asked.length);
  });

  test('is read by those it was made for', async () => {
    const { world, alice } = await scene();
    ahead.on = true;
    await alice.say('bob@example.net', 'hello');
    await world.calm();
    const bobs = world.clients.filter(({ jid }) => jid === 'bob@example.net');
    expect(bobs.map(({ texts }) => texts)).toEqual([['hello'], ['hello']]);
  });

  test('is for one attempt: after a conflict without a session everything is drawn anew', async () => {
    const { world, alice } = await scene();
    const [bob] = world.clients.filter(({ jid }) => jid === 'bob@example.net');
    const drawn: string[] = [];
    const noted = (draw: () => Uint8Array) => () => {
      const bytes = draw();
      drawn.push(hex(bytes));
      return bytes;
    };
    const randomness = {
      ...systemRandomness,
      ephemeralKey: noted(systemRandomness.ephemeralKey),
      ratchetKey: noted(systemRandomness.ratchetKey),
    };
    const other = await Client.omemoOn(alice.connection, alice.memory);
    // Another tab starts a session with one device, which moves the record, and gives it up.
    const device = { jid: 'bob@example.net', deviceId: bob!.omemo.deviceId };
    const pause = onceAt(
      ({ operation, when, keys }) =>
        operation === 'commit' && when === 'before' && keys.some((key) => key.includes('/session/')),
      async () => {
        world.note(alice.jid, await other.encryptEmpty(device));
        await other.replaceSessions(device);
        ahead.asked = [];
        drawn.push('conflict');
      },
    );
    const slow = await Client.omemoOn(alice.connection, alice.memory, {
      store: alice.memory.open({ pause }),
      randomness,
    });
    ahead.on = true;
    await slow.send({ to: 'bob@example.net', content: [body('hello')] });
    await world.calm();
    // The first attempt drew for two devices, the second for the one whose record moved.
    expect(drawn.map((bytes) => (bytes === 'conflict' ? bytes : 'key'))).toEqual([
      ...Array(4).fill('key'),
      'conflict',
      'key',
      'key',
    ]);
    expect(new Set(drawn).size).toBe(drawn.length);
    const [ephemeralKey, ratchetKey] = drawn.slice(-2);
    expect(ahead.asked.filter((one) => one.startsWith('key pair'))).toEqual([
      `key pair ${ephemeralKey}`,
      `key pair ${ratchetKey}`,
    ]);
    expect(bob!.texts).toEqual(['hello']);
  });

  test.each([
    ['a signature of something else', 'spks', 64, 0x11],
    ['an identity key of small order', 'ik', 32, 0x00],
    ['an identity key that is no point', 'ik', 32, 0x02],
    ['a signed pre-key of small order', 'spk', 32, 0x00],
  ])('does not change why a bundle is refused: %s', async (_, name, length, byte) => {
    const refusals = [];
    for (const on of [false, true]) {
      const { world, alice } = await scene();
      const carol = world.clients.find(({ jid }) => jid === 'carol@example.com')!;
      const id = String(carol.omemo.deviceId);
      const payload = world.server.node(carol.jid, NODE_BUNDLES)!.items.get(id)!;
      payload.getChild(name)!.children = [encodeBase64(new Uint8Array(length).fill(byte))];
      await carol.connection.transport.publish({ node: NODE_BUNDLES, item: { id, payload } });
      ahead.on = on;
      refusals.push(await alice.say(carol.jid, 'hello').then(() => 'sent', codes));
    }
    expect(refusals[0]).toMatch(/^no-devices, bundle-unavailable, invalid-/);
    expect(refusals[1]).toBe(refusals[0]);
  });
});

/** Of an error, why the first device was skipped, and what caused it. */
function codes(error: unknown): string {
  const { code, cause, details } = error as {
    code?: string;
    cause?: unknown;
    details?: { skipped?: readonly { cause?: unknown }[] };
  };
  const below = cause ?? details?.skipped?.[0]?.cause;
  return below === undefined ? `${code}` : `${code}, ${codes(below)}`;
}
