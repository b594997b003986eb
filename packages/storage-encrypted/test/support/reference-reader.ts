import crypto from 'node:crypto';
import { xchacha20Poly1305Open } from '@omemo-kit/primitives/at-rest';

/** A record of the store below, with bytes in hex. */
export interface DumpedRecord {
  readonly key: string;
  readonly version: number;
  readonly revision: string;
  readonly value: string;
}

export type DumpedUnlock = { readonly key: string } | { readonly passphrase: string };

/** Format 1 read as the README describes it, on node:crypto, with nothing of the sources: what another program would do. */
export function readFormat1(unlock: DumpedUnlock, stored: readonly DumpedRecord[]): DumpedRecord[] {
  const header = stored.find(({ key }) => key === 'omemo-kit.encrypted/header')!;
  const dataKey = dataKeyOf(unlock, bytes(header.value));
  const [nameKey, valueKey] = ['names', 'values'].map((use) => derive(dataKey, new Uint8Array(0), use)) as [
    Uint8Array,
    Uint8Array,
  ];
  return stored
    .filter((each) => each !== header)
    .map(({ key: hiddenKey, version, revision, value }) => {
      const context = Buffer.concat([Buffer.from([1, version >> 8, version & 255]), bytes(revision), utf8(hiddenKey)]);
      const plaintext = open(valueKey, bytes(value), context);
      const length = plaintext.readUInt32BE(0);
      const key = plaintext.subarray(4, 4 + length).toString('ascii');
      if (hide(nameKey, key) !== hiddenKey) throw new Error(`${key} is not hidden as ${hiddenKey}`);
      return { key, version, revision, value: plaintext.subarray(4 + length).toString('hex') };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function dataKeyOf(unlock: DumpedUnlock, header: Buffer): Buffer {
  const content = header.subarray(0, 29 + 72);
  if (!crypto.createHash('sha256').update(content).digest().equals(header.subarray(101))) throw new Error('checksum');
  const salt = content.subarray(13, 29);
  if (content[0] !== ('key' in unlock ? 0 : 1)) throw new Error('the other kind of lock');
  const master =
    'key' in unlock
      ? bytes(unlock.key)
      : crypto.argon2Sync('argon2id', {
          message: unlock.passphrase.normalize('NFKC'),
          nonce: salt,
          memory: content.readUInt32BE(1),
          passes: content.readUInt32BE(5),
          parallelism: content.readUInt32BE(9),
          tagLength: 32,
        });
  const context = Buffer.concat([labelOf('data key'), content.subarray(0, 29)]);
  return open(derive(master, salt, 'key-encryption key'), content.subarray(29), context);
}

function hide(nameKey: Uint8Array, key: string): string {
  const segments = key.split('/');
  const parts = segments.length > 16 ? [...segments.slice(0, 15), segments.slice(15).join('/')] : segments;
  let path: Buffer = Buffer.alloc(32);
  return parts
    .map((part) => {
      path = crypto.createHmac('sha256', nameKey).update(path).update(part).digest();
      return path.subarray(0, 16).toString('base64url');
    })
    .join('/');
}

function open(key: Uint8Array, sealed: Buffer, associatedData: Uint8Array): Buffer {
  const [nonce, ciphertext] = [sealed.subarray(0, 24), sealed.subarray(24)];
  return Buffer.from(xchacha20Poly1305Open({ key, nonce, ciphertext, associatedData }));
}

function derive(key: Uint8Array, salt: Uint8Array, use: string): Uint8Array {
  return new Uint8Array(crypto.hkdfSync('sha256', key, salt, labelOf(use), 32));
}

function labelOf(use: string): Buffer {
  return utf8(`omemo-kit encrypted store 1: ${use}`);
}

function bytes(hex: string): Buffer {
  return Buffer.from(hex, 'hex');
}

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}
