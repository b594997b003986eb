import { decodeAuthenticatedMessage, decodeKeyExchange, decodeOmemoMessage } from '@omemo-kit/omemo-wire';
import { x25519KeyPair } from '@omemo-kit/primitives';
import { generateSignedPreKey } from '@omemo-kit/x3dh';
import type { Comparison } from '../comparison.ts';
import { deliver, judgeDelivery } from '../delivery.ts';
import { encryptedFor } from '../encrypted-xml.ts';
import { FormatError } from '../format-error.ts';
import { hasShape, type Kind } from '../kind.ts';
import { openPrepared } from '../prepared-device.ts';
import type { Recorded } from '../recorded.ts';
import { addressOf, identityOf } from '../recorded-device.ts';
import { comparePayload } from '../recorded-payload.ts';
import type { ReplayedDevice } from '../replayed-device.ts';

/** Damaged, foreign and replayed key exchanges for a fresh device, or one prepared as the case's text says. */
export const refusedKeyExchanges: Kind = {
  name: 'refused-key-exchanges',
  matches: (file) => hasShape(file, { members: ['payload'], cases: ['wire', 'expect'], without: ['state'] }),
  async replay(file, replay) {
    const cases = file.get('cases').items();
    const honest = honestCase(cases);
    await replay.step('payload', (compare) => comparePayload(compare, file.get('payload')));
    await replay.step('honest_ratchet_priv_of_alice', (compare) => compareRatchetKey(compare, file, honest));
    for (const [index, entry] of cases.entries()) {
      await replay.step(`case ${index} (${entry.get('what').text()})`, async (compare) => {
        const device = await openPrepared(file.get('bob'), file.get('alice'));
        await prepare(device, entry.get('what').text(), { file, honest });
        judgeDelivery(await deliverFromAlice(device, file, entry), {
          expect: entry.get('expect').oneOf('accept', 'refuse', 'either'),
          plaintext: file.get('payload').get('plaintext').bytes(),
          compare,
          replay,
        });
        await device.close();
      });
    }
    return { cases: cases.length };
  },
};

/** The case that the preparations are about: accepted without any. */
function honestCase(cases: readonly Recorded[]): Recorded {
  const honest = cases.find((entry) => {
    const { replayed, rotations } = preparationsIn(entry.get('what').text());
    return entry.get('expect').value === 'accept' && !replayed && rotations === 0;
  });
  if (honest === undefined) throw new FormatError('no case is an honest key exchange');
  return honest;
}

interface Preparations {
  /** The honest key exchange was read before. */
  readonly replayed: boolean;
  readonly preKeyDeleted: boolean;
  readonly sessionLost: boolean;
  /** How often the signed pre-key was rotated before. */
  readonly rotations: number;
}

function preparationsIn(what: string): Preparations {
  const rotated = /rotated (once|twice)/.exec(what)?.[1];
  return {
    replayed: /\breplayed\b/.test(what),
    preKeyDeleted: /\bpre key (?:was )?deleted\b/.test(what),
    sessionLost: /\bsession (?:was )?lost\b/.test(what),
    rotations: rotated === undefined ? 0 : rotated === 'once' ? 1 : 2,
  };
}

async function prepare(
  device: ReplayedDevice,
  what: string,
  { file, honest }: { readonly file: Recorded; readonly honest: Recorded },
): Promise<void> {
  const { replayed, preKeyDeleted, sessionLost, rotations } = preparationsIn(what);
  if (replayed) {
    const { result } = await deliverFromAlice(device, file, honest);
    if (result.type !== 'message') throw new FormatError(`the honest key exchange is not read (${result.type})`);
  }
  const { pkId } = decodeKeyExchange(honest.get('wire').bytes());
  if (preKeyDeleted) await device.records.changePreKeys({ remove: [pkId], add: [] });
  if (sessionLost) await device.records.forgetSessions(addressOf(file.get('alice')));
  for (let rotation = 1; rotation <= rotations; rotation++) {
    const id = (await device.records.signedPreKeyId()) + 1;
    await device.records.rotateSignedPreKey(generateSignedPreKey({ id, identityKeyPair: identityOf(file.get('bob')) }));
  }
}

function deliverFromAlice(device: ReplayedDevice, file: Recorded, entry: Recorded) {
  const { jid, deviceId: sid } = addressOf(file.get('alice'));
  const payload = file.get('payload').get('ciphertext').bytes();
  return deliver(
    device,
    jid,
    encryptedFor(device.address, { sid, kex: true, key: entry.get('wire').bytes(), payload }),
  );
}

function compareRatchetKey(compare: Comparison, file: Recorded, honest: Recorded): void {
  const { message } = decodeKeyExchange(honest.get('wire').bytes());
  const { dhPub } = decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
  const recorded = file.get('honest_ratchet_priv_of_alice').bytes();
  compare.bytes('its public half', x25519KeyPair(recorded).publicKey, dhPub);
}
