/**
 * Where in its work a victim can be killed. The names are printed.
 *
 * `read → commit`: records were read, and nothing is written of what follows from them. Where the commit turns out to
 * move no ratchet it is an `other commit` from then on; a step that only reads leaves the window within microseconds.
 * `committing` is a commit that moves a ratchet.
 */
export const WINDOWS = [
  'starting',
  'idle',
  'reading',
  'read → commit',
  'committing',
  'commit → sending',
  'sending',
  'sent → forgotten',
  'commit → showing',
  'showing → ack',
  'other commit',
  'asking the server',
] as const;

export type Window = (typeof WINDOWS)[number];

/** The windows that the state of a ratchet is decided in: at least 30 % of all kills have to fall there. */
export const DECISIVE_WINDOWS: readonly Window[] = ['read → commit', 'commit → sending'];

/** What a victim is asked to do in a window when it gets there for the `occurrence`th time, counted from 1. */
export interface Parking {
  readonly window: Window;
  readonly occurrence: number;
  /**
   * Stand still there until killed, or until `told` to go on, because it is something else that dies. `aim`: tell of it and
   * go on, for the parent to hit what cannot be stopped.
   */
  readonly until: 'killed' | 'told' | 'aim';
}

export interface WindowsOptions {
  /** Tells the parent, before anything else happens. */
  tell(report: { readonly type: 'window' | 'parked' | 'aimed'; readonly window: Window }): void;
  /** Stands still; where it resolves, the parent said to go on. */
  standStill(until: Parking['until']): Promise<void>;
}

/** Tells the parent which window its victim is in, and stands still in the one that was asked for. */
export class Windows {
  readonly #options: WindowsOptions;
  #parking: Parking | undefined;
  #times = 0;
  #now: Window = 'starting';

  constructor(options: WindowsOptions) {
    this.#options = options;
  }

  park(parking: Parking | undefined): void {
    this.#parking = parking;
    this.#times = 0;
  }

  enter(window: Window): void {
    if (window === this.#now) return;
    this.#now = window;
    this.#options.tell({ type: 'window', window });
    if (this.#parking?.until !== 'aim' || !this.#comes(window)) return;
    this.#options.tell({ type: 'aimed', window });
  }

  /** Enters a window at a place where a victim may be asked to stand still in it. */
  async gate(window: Window): Promise<void> {
    this.enter(window);
    const until = this.#parking?.until;
    // Who is aimed at and can stop stays for the shot.
    const stays = until === 'aim' ? this.#isAimedAt(window) : this.#comes(window);
    if (until === undefined || !stays) return;
    this.#parking = undefined;
    this.#options.tell({ type: 'parked', window });
    await this.#options.standStill(until);
  }

  #comes(window: Window): boolean {
    return this.#parking?.window === window && ++this.#times === this.#parking.occurrence;
  }

  #isAimedAt(window: Window): boolean {
    return this.#parking?.window === window && this.#times >= this.#parking.occurrence;
  }
}
