import type { Connection } from '@omemo-kit/loopback';
import { omemo2 } from '@omemo-kit/omemo-core';
import type { Element } from 'ltx';
import { askServer } from '../remote/ask-server.ts';
import type { Order, Report, WriterCounts } from './messages.ts';
import type { RunningWriter, WriterHost } from './writer-host.ts';

export interface CrewOptions {
  readonly host: WriterHost;
  readonly writers: number;
  readonly jid: string;
  /** The account's connection: all writers speak through it, and what comes is handed to one of them. */
  readonly connection: Connection;
  /** Brings a stanza to the server. */
  onOut(stanza: string): Promise<unknown>;
  /** A writer is told so many of its stanzas at a time that they are at the server. */
  readonly sentBatch: number;
}

interface Member {
  readonly running: RunningWriter;
  /** What it told, by type: waited for in turn. */
  readonly waiting: Map<Report['type'], (report: Report) => void>;
  readonly atServer: string[];
}

/** All writers of the account, seen from the parent. */
export class Crew implements AsyncDisposable {
  /** How often each text was read by any of them. */
  readonly read = new Map<string, number>();
  readonly troubles: string[] = [];
  readonly #options: CrewOptions;
  readonly #members: Member[] = [];
  readonly #sending = new Set<Promise<void>>();
  #next = 0;

  private constructor(options: CrewOptions) {
    this.#options = options;
    options.connection.onStanza((stanza) => this.#hand(stanza));
  }

  /** Starts all at once, on a store that has no device yet: they are to end up with one. */
  static async start(options: CrewOptions): Promise<Crew> {
    const crew = new Crew(options);
    try {
      const opened = await Promise.all(Array.from({ length: options.writers }, (_, n) => crew.#add(n)));
      if (new Set(opened).size > 1) crew.troubles.push(`the writers made several devices: ${opened.join(', ')}`);
      await crew.#all({ type: 'start' }, 'started');
    } catch (error) {
      await crew[Symbol.asyncDispose]();
      throw error;
    }
    return crew;
  }

  /** All write at once; resolves when the last one has written its last message. */
  async write(to: string, messages: number): Promise<void> {
    await this.#all({ type: 'write', to, messages }, 'written');
    while (this.#sending.size > 0) await Promise.all(this.#sending);
  }

  /** Pays what is owed, one after the other, once all that was handed out is read. */
  async settle(): Promise<void> {
    for (const member of this.#members) await this.#one(member, { type: 'settle' }, 'settled');
  }

  /** Tells the rest of what is at the server. */
  async tellSent(): Promise<void> {
    for (const member of this.#members) {
      if (member.atServer.length > 0) member.running.post({ type: 'sent', ids: member.atServer.splice(0) });
    }
  }

  /** One ends after the other, so that the last one sees what all have left. */
  async finish(): Promise<readonly WriterCounts[]> {
    const counts: WriterCounts[] = [];
    for (const member of this.#members) {
      const report = await this.#one(member, { type: 'finish' }, 'finished');
      if (report.type === 'finished') counts.push(report.counts);
      const left = await member.running.ended;
      if (left.trim() !== '') this.troubles.push(left);
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#members.map(({ running }) => running.kill()));
  }

  async #add(n: number): Promise<number> {
    const { host, jid } = this.#options;
    let opened = (_: number) => {};
    const deviceId = new Promise<number>((resolve) => {
      opened = resolve;
    });
    const waiting: Member['waiting'] = new Map();
    const early: Report[] = [];
    let member: Member | undefined;
    const running = await host.start({ jid, name: `writer-${n}` }, (report) => {
      if (report.type === 'opened') opened(report.deviceId);
      else if (member === undefined) early.push(report);
      else this.#heard(member, report);
    });
    member = { running, waiting, atServer: [] };
    this.#members.push(member);
    for (const report of early) this.#heard(member, report);
    const left = running.ended.then((text) => {
      throw new Error(`a writer ended before its time: ${text}`);
    });
    return Promise.race([deviceId, left]);
  }

  #heard(member: Member, report: Report): void {
    if (report.type === 'call') this.#serve(member, report);
    else if (report.type === 'out') this.#out(member, report);
    else if (report.type === 'read') this.read.set(report.text, (this.read.get(report.text) ?? 0) + 1);
    else if (report.type === 'trouble') this.troubles.push(`${report.during}: ${report.code} ${report.message}`);
    else {
      member.waiting.get(report.type)?.(report);
      member.waiting.delete(report.type);
    }
  }

  #serve({ running }: Member, { id, call }: Extract<Report, { type: 'call' }>): void {
    void askServer(this.#options.connection.transport, call).then((answer) =>
      running.post({ type: 'answer', id, answer }),
    );
  }

  #out(member: Member, { id, stanza }: Extract<Report, { type: 'out' }>): void {
    const sending: Promise<void> = this.#options
      .onOut(stanza)
      .then(() => {
        member.atServer.push(id);
        if (member.atServer.length < this.#options.sentBatch) return;
        member.running.post({ type: 'sent', ids: member.atServer.splice(0) });
      })
      .catch((error) => void this.troubles.push(String(error)))
      .finally(() => void this.#sending.delete(sending));
    this.#sending.add(sending);
  }

  /** What comes for the account is read by one of them, each in its turn. */
  #hand(stanza: Element): void {
    if (omemo2.elements.findEncrypted(stanza) === undefined) return;
    const member = this.#members[this.#next++ % this.#members.length];
    member?.running.post({ type: 'stanza', stanza: stanza.toString() });
  }

  async #all(order: Order, until: Report['type']): Promise<void> {
    await Promise.all(this.#members.map((member) => this.#one(member, order, until)));
  }

  #one(member: Member, order: Order, until: Report['type']): Promise<Report> {
    const answer = new Promise<Report>((resolve) => member.waiting.set(until, resolve));
    const ended = member.running.ended.then((left): Report => {
      throw new Error(`a writer ended before its time: ${left}`);
    });
    member.running.post(order);
    return Promise.race([answer, ended]);
  }
}
