import type { CallReport, ServerAnswer, ServerCall } from './server-call.ts';

/** Calls that the parent has yet to answer, by number. */
export class OpenCalls {
  readonly #tell: (report: CallReport) => void;
  readonly #waiting = new Map<number, (answer: ServerAnswer) => void>();
  #calls = 0;

  constructor(tell: (report: CallReport) => void) {
    this.#tell = tell;
  }

  /** The parent is told before this returns. */
  ask(call: ServerCall): Promise<ServerAnswer> {
    const id = ++this.#calls;
    const answered = new Promise<ServerAnswer>((resolve) => this.#waiting.set(id, resolve));
    this.#tell({ type: 'call', id, call });
    return answered;
  }

  answered(id: number, answer: ServerAnswer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }
}
