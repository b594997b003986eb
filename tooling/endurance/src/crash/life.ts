import type { RunningVictim, VictimHost } from './hosts/victim-host.ts';
import type { Order, Report, VictimOptions } from './victim/messages.ts';
import type { Window } from './victim/windows.ts';
import type { World } from './world/world.ts';

/** The victim ended while it was waited for: killed, or by itself. */
export class LifeEnded extends Error {
  override readonly name = 'LifeEnded';
}

/** Milliseconds that anything may take which the victim was asked for. */
const PATIENCE = 30_000;
/** Rounds in which everything must have come to rest. */
const MOST_ROUNDS = 60;

type ReportOf<Type extends Report['type']> = Extract<Report, { readonly type: Type }>;

/** One life of the victim, from its start on the store that the last one left to its end. */
export class Life {
  /** Where it was last seen. */
  window: Window = 'starting';
  /** The window that it stands still in. */
  parked: Window | undefined;
  /** Says and stanzas that it has not answered. */
  outstanding = 0;
  redelivered = 0;
  resent = 0;
  alive = true;
  /** What has been killed: no more is to be asked of it, and what it does may fail from now on. */
  struck: 'itself' | 'its server' | undefined;
  #opened = false;
  #victim: RunningVictim | undefined;
  readonly #world: World;
  readonly #listeners = new Set<(report: Report) => void>();
  readonly #endings = new Set<() => void>();

  private constructor(world: World) {
    this.#world = world;
  }

  static async start(world: World, host: VictimHost, options: VictimOptions): Promise<Life> {
    const life = new Life(world);
    world.weather('kind');
    const victim = await host.start(options, (report) => life.#hear(report));
    life.#victim = victim;
    void victim.ended.then((errors) => life.#end(errors));
    return life;
  }

  post(order: Order): void {
    if (order.type === 'say') this.outstanding += 1;
    this.#victim?.post(order);
  }

  /** Kills it; resolves when everything that it told is taken in. */
  async kill(): Promise<void> {
    this.alive = false;
    this.struck = 'itself';
    this.#world.network.weather = 'gone';
    this.#world.mailbox.shut();
    await this.#victim?.kill();
  }

  /** Opens the store, shows what was not acknowledged, announces itself and gets what waits for it. */
  async recover(): Promise<void> {
    if (!this.#opened) await this.next('opened');
    if (this.#world.violations.length > 0) return;
    await this.connect();
  }

  /** A new connection, for a life that goes on as well. */
  async connect(): Promise<void> {
    this.#world.weather('kind');
    const up = this.next('up');
    this.post({ type: 'reconnect' });
    await up;
    this.#world.mailbox.open((number, stanza) => this.post({ type: 'stanza', number, stanza }));
  }

  /** Resolves when nothing is under way on either side and nothing waits in the inbox or the outbox. */
  async rest(): Promise<void> {
    let last = '';
    for (let round = 0; round < MOST_ROUNDS && this.#world.violations.length === 0; round++) {
      this.#world.mailbox.catchUp();
      await this.#world.quiet();
      const settled = this.next('settled');
      this.post({ type: 'settle' });
      const { inbox, outbox, failures } = await settled;
      await this.#world.quiet();
      last = `${this.#world.mailbox.unhandled} to be received, ${inbox} in the inbox, ${outbox} in the outbox, ${failures.join('; ')}`;
      if (last === '0 to be received, 0 in the inbox, 0 in the outbox, ') return;
      // What was handed over and never acknowledged goes out again with a new connection only.
      if (outbox > 0 && round % 4 === 3) await this.connect();
    }
    if (this.#world.violations.length === 0) throw new Error(`it does not come to rest: ${last}`);
  }

  /** The next report of this type. @throws LifeEnded */
  next<Type extends Report['type']>(type: Type): Promise<ReportOf<Type>> {
    return this.until((report) => report.type === type) as Promise<ReportOf<Type>>;
  }

  /** The next report that matches. @throws LifeEnded */
  async until(matches: (report: Report) => boolean): Promise<Report> {
    if (!this.alive) throw new LifeEnded();
    let clean = (): void => {};
    try {
      return await new Promise<Report>((resolve, reject) => {
        const listener = (report: Report): void => {
          if (matches(report)) resolve(report);
        };
        const ended = (): void => reject(new LifeEnded());
        const patience = setTimeout(() => reject(new Error(`nothing came from ${this.window}`)), PATIENCE);
        this.#listeners.add(listener);
        this.#endings.add(ended);
        clean = () => {
          clearTimeout(patience);
          this.#listeners.delete(listener);
          this.#endings.delete(ended);
        };
      });
    } finally {
      clean();
    }
  }

  #hear(report: Report): void {
    const { ledger } = this.#world;
    if (report.type === 'window') this.window = report.window;
    else if (report.type === 'parked') this.parked = report.window;
    else if (report.type === 'opened') this.#open(report);
    else if (report.type === 'call') void this.#call(report);
    else if (report.type === 'handled') this.#handled(report);
    else if (report.type === 'show') {
      ledger.show(report.id, report.text);
      this.post({ type: 'stored', id: report.id });
    } else if (report.type === 'said') {
      this.outstanding -= 1;
      if (report.failed === undefined) ledger.promise(report.text);
    } else if (report.type === 'up') {
      this.redelivered += report.redelivered;
      this.resent += report.waiting;
    } else if (report.type === 'done' && report.failed !== undefined && this.struck === undefined) {
      ledger.violation(`the victim's ${report.what} failed: ${report.failed}`);
    } else if (report.type === 'fatal' && this.struck !== 'itself')
      ledger.violation(`the victim gave up: ${report.what}`);
    for (const listener of [...this.#listeners]) listener(report);
  }

  #open({ records, problems }: ReportOf<'opened'>): void {
    this.#opened = true;
    // What follows would be a hundred other violations. No commit can do this: the backend has thrown the database away.
    if (records === 0 && this.#world.bundles.published > 0) {
      this.#world.ledger.violation('the store is empty: everything that was in it is gone');
    }
    for (const problem of problems) this.#world.ledger.violation(`integrity: ${problem}`);
  }

  async #call({ id, call }: ReportOf<'call'>): Promise<void> {
    const answer = await this.#world.network.call(call);
    if (answer !== undefined && this.alive) this.post({ type: 'answer', id, answer });
  }

  #handled({ number, result, code }: ReportOf<'handled'>): void {
    this.#world.handled(number);
    if (['message', 'empty', 'duplicate', 'device-list', 'ignored'].includes(result)) return;
    this.#world.ledger.violation(`the victim got stanza ${number}, which is ${result} ${code ?? ''}`);
  }

  #end(errors: string): void {
    if (this.struck !== 'itself')
      this.#world.ledger.violation(`the victim ended by itself in ${this.window}: ${errors}`);
    this.alive = false;
    for (const ended of [...this.#endings]) ended();
  }
}
