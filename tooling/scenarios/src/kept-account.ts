import type { MemorySnapshot } from '@omemo-kit/storage-memory';
import { SharedMemory } from '@omemo-kit/storage-memory';

/** An account as a release stored it, with what was on its way to it: plain JSON, bytes as base64. */
export interface KeptAccount {
  readonly jid: string;
  readonly deviceId: number;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
  readonly records: readonly { key: string; value: string; version: number; revision: string }[];
  /** Stanzas that had not come yet, in the order they are to be read, and what is in them. */
  readonly undelivered: readonly { readonly stanza: string; readonly text: string }[];
  /** What waits in the inbox and the outbox, by id. */
  readonly inbox: readonly string[];
  readonly outbox: readonly string[];
  /** Backups of the account: under 32 bytes of 7, and under the passphrase `passphrase`. */
  readonly backups: { readonly key: string; readonly passphrase: string };
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

export function fromBase64(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}

export function keptRecords(snapshot: MemorySnapshot): KeptAccount['records'] {
  return snapshot.map(({ key, value, version, revision }) => ({
    ...{ key, version },
    ...{ value: toBase64(value), revision: toBase64(revision) },
  }));
}

/** A memory with the records of the account, each schema version raised by `newer`. */
export function memoryOf({ records }: KeptAccount, newer = (_key: string) => 0): SharedMemory {
  const memory = new SharedMemory();
  memory.restore(
    records.map(({ key, value, version, revision }) => ({
      ...{ key, version: version + newer(key) },
      ...{ value: fromBase64(value), revision: fromBase64(revision) },
    })),
  );
  return memory;
}
