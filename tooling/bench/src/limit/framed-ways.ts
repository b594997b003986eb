import { cbc } from '@noble/ciphers/aes.js';
import { bareChainKeys, bareHkdf, bareTag } from './bare-sha256.ts';
import { nextCipherInput } from './cipher-inputs.ts';
import { inputs } from './inputs.ts';
import type { Way } from './way.ts';

/** Where results of HMAC go: whoever asks for them finds them there. */
const written = new Uint8Array(64);
const target = new DataView(written.buffer);
const firstWritten = written.subarray(0, 32);
const messageKeys = bareHkdf({ inputLength: 32, info: inputs.messageKeysInfo, length: 80 });
const rootKeys = bareHkdf({ inputLength: 32, info: inputs.rootInfo, length: 64 });
const agreedKey = bareHkdf({ inputLength: 160, info: inputs.agreementInfo, length: 32 });
const tag = bareTag(inputs.associatedData.length, inputs.serialized.length);

/** noble asks an array for its ArrayBuffer, which V8 has to make for one that was never asked: these have theirs. */
const aes = { key: whole(32), iv: whole(16), input: whole(64), output: whole(64) };
const WHOLE_BLOCKS = { disablePadding: true };

/** HMAC and HKDF over the compression function of noble, with nothing around it; its AES over arrays that live on. */
export const framedWays: readonly Way[] = [
  way('chainKeys', () => {
    bareChainKeys(inputs.chainKey, target);
    return written;
  }),
  way('messageKeys', () => messageKeys(inputs.messageKey)),
  way('rootKeys', () => rootKeys(inputs.messageKey, inputs.rootKey)),
  way('agreedKey', () => agreedKey(inputs.agreed)),
  way('tag', () => {
    tag(inputs.tagKey, inputs.associatedData, inputs.serialized, target);
    return firstWritten;
  }),
  way('encrypt', () => {
    const { key, iv, padded } = nextCipherInput();
    aes.key.set(key);
    aes.iv.set(iv);
    aes.input.set(padded);
    return cbc(aes.key, aes.iv, WHOLE_BLOCKS).encrypt(aes.input, aes.output);
  }),
  way('decrypt', () => {
    const { key, iv, ciphertext } = nextCipherInput();
    aes.key.set(key);
    aes.iv.set(iv);
    aes.input.set(ciphertext);
    return cbc(aes.key, aes.iv, WHOLE_BLOCKS).decrypt(aes.input, aes.output);
  }),
];

function whole(length: number): Uint8Array {
  return new Uint8Array(new ArrayBuffer(length));
}

function way(operation: Way['operation'], run: () => unknown): Way {
  return { operation, name: 'framed by hand', maker: 'framed by hand', run };
}
