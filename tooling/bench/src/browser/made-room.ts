import { omemo2 } from '@omemo-kit/omemo-core';
import { identityKeyPairFromSeed, randomBytes } from '@omemo-kit/primitives';
import { generatePreKeys, generateSignedPreKey } from '@omemo-kit/x3dh';

/** A room of people whose devices nobody has met, as plain data: what a server would answer about them. */
export interface MadeRoom {
  readonly members: readonly { readonly jid: string; readonly deviceIds: readonly number[] }[];
  /** `<bundle/>` by device id. */
  readonly bundles: Readonly<Record<number, string>>;
}

const DEVICES_OF_ONE = 2;

/** Made in Node, where keys are quick to make. All have the same 100 pre-keys: to whom reads a bundle it is all the same. */
export function makeRoom(devices: number): MadeRoom {
  const preKeys = generatePreKeys({ firstId: 1, count: 100 }).map(({ id, keyPair: { publicKey } }) => ({
    id,
    publicKey,
  }));
  const bundles: Record<number, string> = {};
  const members: { jid: string; deviceIds: number[] }[] = [];
  for (let deviceId = 1; deviceId <= devices; deviceId++) {
    const identityKeyPair = identityKeyPairFromSeed(randomBytes(32));
    const { id, keyPair, signature } = generateSignedPreKey({ id: 1, identityKeyPair });
    const signedPreKey = { id, publicKey: keyPair.publicKey, signature };
    const bundle = { identityKey: identityKeyPair.publicKey, signedPreKey, preKeys };
    bundles[deviceId] = omemo2.elements.writeBundle(bundle).toString();
    if (deviceId % DEVICES_OF_ONE === 1) members.push({ jid: `member-${deviceId}@example.org`, deviceIds: [] });
    members.at(-1)?.deviceIds.push(deviceId);
  }
  return { members, bundles };
}
