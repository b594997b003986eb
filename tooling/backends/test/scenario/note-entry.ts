/// <reference lib="dom" />
/** Runs in a page or a worker: something to call, and something that a profile keeps. */
export function add(a: number, b: number): number {
  return a + b;
}

export function reversed(bytes: Uint8Array): Uint8Array {
  return bytes.toReversed();
}

export function fail(): never {
  throw new RangeError('out of range');
}

export function forever(): Promise<never> {
  return new Promise(() => {});
}

export function note(text: string): void {
  localStorage.setItem('note', text);
}

export function noted(): string | null {
  return localStorage.getItem('note');
}

/** Whether text can be run as code. */
export function evaluates(): boolean {
  try {
    return new Function('return true')() as boolean;
  } catch {
    return false;
  }
}

export function place(): { origin: string; isSecure: boolean } {
  return { origin, isSecure: isSecureContext };
}
