import {
  decodeAuthenticatedMessage,
  decodeKeyContent,
  decodeKeyExchange,
  decodeOmemoMessage,
  encodeAuthenticatedMessage,
  encodeOmemoMessage,
} from '@omemo-kit/omemo-wire';
import { expectEqual } from '../expect-equal.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateFields } from '../mutate/fields.ts';
import { wireRefusal } from '../refusals.ts';
import { ACCEPTED, type OpenTarget, type Target } from '../target.ts';
import { type WireSamples, wireSamples } from './wire-samples.ts';

/** The protobuf messages of section 12. */
export const protobufTargets: readonly Target[] = [
  target(
    'protobuf: OMEMOMessage',
    ({ inner }) => inner,
    (bytes) => {
      const read = decodeOmemoMessage(bytes);
      expectEqual(decodeOmemoMessage(encodeOmemoMessage(read)), read);
    },
  ),
  target(
    'protobuf: OMEMOAuthenticatedMessage',
    ({ authenticated }) => authenticated,
    (bytes) => {
      const read = decodeAuthenticatedMessage(bytes);
      expectEqual(decodeAuthenticatedMessage(encodeAuthenticatedMessage(read)), read);
    },
  ),
  target('protobuf: OMEMOKeyExchange', ({ keyExchanges }) => keyExchanges, decodeKeyExchange),
  target(
    'protobuf: content of a key',
    ({ keyExchanges, authenticated }) => [...keyExchanges, ...authenticated],
    (bytes) => {
      const { message } = decodeKeyContent(bytes);
      decodeOmemoMessage(decodeAuthenticatedMessage(message).message);
    },
  ),
];

function target(
  name: string,
  of: (samples: WireSamples) => readonly Uint8Array[],
  read: (bytes: Uint8Array) => unknown,
): Target {
  return {
    name,
    async open(): Promise<OpenTarget> {
      const samples = await wireSamples();
      const own = of(samples);
      const others = [...own, ...samples.inner, ...samples.authenticated, ...samples.keyExchanges];
      return {
        generate: (draw) => (draw.once(2) ? mutateFields : mutateBytes)(draw, draw.pick(own), others),
        run: (input) => {
          try {
            read(input as Uint8Array);
            return ACCEPTED;
          } catch (error) {
            return wireRefusal(error);
          }
        },
      };
    },
  };
}
