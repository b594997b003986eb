import { TransportError } from '@omemo-kit/omemo-core/ports';

export interface Wait {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which it is given up as `timeout`; never when left out. */
  readonly timeout?: number | undefined;
}

/**
 * A promise for something that comes by events, which also rejects with TransportError `aborted` or `timeout`. `start` gets
 * the two ends and may return what undoes it; that runs in any case, and nothing is left behind on a signal that lives on.
 */
export async function answerWithin<T>(
  { signal, timeout }: Wait,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => (() => void) | undefined,
): Promise<T> {
  if (signal?.aborted === true) throw aborted(signal);
  let undo: (() => void) | undefined;
  let abort: (() => void) | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      if (signal !== undefined) {
        abort = () => reject(aborted(signal));
        signal.addEventListener('abort', abort);
      }
      if (timeout !== undefined) {
        timer = setTimeout(() => reject(new TransportError('timeout', { message: 'no answer in time' })), timeout);
      }
      undo = start(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    if (abort !== undefined) signal?.removeEventListener('abort', abort);
    undo?.();
  }
}

function aborted(signal: AbortSignal): TransportError {
  return new TransportError('aborted', { message: 'aborted by the caller', cause: signal.reason });
}
