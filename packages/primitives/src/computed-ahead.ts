import { constantTimeEqual } from './constant-time-equal.ts';
import type { CurveEngine } from './curve-engine.ts';
import type { CurveProvider } from './curve-provider.ts';
import { exposed, Secret } from './secret.ts';

type Operation = keyof CurveEngine;
type Inputs = readonly (Uint8Array | Secret)[];

interface Answer {
  readonly operation: Operation;
  readonly inputs: Inputs;
  /** 32 bytes; for a question of yes or no the one that was asked about, for only a yes is kept. */
  readonly result: Secret;
}

/**
 * Answers of an engine, each for one call of the provider with the same bytes. What is not among them, and whatever an engine refused, is
 * computed by the provider below: results and errors are the same, whatever was computed ahead.
 */
export class ComputedAhead {
  readonly provider: CurveProvider;
  readonly #answers: Answer[] = [];

  constructor(below: CurveProvider) {
    this.provider = {
      ...below,
      x25519PublicKey: (privateKey) => this.#take('x25519PublicKey', [privateKey]) ?? below.x25519PublicKey(privateKey),
      x25519: (privateKey, publicKey) =>
        this.#take('x25519', [privateKey, publicKey]) ?? below.x25519(privateKey, publicKey),
      isPrimeOrder: (publicKey, u) =>
        this.#take('isPrimeOrder', [publicKey]) !== undefined || below.isPrimeOrder(publicKey, u),
      ed25519Verify: (input) =>
        this.#take('ed25519Verify', [input.publicKey, input.signature, input.message]) !== undefined ||
        below.ed25519Verify(input),
    };
  }

  /** Keeps the arrays: nobody else may have them. */
  note(operation: Operation, inputs: Inputs, result: Uint8Array): void {
    this.#answers.push({ operation, inputs, result: new Secret(result) });
  }

  /** What is used is forgotten. */
  #take(operation: Operation, inputs: Inputs): Uint8Array | undefined {
    const at = this.#answers.findIndex((one) => one.operation === operation && isSame(one.inputs, inputs));
    return at < 0 ? undefined : this.#answers.splice(at, 1)[0]?.result.expose();
  }
}

function isSame(some: Inputs, others: Inputs): boolean {
  return some.every((one, at) => {
    const other = others[at];
    return other !== undefined && constantTimeEqual(exposed(one), exposed(other));
  });
}
