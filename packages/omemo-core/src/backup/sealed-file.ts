import { concatBytes, PrimitivesError, randomBytes, type Secret, sha256 } from '@omemo-kit/primitives';
import { argon2id, xchacha20Poly1305Open, xchacha20Poly1305Seal } from '@omemo-kit/primitives/at-rest';
import { OmemoError } from '../errors.ts';
import { ByteReader, ByteWriter } from '../records/byte-stream.ts';
import { sameBytes } from '../records/bytes.ts';
import { fixedBytes, oneOf, optional, struct, u32 } from '../records/codec.ts';
import { type BackupProtection, isBearable, kindOf, passphraseCost, protectionKinds } from './protection.ts';

/**
 * Layout of a backup: `omemo-kit backup` and a line feed; the version of it all; how it is protected; the body. All before
 * the body is authenticated with it.
 */
const MAGIC = new TextEncoder().encode('omemo-kit backup\n');
const HASH = 32;

interface Header {
  readonly kind: (typeof protectionKinds)[number];
  readonly derivation:
    | {
        readonly memoryKiB: number;
        readonly iterations: number;
        readonly parallelism: number;
        readonly salt: Uint8Array;
      }
    | undefined;
  readonly nonce: Uint8Array;
}

const header = struct<Header>({
  kind: oneOf(...protectionKinds),
  derivation: optional(
    struct<NonNullable<Header['derivation']>>({
      memoryKiB: u32,
      iterations: u32,
      parallelism: u32,
      salt: fixedBytes(16),
    }),
  ),
  nonce: fixedBytes(24),
});

/** What is inside, with the version of its layout. */
export interface FileContent {
  readonly version: number;
  readonly value: Uint8Array;
}

/** @throws OmemoError `invalid-argument` for no protection, or a key that is none. */
export async function sealFile(content: FileContent, protection: BackupProtection): Promise<Uint8Array> {
  const kind = kindOf(protection);
  const derivation = kind === 'passphrase' ? { ...passphraseCost, salt: randomBytes(16) } : undefined;
  const about: Header = { kind, derivation, nonce: randomBytes(24) };
  const out = new ByteWriter();
  out.put(MAGIC);
  u32.write(out, content.version);
  header.write(out, about);
  const associatedData = out.finish();
  const key = await sealingKey(about, protection);
  if (key === undefined) {
    return concatBytes(associatedData, content.value, sha256(concatBytes(associatedData, content.value)));
  }
  try {
    const body = xchacha20Poly1305Seal({ key, nonce: about.nonce, associatedData, plaintext: content.value });
    return concatBytes(associatedData, body);
  } catch (cause) {
    throw new OmemoError('invalid-argument', 'a key is 32 bytes', { cause });
  }
}

/** @throws OmemoError `backup-unreadable`, with one text for a wrong key and a damaged file; `newer-schema`. */
export async function openFile(
  file: Uint8Array,
  expected: { readonly protection: BackupProtection; readonly newestVersion: number },
): Promise<FileContent> {
  const { protection, newestVersion } = expected;
  const kind = kindOf(protection);
  const input = new ByteReader(file);
  const { version, about } = orUnreadable(() => {
    if (!sameBytes(input.take(MAGIC.length), MAGIC)) throw unreadable();
    const version = u32.read(input);
    if (version <= newestVersion) return { version, about: header.read(input) };
    throw new OmemoError('newer-schema', `a backup of format ${version} was found, ${newestVersion} is known`);
  });
  if (about.kind !== kind) throw unreadable(`it is protected by: ${about.kind}`);
  const associatedData = file.subarray(0, input.offset);
  const body = file.subarray(input.offset);
  const key = await sealingKey(about, protection);
  if (key === undefined) {
    const value = body.subarray(0, Math.max(0, body.length - HASH));
    if (sameBytes(body.subarray(value.length), sha256(concatBytes(associatedData, value)))) return { version, value };
    throw unreadable();
  }
  const sealed = { key, nonce: about.nonce, associatedData, ciphertext: body };
  return { version, value: orUnreadable(() => xchacha20Poly1305Open(sealed)) };
}

async function sealingKey(about: Header, protection: BackupProtection): Promise<Uint8Array | Secret | undefined> {
  if (typeof protection === 'string') return undefined;
  if ('key' in protection) return protection.key;
  if (about.derivation === undefined || !isBearable(about.derivation)) throw unreadable();
  return argon2id({ passphrase: protection.passphrase, ...about.derivation, length: 32 });
}

function orUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof OmemoError && cause.code !== 'corrupt-record') throw cause;
    if (cause instanceof OmemoError || cause instanceof PrimitivesError) throw unreadable(undefined, cause);
    throw cause;
  }
}

function unreadable(why = 'it is damaged, or the passphrase or key is another', cause?: unknown): OmemoError {
  return new OmemoError('backup-unreadable', `this backup cannot be read: ${why}`, { cause });
}
