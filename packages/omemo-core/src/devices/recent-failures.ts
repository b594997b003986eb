/** Milliseconds that what could not be fetched is left alone by messages to many. */
const STANDS_FOR = 60_000;
/** About twelve rooms of three hundred members, none of which answers. */
const MOST = 4_096;

/**
 * What could not be fetched a moment ago. A message to a room does not wait for the same dead server or device each time;
 * one to a single contact always tries.
 */
export class RecentFailures {
  readonly #failures = new Map<string, { readonly cause: unknown; readonly at: number }>();

  /** @param what JID of an account, or address of a device */
  note(what: string, cause: unknown, now: number): void {
    this.#failures.delete(what);
    this.#failures.set(what, { cause, at: now });
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > MOST && oldest !== undefined) this.#failures.delete(oldest);
  }

  of(what: string, now: number): { readonly cause: unknown } | undefined {
    const failure = this.#failures.get(what);
    return failure !== undefined && now - failure.at < STANDS_FOR && now >= failure.at ? failure : undefined;
  }
}
