import { importX25519PublicKey, Secret, x25519KeyPair } from '@omemo-kit/primitives';
import { describe, expect, test } from 'vitest';
import {
  initiatorState,
  needsSkippedLookup,
  RatchetError,
  type RatchetParameters,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  recipientState,
  SkippedMessageKeys,
} from '../../src/index.ts';
import { hex, unhex } from '../hex.ts';
import { decodeWire, encodeKeyExchange, type KeyExchange, omemoSeal, WireError } from './omemo-seal.ts';
import {
  codeFor,
  type DecryptStep,
  type EncryptStep,
  loadState,
  type RecordedState,
  readTranscripts,
  recordState,
  type Transcript,
} from './recording.ts';

interface Session {
  readonly state: RatchetState;
  readonly keys: SkippedMessageKeys;
  readonly associatedData: Uint8Array;
  /** What goes around our messages until the peer has answered. */
  readonly keyExchange?: KeyExchange | undefined;
}

/** Replays a recorded conversation, both sides, with the recorded draws as randomness. */
class Replay {
  readonly #transcript: Transcript;
  readonly #parameters: RatchetParameters;
  readonly #sessions = new Map<string, Session>();
  /** Private halves of all signed pre-keys that a device ever had, by public half. */
  readonly #signedPreKeys = new Map<string, string>();
  readonly count = { encrypt: 0, ok: 0, refused: 0, states: 0, draws: 0 };

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
    this.#parameters = {
      rootKeyInfo: new TextEncoder().encode('OMEMO Root Chain'),
      maxSkip: transcript.max_skip,
      maxStoredSkipped: transcript.max_skip,
    };
    for (const device of Object.values(transcript.devices)) this.#signedPreKeys.set(device.spk.pub, device.spk.priv);
  }

  run(): void {
    for (const step of this.#transcript.steps) {
      if (step.op === 'encrypt') this.#encrypt(step);
      if (step.op === 'decrypt' && step.expect === 'ok') this.#decrypt(step);
      if (step.op === 'decrypt' && step.expect === 'refuse') this.#refuse(step);
      if (step.op === 'bundle') this.#signedPreKeys.set(step.bundle.spk.pub, step.bundle.spk.priv);
      if (step.op === 'restart') this.#restart(step.by);
      if (step.state_after !== undefined) this.#expectState(step.by, step.state_after);
    }
    for (const [name, state] of Object.entries(this.#transcript.final)) this.#expectState(name, state);
  }

  #encrypt(step: EncryptStep): void {
    const session = step.built === null ? this.#session(step.by) : this.#initiate(step, step.built);
    const sent = ratchetEncrypt({
      state: session.state,
      plaintext: this.#keyMaterial(step),
      associatedData: session.associatedData,
      aead: omemoSeal,
      parameters: this.#parameters,
    });
    const { keyExchange } = session;
    const wire = step.kex && keyExchange ? encodeKeyExchange(keyExchange, sent.message) : sent.message;
    expect(hex(wire)).toBe(step.wire);
    this.#sessions.set(step.by, { ...session, state: sent.state });
    this.count.encrypt += 1;
  }

  #initiate(step: EncryptStep, built: NonNullable<EncryptStep['built']>): Session {
    const state = initiatorState({
      sharedSecret: new Secret(unhex(built.shared_secret)),
      otherRatchetKey: importX25519PublicKey(unhex(built.spk)),
      parameters: this.#parameters,
      randomness: this.#randomness(step),
    });
    return {
      state,
      keys: new SkippedMessageKeys(),
      associatedData: unhex(built.associated_data),
      keyExchange: {
        preKeyId: built.pk_id,
        signedPreKeyId: built.spk_id,
        identityKey: unhex(this.#transcript.devices[step.by]!.ik_ed25519),
        ephemeralKey: unhex(built.ek),
      },
    };
  }

  #decrypt(step: DecryptStep): void {
    const session = step.session === 'existing' ? this.#session(step.by) : this.#accept(step);
    const { header, message } = decodeWire(unhex(step.wire ?? this.#sent(step).wire));
    const lookup = needsSkippedLookup(session.state, header);
    if (!lookup) expect(session.keys.find(header)).toBeUndefined();
    const decryption = ratchetDecrypt({
      state: session.state,
      header,
      message,
      associatedData: session.associatedData,
      aead: omemoSeal,
      parameters: this.#parameters,
      randomness: this.#randomness(step),
      skippedMessageKey: lookup ? session.keys.find(header) : undefined,
    });
    expect(hex(decryption.plaintext)).toBe(hex(this.#keyMaterial(this.#sent(step))));
    session.keys.apply(decryption);
    this.#sessions.set(step.by, { ...session, state: decryption.state });
    this.count.ok += 1;
  }

  #refuse(step: DecryptStep): void {
    // Refused before there is a ratchet: the key exchange names a signed pre-key that is gone.
    if (step.error?.[0] === 'KeyExchangeFailed') return;
    const session = step.session === 'built' ? this.#accept(step) : this.#session(step.by);
    const before = recordState(session.state, session.keys);
    const drawn = this.count.draws;
    const wire = unhex(step.wire ?? this.#sent(step).wire);
    const code = codeOfRefusal(() => {
      const { header, message } = decodeWire(wire);
      ratchetDecrypt({
        state: session.state,
        header,
        message,
        associatedData: session.associatedData,
        aead: omemoSeal,
        parameters: this.#parameters,
        randomness: this.#randomness(step),
        skippedMessageKey: session.keys.find(header),
      });
    });
    expect(code).toBe(codeFor(step.error ?? [], wire));
    expect(recordState(session.state, session.keys)).toEqual(before);
    expect(this.count.draws).toBe(drawn);
    this.count.refused += 1;
  }

  /** A passive session, made for this message and not kept unless the message turns out to be good. */
  #accept(step: DecryptStep): Session {
    const { keyExchange } = decodeWire(unhex(this.#sent(step).wire));
    const built = this.#transcript.steps.find(
      (other): other is EncryptStep =>
        other.op === 'encrypt' && other.built?.ek === hex(keyExchange?.ephemeralKey ?? new Uint8Array()),
    )?.built;
    expect(built).toBeDefined();
    const privateKey = unhex(this.#signedPreKeys.get(built?.spk ?? '') ?? '');
    return {
      state: recipientState({
        sharedSecret: new Secret(unhex(built?.shared_secret ?? '')),
        ownRatchetKey: x25519KeyPair(privateKey),
      }),
      keys: new SkippedMessageKeys(),
      associatedData: unhex(built?.associated_data ?? ''),
    };
  }

  /** Through storage and back: what is stored has to be all there is. */
  #restart(name: string): void {
    const session = this.#sessions.get(name);
    if (session === undefined) return;
    const stored = { ...recordState(session.state, session.keys), associated_data: '' };
    const { state, keys } = loadState(stored);
    this.#sessions.set(name, { ...session, state, keys: new SkippedMessageKeys(keys) });
  }

  #session(name: string): Session {
    const session = this.#sessions.get(name);
    if (session === undefined) throw new WireError(`${name} has no session`);
    return session;
  }

  #sent(step: DecryptStep): EncryptStep {
    const sent = this.#transcript.steps.find(
      (other): other is EncryptStep => other.op === 'encrypt' && other.message === step.message,
    );
    if (sent === undefined) throw new WireError(`no message ${step.message}`);
    return sent;
  }

  #keyMaterial({ content }: EncryptStep): Uint8Array {
    return content === null ? new Uint8Array(32) : unhex(content.key + content.tag);
  }

  #randomness(step: EncryptStep | DecryptStep): { ratchetKey: () => Uint8Array } {
    const draws = (step.draws ?? []).filter(({ purpose }) => purpose === 'ratchet_priv').values();
    return {
      ratchetKey: () => {
        this.count.draws += 1;
        return unhex(draws.next().value?.value ?? '');
      },
    };
  }

  #expectState(name: string, recorded: RecordedState): void {
    const { state, keys, associatedData } = this.#session(name);
    const { root_key, own_ratchet_priv, own_ratchet_pub, other_ratchet_pub, sending, receiving, pn, skipped } = recorded;
    const ours = recordState(state, keys);
    expect(ours).toEqual({
      root_key,
      own_ratchet_priv,
      own_ratchet_pub,
      other_ratchet_pub,
      sending,
      receiving,
      pn,
      skipped: skipped ?? ours.skipped,
    });
    expect(hex(associatedData)).toBe(recorded.associated_data);
    expect(state.skippedCount).toBe(skipped?.length ?? recorded.skipped_count);
    expect(keys.size).toBe(state.skippedCount);
    this.count.states += 1;
  }
}

