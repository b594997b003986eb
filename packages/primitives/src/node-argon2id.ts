// Node 22 has no `argon2`: a named import of it would not even link.
import crypto from 'node:crypto';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { Argon2idInput } from './argon2id.ts';

/** What `node:crypto` has since 24.7, where its OpenSSL has it (3.2 and later). */
type NodeArgon2 = Partial<Pick<typeof crypto, 'argon2' | 'argon2Sync'>>;

/** RFC 9106 5.3. */
const KNOWN_INPUT: Argon2idInput = {
  passphrase: new Uint8Array(32).fill(1),
  salt: new Uint8Array(16).fill(2),
  secret: new Uint8Array(8).fill(3),
  associatedData: new Uint8Array(12).fill(4),
  memoryKiB: 32,
  iterations: 3,
  parallelism: 4,
  length: 32,
};
const KNOWN_RESULT = '0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659';

/** Argon2id of OpenSSL on a thread of its own; undefined where there is none, or it gets a known answer wrong. */
export function findNativeArgon2id(
  from: NodeArgon2 = crypto,
): ((input: Argon2idInput) => Promise<Uint8Array>) | undefined {
  const { argon2, argon2Sync } = from;
  if (argon2 === undefined || argon2Sync === undefined) return undefined;
  try {
    if (bytesToHex(new Uint8Array(argon2Sync('argon2id', parametersOf(KNOWN_INPUT)))) !== KNOWN_RESULT)
      return undefined;
  } catch {
    return undefined;
  }
  return (input) =>
    new Promise((resolve, reject) => {
      argon2('argon2id', parametersOf(input), (error, derived) => {
        if (error === null) resolve(new Uint8Array(derived));
        else reject(error);
      });
    });
}

function parametersOf(input: Argon2idInput): crypto.Argon2Parameters {
  return {
    message: input.passphrase,
    nonce: input.salt,
    parallelism: input.parallelism,
    tagLength: input.length,
    memory: input.memoryKiB,
    passes: input.iterations,
    secret: input.secret,
    associatedData: input.associatedData,
  };
}
