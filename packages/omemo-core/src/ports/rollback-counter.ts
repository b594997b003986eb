/**
 * A number that lives outside the store and outside every copy made of it: a file that backups and snapshots leave out, a
 * keychain, a record at a server. With it an old copy of the store is told for certain, before a message key is used
 * twice (S28).
 */
export interface RollbackCounter {
  /** The number kept, undefined when there is none yet. */
  read(): Promise<number | undefined>;
  /** Keeps the larger of this number and the one kept, durably. Several processes may call it, in any order. */
  raise(to: number): Promise<void>;
}