/** `read`, `wire` for damage outside the ratchet, or the code of the error. */
function codeOfRefusal(step: () => void): string {
  try {
    step();
    return 'read';
  } catch (error) {
    if (error instanceof RatchetError) return error.code;
    if (error instanceof WireError) return 'wire';
    throw error;
  }
}

const transcripts = readTranscripts();

test('the transcripts are there', () => {
  expect(transcripts.length).toBeGreaterThanOrEqual(6);
  expect(transcripts.map(({ max_skip }) => max_skip)).toEqual(expect.arrayContaining([10, 20, 1000]));
});

describe.each(transcripts)('$id: $about', (transcript) => {
  test('every byte and every state is as recorded', () => {
    const replay = new Replay(transcript);
    replay.run();
    const steps = transcript.steps.filter((step) => step.op === 'encrypt' || step.op === 'decrypt');
    const withoutRatchet = steps.filter((step) => step.op === 'decrypt' && step.error?.[0] === 'KeyExchangeFailed');
    const { encrypt, ok, refused } = replay.count;
    expect(encrypt + ok + refused).toBe(steps.length - withoutRatchet.length);
    const recordedStates = steps.filter(({ state_after }) => state_after !== undefined).length;
    expect(replay.count.states).toBe(recordedStates + Object.keys(transcript.final).length);
  });
});
