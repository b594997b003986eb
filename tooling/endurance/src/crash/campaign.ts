import type { VictimHost } from './hosts/victim-host.ts';
import { type KillPlan, killPlans } from './kills/kill-plan.ts';
import { momentOf } from './kills/strike.ts';
import { Life, LifeEnded } from './life.ts';
import { Report } from './report.ts';
import { SeededRandom } from './seeded-random.ts';
import { Texts, traffic } from './traffic.ts';
import { describe } from './victim/describe.ts';
import type { Defect, VictimOptions } from './victim/messages.ts';
import { World } from './world/world.ts';

export interface CampaignOptions {
  readonly cycles: number;
  readonly seed: number;
  readonly defect?: Defect;
  /** How each life ends; by default a mix that the seed draws. */
  readonly plans?: Iterator<KillPlan>;
  /** Told of each cycle that is over. */
  readonly onCycle?: (cycle: number) => void;
}

/**
 * Kills a victim and starts it again, cycle by cycle, on the one store of a host. After each kill everything is brought
 * to rest and all invariants are looked at; the first violation ends the campaign.
 */
export async function campaign(host: VictimHost, options: CampaignOptions): Promise<Report> {
  const run = new Campaign(host, options);
  await run.run();
  return run.report;
}

class Campaign {
  readonly report: Report;
  readonly #host: VictimHost;
  readonly #options: CampaignOptions;
  readonly #random: SeededRandom;
  readonly #world: World;
  readonly #texts = new Texts();
  #life: Life | undefined;
  readonly #totals = { redelivered: 0, resent: 0, lives: 0, survived: 0 };

  constructor(host: VictimHost, options: CampaignOptions) {
    this.#host = host;
    this.#options = options;
    this.report = new Report(host.name, options.seed);
    this.#random = new SeededRandom(options.seed);
    this.#world = new World(this.#random);
  }

  async run(): Promise<void> {
    try {
      const plans = this.#options.plans ?? killPlans(this.#random);
      while (this.report.cycles < this.#options.cycles && this.#isSound()) {
        const plan = plans.next();
        if (plan.done) break;
        await this.#cycle(plan.value);
        this.report.cycles += 1;
        this.#options.onCycle?.(this.report.cycles);
      }
      // What the last kill did is seen by the life after it.
      if (this.#isSound()) await this.#recovered(await this.#start());
    } catch (error) {
      this.#world.ledger.violation(`cycle ${this.report.cycles + 1}: ${describe(error)}`);
    }
    await this.#life?.kill();
    this.#finish();
  }

  #isSound(): boolean {
    return this.#world.violations.length === 0;
  }

  async #cycle(plan: KillPlan): Promise<void> {
    // A server may die alone, but not under a victim that is only coming up: who asks for that starts again.
    const alone = this.#host.server !== undefined && plan.phase === 'load' && this.#random.chance(0.5);
    const until = alone ? 'told' : 'killed';
    const parks = plan.how === 'parked' && plan.phase === 'recovery';
    const life = await this.#start(parks ? { parking: { ...plan.parking, until } } : {});
    let endTraffic = (): void => {};
    const trafficOver = new Promise<void>((resolve) => {
      endTraffic = resolve;
    });
    const strike = async (): Promise<void> => {
      await momentOf(plan, life, { trafficOver, until });
      await this.#kill(life, plan, until);
    };
    const live = async (strikeNow: () => Promise<void>): Promise<void> => {
      try {
        await this.#recovered(life);
        const tools = { random: this.#random, texts: this.#texts };
        if (this.#isSound()) await Promise.all([strikeNow(), traffic(life, this.#world, tools).finally(endTraffic)]);
      } catch (error) {
        if (!(error instanceof LifeEnded)) throw error;
      } finally {
        endTraffic();
      }
    };
    if (plan.phase === 'load') await live(strike);
    else await Promise.all([strike(), live(async () => {})]);
    this.#totals.redelivered += life.redelivered;
    this.#totals.resent += life.resent;
  }

  /** Brings a life up and everything to rest: everything must have come, and nothing may wait. */
  async #recovered(life: Life): Promise<void> {
    await life.recover();
    await life.rest();
    if (this.#isSound()) this.#world.ledger.close();
  }

  async #start(more: Pick<VictimOptions, 'parking'> = {}): Promise<Life> {
    const { defect } = this.#options;
    const options = { jid: this.#world.victimJid, life: ++this.#totals.lives, ...more };
    this.#life = await Life.start(this.#world, this.#host, defect === undefined ? options : { ...options, defect });
    return this.#life;
  }

  async #kill(life: Life, plan: KillPlan, until: 'killed' | 'told'): Promise<void> {
    const { server } = this.#host;
    if (!life.alive) return;
    life.struck = until === 'killed' ? 'itself' : 'its server';
    let { window } = life;
    if (server !== undefined) await server.crash();
    if (until === 'killed') await life.kill();
    // The last that a victim tells is heard after its death; one that outlives the server has gone on by now.
    if (server === undefined) window = life.window;
    this.report.kill(life.parked ?? window, plan.how === 'parked' && life.parked ? 'parked' : 'raced');
    if (server === undefined) return;
    await server.restart();
    if (life.alive) await this.#goOn(life);
  }

  /** The store's server died and the victim did not: it must find its way by itself. */
  async #goOn(life: Life): Promise<void> {
    life.post({ type: 'go-on' });
    await life.connect();
    await life.rest();
    this.#world.ledger.close();
    this.#totals.survived += 1;
    await life.kill();
  }

  #finish(): void {
    const { report } = this;
    const { ledger, spent, bundles } = this.#world;
    const counts: readonly (readonly [string, number])[] = [
      ['stanzas that left the victim', ledger.counts.left],
      ['of them sent again, with the same bytes', ledger.counts.leftAgain],
      ['copies that peers recognised', ledger.counts.copies],
      ['message keys emitted, each once', spent.size],
      ['messages shown by the victim', ledger.counts.shown],
      ['of them shown again, under the same id', ledger.counts.shownAgain],
      ['inbox entries found after a restart', this.#totals.redelivered],
      ['outbox entries found after a restart', this.#totals.resent],
      ['pre-keys used', bundles.used.size],
      ['bundles published', bundles.published],
      ...(this.#host.server === undefined ? [] : [['lives that outlived the server', this.#totals.survived] as const]),
    ];
    for (const [what, count] of counts) report.counts.set(what, count);
    report.violations = this.#world.violations;
    report.end();
  }
}
