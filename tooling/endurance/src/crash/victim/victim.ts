import {
  blindTrustBeforeVerification,
  Omemo,
  type ReadMessage,
  type RejectedMessage,
  textBody,
  textOf,
} from '@omemo-kit/omemo-core';
import { parseXml } from '@omemo-kit/omemo-wire';
import { OpenCalls } from '../../remote/open-calls.ts';
import { RemoteTransport } from '../../remote/remote-transport.ts';
import type { OpenedStore } from '../../stores/opened-store.ts';
import { sendBeforeCommit } from '../broken/early-ciphertext.ts';
import { splitCommits } from '../broken/split-commit.ts';
import { describe } from './describe.ts';
import { distinctPreKeys } from './distinct-pre-keys.ts';
import type { Order, Report, VictimOptions } from './messages.ts';
import { recordProblems } from './record-problems.ts';
import { watchedCalls } from './watched-calls.ts';
import { WatchedStore } from './watched-store.ts';
import { Windows, type WindowsOptions } from './windows.ts';

export interface VictimSurroundings {
  readonly tell: (report: Report) => void;
  readonly standStill: WindowsOptions['standStill'];
  readonly openStore: () => Promise<OpenedStore>;
}

const MINUTE = 60_000;

/**
 * The application that is killed: sends what it is told, receives, shows each message to its parent and acknowledges it.
 * It does one thing after the other, so that the window it is in is always one.
 */
export class Victim {
  readonly #omemo: Omemo;
  readonly #calls: OpenCalls;
  readonly #windows: Windows;
  readonly #tell: (report: Report) => void;
  readonly #showing = new Map<string, () => void>();
  #jobs: Promise<void> = Promise.resolve();

  private constructor(
    omemo: Omemo,
    parts: { readonly calls: OpenCalls; readonly windows: Windows; readonly tell: (report: Report) => void },
  ) {
    this.#omemo = omemo;
    this.#calls = parts.calls;
    this.#windows = parts.windows;
    this.#tell = parts.tell;
  }

  /** Opens the store and the device on it. Orders may come from then on; the first of them should be `reconnect`. */
  static async open(options: VictimOptions, { tell, standStill, openStore }: VictimSurroundings): Promise<Victim> {
    const { jid, life, defect, parking } = options;
    const windows = new Windows({ tell, standStill });
    windows.park(parking);
    const opened = await openStore();
    const { records, problems } = await recordProblems(opened.store, jid);
    tell({ type: 'opened', records, problems: [...(await opened.integrityProblems()), ...problems] });
    const calls = new OpenCalls(tell);
    const transport = new RemoteTransport(watchedCalls(calls, windows));
    const between = () => windows.gate('committing');
    const inner = defect === 'split-commit' ? splitCommits(opened.store, jid, between) : opened.store;
    const watched = new WatchedStore(inner, windows, jid);
    const omemo = await Omemo.open({
      jid,
      store: defect === 'early-ciphertext' ? sendBeforeCommit(watched, transport, jid) : watched,
      transport,
      trust: blindTrustBeforeVerification,
      upkeep: 'manual',
      limits: { preKeys: 25 },
      clock: () => Date.now() + life * MINUTE,
      randomness: distinctPreKeys(life * 7),
    });
    return new Victim(omemo, { calls, windows, tell });
  }

  obey(order: Order): void {
    if (order.type === 'answer') this.#calls.answered(order.id, order.answer);
    else if (order.type === 'stored') this.#showing.get(order.id)?.();
    else if (order.type === 'park') this.#windows.park(order.parking);
    else if (order.type !== 'go-on') this.#job(order.type, () => this.#work(order));
  }

  #work(order: Exclude<Order, { readonly type: 'answer' | 'stored' | 'park' | 'go-on' }>): Promise<unknown> {
    switch (order.type) {
      case 'stanza':
        return this.#receive(order.number, order.stanza);
      case 'say':
        return this.#say(order.to, order.text);
      case 'reconnect':
        return this.#connect();
      case 'settle':
        return this.#settle();
      case 'replace-sessions':
        return this.#omemo.replaceSessions({ jid: order.jid });
      case 'rotate':
        return this.#omemo.rotateSignedPreKey();
    }
  }

  #job(what: string, run: () => Promise<unknown>): void {
    this.#jobs = this.#jobs.then(async () => {
      try {
        await run();
        this.#tell({ type: 'done', what });
      } catch (error) {
        this.#tell({ type: 'done', what, failed: describe(error) });
      }
      await this.#windows.gate('idle');
    });
  }

  /** What an application does with a new connection: shows what it may not have shown, and starts. */
  async #connect(): Promise<void> {
    const waiting = await this.#omemo.outbox();
    const redelivered = await this.#omemo.inbox();
    for (const message of redelivered) await this.#show(message);
    await this.#omemo.start();
    this.#tell({ type: 'up', redelivered: redelivered.length, waiting: waiting.length });
  }

  async #receive(number: number, stanza: string): Promise<void> {
    const result = await this.#omemo.receive(parseXml(stanza));
    this.#tell({ type: 'handled', number, result: result.type, ...('code' in result ? { code: result.code } : {}) });
    if (result.type === 'message' || result.type === 'rejected') await this.#show(result);
    if (result.type === 'duplicate' && result.unacknowledged !== undefined) await this.#show(result.unacknowledged);
    if (result.type !== 'ignored' && result.type !== 'duplicate') await this.#omemo.settle();
  }

  async #show(message: ReadMessage | RejectedMessage): Promise<void> {
    const { id } = message;
    await this.#windows.gate('commit → showing');
    const stored = new Promise<void>((resolve) => this.#showing.set(id, resolve));
    const text = message.type === 'message' ? textOf(message.envelope) : `rejected: ${message.reason}`;
    this.#tell({ type: 'show', id, text: text ?? '' });
    await stored;
    this.#showing.delete(id);
    await this.#windows.gate('showing → ack');
    await this.#omemo.ack([id]);
  }

  async #say(to: string, text: string): Promise<void> {
    try {
      await this.#omemo.send({ to, content: [textBody(text)], id: text });
      this.#tell({ type: 'said', text });
    } catch (error) {
      this.#tell({ type: 'said', text, failed: describe(error) });
    }
  }

  async #settle(): Promise<void> {
    const failures = await this.#omemo.settle();
    const inbox = (await this.#omemo.inbox()).length;
    const outbox = (await this.#omemo.outbox()).length;
    const told = failures.map(({ debt, cause }) => `${debt}: ${describe(cause)}`);
    this.#tell({ type: 'settled', inbox, outbox, failures: told });
  }
}
