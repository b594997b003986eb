import { readdirSync, readFileSync } from 'node:fs';
import { importX25519PublicKey, Secret, x25519KeyPair } from '@omemo-kit/primitives';
import type { HeldMessageKey, RatchetState, SkippedMessageKey } from '../../src/index.ts';
import { hex, unhex } from '../hex.ts';
import { decodeWire } from './omemo-seal.ts';

/** A session as python-omemo recorded it; skipped keys oldest first. */
export interface RecordedState {
  readonly root_key: string;
  readonly own_ratchet_priv: string;
  readonly own_ratchet_pub: string;
  readonly other_ratchet_pub: string;
  readonly sending: { readonly key: string; readonly n: number } | null;
  readonly receiving: { readonly key: string; readonly n: number } | null;
  readonly pn: number;
  readonly skipped?: readonly { readonly dh_pub: string; readonly n: number; readonly message_key: string }[];
  readonly skipped_count?: number;
  readonly associated_data: string;
}

interface RecordedDevice {
  readonly spk: { readonly id: number; readonly pub: string; readonly priv: string };
}

interface RecordedAgreement {
  readonly shared_secret: string;
  readonly associated_data: string;
}

interface Step {
  readonly i: number;
  readonly by: string;
  readonly draws?: readonly { readonly purpose: string; readonly value: string }[];
  readonly state_after?: RecordedState;
}

export interface EncryptStep extends Step {
  readonly op: 'encrypt';
  readonly message: number;
  readonly content: { readonly key: string; readonly tag: string } | null;
  readonly built:
    | (RecordedAgreement & { readonly ek: string; readonly pk_id: number; readonly spk_id: number; readonly spk: string })
    | null;
  readonly kex: boolean;
  readonly message_key?: string;
  readonly wire: string;
}

export interface DecryptStep extends Step {
  readonly op: 'decrypt';
  readonly message: number;
  readonly expect: 'ok' | 'refuse';
  /** Missing when the message was no message. */
  readonly session?: 'built' | 'existing' | 'replaced';
  readonly forged?: string;
  readonly wire?: string;
  readonly error?: readonly string[];
}

interface BundleStep extends Step {
  readonly op: 'bundle';
  readonly bundle: RecordedDevice;
}

interface RestartStep extends Step {
  readonly op: 'restart';
}

export interface Transcript {
  readonly id: string;
  readonly about: string;
  readonly max_skip: number;
  readonly devices: Readonly<Record<string, RecordedDevice & { readonly ik_ed25519: string }>>;
  readonly steps: readonly (EncryptStep | DecryptStep | BundleStep | RestartStep)[];
  readonly final: Readonly<Record<string, RecordedState>>;
}

export function readData<Content>(name: string): Content {
  return JSON.parse(readFileSync(new URL(`data/${name}.json`, import.meta.url), 'utf8')) as Content;
}

export function readTranscripts(): Transcript[] {
  const names = readdirSync(new URL('data/transcripts/', import.meta.url)).sort();
  return names.map((name) => readData<Transcript>(`transcripts/${name.replace('.json', '')}`));
}

/** A recorded state as one of ours. What python-omemo does not have, the held key and sequence numbers, starts anew. */
export function loadState(recorded: RecordedState): { state: RatchetState; keys: SkippedMessageKey[] } {
  const keys = (recorded.skipped ?? []).map(({ dh_pub, n, message_key }, sequence) => ({
    ratchetKey: unhex(dh_pub),
    messageNumber: n,
    messageKey: new Secret(unhex(message_key)),
    sequence,
  }));
  const chain = (recordedChain: { key: string; n: number } | null) =>
    recordedChain === null
      ? undefined
      : { key: new Secret(unhex(recordedChain.key)), messageNumber: recordedChain.n };
  const state: RatchetState = {
    rootKey: new Secret(unhex(recorded.root_key)),
    ownRatchetKey: x25519KeyPair(unhex(recorded.own_ratchet_priv)),
    otherRatchetKey: importX25519PublicKey(unhex(recorded.other_ratchet_pub)),
    sendingChain: chain(recorded.sending),
    receivingChain: chain(recorded.receiving),
    previousChainLength: recorded.pn,
    heldMessageKey: undefined,
    skippedCount: keys.length,
    skippedSequence: keys.length,
  };
  return { state, keys };
}

/** One of our states in the form of a recorded one. */
export function recordState(
  state: RatchetState,
  keys: Iterable<SkippedMessageKey>,
): Omit<RecordedState, 'associated_data'> {
  const chain = (ours: RatchetState['sendingChain']) =>
    ours === undefined ? null : { key: hex(ours.key.expose()), n: ours.messageNumber };
  return {
    root_key: hex(state.rootKey.expose()),
    own_ratchet_priv: hex(state.ownRatchetKey.privateKey.expose()),
    own_ratchet_pub: hex(state.ownRatchetKey.publicKey),
    other_ratchet_pub: hex(state.otherRatchetKey ?? new Uint8Array()),
    sending: chain(state.sendingChain),
    receiving: chain(state.receivingChain),
    pn: state.previousChainLength,
    skipped: Array.from(keys, (key: HeldMessageKey) => ({
      dh_pub: hex(key.ratchetKey),
      n: key.messageNumber,
      message_key: hex(key.messageKey.expose()),
    })),
  };
}

/** What we call the reason for which python-omemo refused a message. */
export function codeFor(errors: readonly string[], wire: Uint8Array): string {
  if (errors.includes('DuplicateMessageException')) return 'message-key-unavailable';
  if (errors.includes('DoSProtectionException')) return 'too-many-skipped';
  if (errors.includes('DecodeError') || wire.length === 0) return 'wire';
  if (!errors.includes('AuthenticationFailedException')) return 'invalid-ratchet-key';
  // Damage that sets the highest bit is found here at once: python-omemo lets X25519 ignore it and fails at the MAC.
  const highestByte = decodeWire(wire).header.ratchetKey[31] ?? 0;
  return highestByte >= 0x80 ? 'invalid-ratchet-key' : 'not-authentic';
}
