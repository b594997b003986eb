import { WireError } from './wire-error.ts';

declare const brand: unique symbol;

/** A device id as read: 0..2^32-1 (the schema's `xs:unsignedInt`; 0 is a value like any other). */
export type DeviceId = number & { readonly [brand]: 'DeviceId' };

const LARGEST_UINT32 = 0xffff_ffff;
const LARGEST_OWN_ID = 0x7fff_ffff;
const DIGITS = /^[0-9]{1,10}$/;

/**
 * An id of a device or key in an attribute. Only decimal digits: no sign, no white space, no exponent, no other radix,
 * because peers that read loosely read different ids. Throws `invalid-id`.
 */
export function parseId(text: string): number {
  if (DIGITS.test(text)) {
    const id = Number(text);
    if (id <= LARGEST_UINT32) return id;
  }
  throw new WireError('invalid-id', 'an id must be a decimal integer of 0..4294967295');
}

/** {@link parseId} for the id of a device. */
export function parseDeviceId(text: string): DeviceId {
  return parseId(text) as DeviceId;
}

/** An id of somebody else's device or key, to be written: anything that {@link parseId} could have read. */
export function writeForeignId(id: number, part: string): string {
  if (!Number.isInteger(id) || id < 0 || id > LARGEST_UINT32) {
    throw new WireError('invalid-id', `${part} must be an integer of 0..4294967295`, { details: { part } });
  }
  return String(id);
}

/** An id that the own account published: 1..2^31-1 (XEP-0384 5.1 and 5.3.2). */
export function writeOwnId(id: number, part: string): string {
  if (!Number.isInteger(id) || id < 1 || id > LARGEST_OWN_ID) {
    throw new WireError('invalid-id', `${part} must be an integer of 1..2147483647`, { details: { part } });
  }
  return String(id);
}
