import type { Operations } from '../operations.ts';
import type { JobId } from './job.ts';

/** Sealing or opening one message in a chain: 7 HMACs and AES. */
const inChain: Operations = { chainKeys: 1, messageKeys: 1, tag: 1 };

const initiate: Operations = {
  ...inChain,
  // IK x SPK, EK x IK, EK x SPK, EK x OPK (X3DH 3.3), then the ratchet key x SPK.
  dh: 5,
  // IK as Ed25519 and as X25519, SPK, OPK.
  publicImport: 4,
  // EK and the ratchet key.
  privateKey: 2,
  verify: 1,
  map: 1,
  agreedKey: 1,
  rootKeys: 1,
  encrypt: 1,
};

/**
 * What OMEMO 2 cannot do without, for one unit of each job. The limit is made of exactly these, and a test counts that the
 * packages do no more. A key that stays ready between messages (the own identity, the signed pre-key, the own ratchet key) is not
 * imported again.
 */
export const operationCounts: Readonly<Record<JobId, Operations>> = {
  a: initiate,
  // The first sight of an identity key adds the check of its order.
  a1: { ...initiate, primeOrder: 1 },
  b: {
    ...inChain,
    // The four of X3DH 3.4, the receiving chain, and the sending chain for the answer.
    dh: 6,
    // IK as X25519, EK, the initiator's ratchet key.
    publicImport: 3,
    privateKey: 1,
    map: 1,
    agreedKey: 1,
    rootKeys: 2,
    decrypt: 1,
  },
  c: { chainKeys: 2, messageKeys: 2, tag: 2, encrypt: 1, decrypt: 1 },
  cw: { chainKeys: 2, messageKeys: 2, tag: 2, encrypt: 1, decrypt: 1 },
  d: {
    chainKeys: 2,
    messageKeys: 2,
    tag: 2,
    rootKeys: 2,
    dh: 2,
    publicImport: 1,
    privateKey: 1,
    encrypt: 1,
    decrypt: 1,
  },
  e: { privateKey: 101, sign: 1 },
  f: { ...inChain, encrypt: 1 },
  g: { ...inChain, decrypt: 1 },
};

/** What the packages do on purpose beyond the limit, for one unit. */
export interface Extra {
  readonly hmacs: number;
  readonly why: string;
}

export const extras: Readonly<Partial<Record<JobId, Extra>>> = {
  d: { hmacs: 1, why: 'the key of index pn of the chain that is left, for peers that send k-1 after k messages' },
};
