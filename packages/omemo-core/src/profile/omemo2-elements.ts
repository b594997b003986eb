import {
  findEncrypted,
  parseBundle,
  parseDevices,
  parseEncrypted,
  serializeBundle,
  serializeDevices,
  serializeEncrypted,
} from '@omemo-kit/omemo-wire';
import type { ElementCodec } from './profile.ts';

/** `<devices/>`, `<bundle/>` and `<encrypted/>` (XEP-0384 section 11). */
export const elementCodec: ElementCodec = {
  readDevices: (element, { maxDevices }) => parseDevices(element, { devicesPerList: maxDevices }),
  writeDevices: (devices) => serializeDevices(devices),
  readBundle(element) {
    const { spkId, spk, spks, ik, preKeys } = parseBundle(element);
    return { identityKey: ik, signedPreKey: { id: spkId, publicKey: spk, signature: spks }, preKeys };
  },
  writeBundle({ identityKey: ik, signedPreKey, preKeys }) {
    const { id: spkId, publicKey: spk, signature: spks } = signedPreKey;
    return serializeBundle({ spkId, spk, spks, ik, preKeys });
  },
  findEncrypted,
  readEncrypted: (element, recipient) => parseEncrypted(element, recipient),
  writeEncrypted: (message) => serializeEncrypted(message),
};
