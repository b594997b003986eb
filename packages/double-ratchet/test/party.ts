import { Secret, x25519KeyPair } from '@omemo-kit/primitives';
import {
  initiatorState,
  type RatchetEncryption,
  RatchetError,
  type RatchetHeader,
  type RatchetParameters,
  type RatchetState,
  ratchetDecrypt,
  ratchetEncrypt,
  recipientState,
  SkippedMessageKeys,
} from '../src/index.ts';
import { headerAead } from './header-aead.ts';

export const parameters: RatchetParameters = {
  rootKeyInfo: new TextEncoder().encode('test root chain'),
  maxSkip: 1000,
  maxStoredSkipped: 1000,
};

export const associatedData: Uint8Array = new TextEncoder().encode('Alice, Bob');

export interface Sent {
  readonly header: RatchetHeader;
  readonly message: Uint8Array;
}

/** Somebody who keeps a state and skipped message keys, as an application does. */
export class Party {
  state: RatchetState;
  readonly keys: SkippedMessageKeys = new SkippedMessageKeys();
  parameters: RatchetParameters;

  constructor(state: RatchetState, limits: Partial<RatchetParameters> = {}) {
    this.state = state;
    this.parameters = { ...parameters, ...limits };
  }

  send(text: string): Sent {
    const { state, header, message } = this.seal(text);
    this.state = state;
    return { header, message };
  }

  seal(text: string): RatchetEncryption {
    return ratchetEncrypt({
      state: this.state,
      plaintext: new TextEncoder().encode(text),
      associatedData,
      aead: headerAead,
      parameters: this.parameters,
    });
  }

  /** Decrypts and keeps the result; throws and keeps everything as it was. */
  read({ header, message }: Sent): string {
    const decryption = ratchetDecrypt({
      state: this.state,
      header,
      message,
      associatedData,
      aead: headerAead,
      parameters: this.parameters,
      skippedMessageKey: this.keys.find(header),
    });
    this.state = decryption.state;
    this.keys.apply(decryption);
    return new TextDecoder().decode(decryption.plaintext);
  }
}

/** Alice, who writes first, and Bob. */
export function createPair(limits: Partial<RatchetParameters> = {}): { alice: Party; bob: Party } {
  const sharedSecret = new Secret(new Uint8Array(32).fill(0x5c));
  const ownRatchetKey = x25519KeyPair(new Uint8Array(32).fill(0xb0));
  return {
    alice: new Party(initiatorState({ sharedSecret, otherRatchetKey: ownRatchetKey.publicKey, parameters }), limits),
    bob: new Party(recipientState({ sharedSecret, ownRatchetKey }), limits),
  };
}

/** The RatchetError that the step throws; anything else fails the test. */
export function errorOf(step: () => unknown): RatchetError {
  try {
    step();
  } catch (error) {
    if (error instanceof RatchetError) return error;
    throw error;
  }
  throw new RatchetError('invalid-argument', { details: { argument: 'the step did not throw' } });
}

export function codeOf(step: () => unknown): string {
  return errorOf(step).code;
}
