import { bareChainKeys, bareHkdf, bareTag } from './bare-sha256.ts';
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

/** HMAC and HKDF over the compression function of noble, with nothing around it. */
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
];

function way(operation: Way['operation'], run: () => unknown): Way {
  return { operation, name: 'framed by hand', maker: 'framed by hand', run };
}
