import { type BareJid, bareJid } from '@omemo-kit/omemo-wire';
import { type Ed25519PublicKey, ed25519ToX25519 } from '@omemo-kit/primitives';
import { OmemoError } from '../errors.ts';
import { fromHex, toHex } from '../records/bytes.ts';
import type { UriFault } from './uri-fault.ts';

/** A device with the key that people compare: the identity key in its Curve25519 form, 32 bytes. */
export interface ComparedDevice {
  readonly deviceId: number;
  readonly curve25519: Uint8Array;
}

export interface VerificationUri {
  /** Bare JID of the account. */
  readonly jid: BareJid;
  readonly devices: readonly ComparedDevice[];
}

/** The key of a device of OMEMO 2; `omemo-sid-` of Conversations is one of the older protocol. */
const DEVICE_KEY = 'omemo2-sid-';
const MAX_DEVICES = 128;
const MAX_LENGTH = 16_384;

/**
 * Writes what a QR code carries: `xmpp:JID?omemo2-sid-ID=HEX;…`. The shape is that of Conversations, the key for OMEMO 2 that of
 * Moxxy; the digits are those that people would compare otherwise, the Curve25519 form (XEP-0384 section 8, X42).
 */
export function writeVerificationUri(
  jid: BareJid,
  devices: readonly { readonly deviceId: number; readonly identityKey: Ed25519PublicKey }[],
): string {
  const pairs = devices.map(
    ({ deviceId, identityKey }) => `${DEVICE_KEY}${deviceId}=${toHex(ed25519ToX25519(identityKey))}`,
  );
  // A JID has one "@" that counts; whatever else RFC 5122 wants escaped is.
  const address = encodeURIComponent(jid).replace('%40', '@');
  return `xmpp:${address}?${pairs.join(';')}`;
}

/**
 * Reads such a URI strictly: whatever says something about OMEMO 2 devices has to be right. Pairs of other protocols are left
 * alone, for codes carry several.
 *
 * @throws OmemoError `unreadable-uri`.
 */
export function readVerificationUri(uri: string): VerificationUri {
  if (typeof uri !== 'string' || !/^xmpp:/iu.test(uri)) throw unreadable('not-a-uri');
  if (uri.length > MAX_LENGTH) throw unreadable('too-long');
  const [, address = '', query = ''] = /^xmpp:([^?#/]+)(?:\?([^#]*))?$/iu.exec(uri) ?? [];
  const jid = accountIn(address);
  const devices: ComparedDevice[] = [];
  for (const pair of query.split(/[;&]/u)) {
    const [name = '', ...values] = pair.split('=');
    if (!name.toLowerCase().startsWith(DEVICE_KEY)) continue;
    const device = { deviceId: deviceIdIn(name.slice(DEVICE_KEY.length)), curve25519: keyIn(values.join('=')) };
    if (devices.some(({ deviceId }) => deviceId === device.deviceId)) throw unreadable('repeated');
    devices.push(device);
  }
  if (devices.length === 0) throw unreadable('no-devices');
  if (devices.length > MAX_DEVICES) throw unreadable('too-many-devices');
  return { jid, devices };
}

function accountIn(address: string): BareJid {
  try {
    return bareJid(decodeURIComponent(address));
  } catch (cause) {
    throw unreadable('not-an-account', cause);
  }
}

function deviceIdIn(digits: string): number {
  const id = /^(0|[1-9]\d{0,9})$/u.test(digits) ? Number(digits) : Number.NaN;
  // 0 and ids above 2^31 - 1 are of clients that go beyond the specification (X32).
  if (id <= 0xffff_ffff) return id;
  throw unreadable('device-id');
}

function keyIn(digits: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/iu.test(digits)) throw unreadable('fingerprint');
  return fromHex(digits.toLowerCase());
}

function unreadable(reason: UriFault, cause?: unknown): OmemoError<'unreadable-uri'> {
  return new OmemoError('unreadable-uri', `this is no URI of OMEMO identity keys: ${reason}`, {
    details: { reason },
    cause,
  });
}
