import { randomBytes } from 'node:crypto';
import type { ComparedJob, Implementation } from './implementation.ts';
import { Opened } from './opened.ts';

/** Work that was prepared: the first is timed, the second throws unless that did what it should. */
interface Work {
  run(): Promise<void>;
  check(): void | Promise<void>;
}

/** The jobs over any implementation, each call of it awaited, for all alike. */
export function comparedJobsOf(its: Implementation): Readonly<Record<ComparedJob, (units: number) => Promise<Work>>> {
  const plaintext = new Uint8Array(randomBytes(48));
  let pair: Promise<[unknown, unknown]> | undefined;

  async function makePair(): Promise<[unknown, unknown]> {
    const recipient = await its.createDevice(1);
    const first = await its.begin(await its.createDevice(1), await its.bundleOf(recipient), plaintext);
    const { session } = await its.accept(recipient, first.message);
    await its.decrypt(first.session, await its.encrypt(session, plaintext));
    return [first.session, session];
  }

  const sender = once(() => its.createDevice(1));
  const toMany: { readonly writer: unknown; readonly reader: unknown }[] = [];

  /** A session more of one sender, which was answered. */
  async function addRecipient(): Promise<void> {
    const recipient = await its.createDevice(1);
    const first = await its.begin(await sender(), await its.bundleOf(recipient), plaintext);
    const { session: reader } = await its.accept(recipient, first.message);
    await its.decrypt(first.session, await its.encrypt(reader, plaintext));
    toMany.push({ writer: first.session, reader });
  }

  return {
    async a(units) {
      const [sender, recipient] = [await its.createDevice(1), await its.createDevice(1)];
      const bundles: unknown[] = [];
      for (let unit = 0; unit < units; unit++) bundles.push(await its.bundleOf(recipient));
      const messages: unknown[] = [];
      return {
        async run() {
          for (const bundle of bundles) messages.push((await its.begin(sender, bundle, plaintext)).message);
        },
        async check() {
          const opened = new Opened(plaintext, 1);
          opened.add((await its.accept(recipient, messages[0])).plaintext);
          opened.check();
        },
      };
    },
    async b(units) {
      const recipient = await its.createDevice(1);
      const messages: unknown[] = [];
      for (let unit = 0; unit < units; unit++) {
        const first = await its.begin(await its.createDevice(1), await its.bundleOf(recipient), plaintext);
        messages.push(first.message);
      }
      const opened = new Opened(plaintext, units);
      return {
        async run() {
          for (const message of messages) opened.add((await its.accept(recipient, message)).plaintext);
        },
        check: () => opened.check(),
      };
    },
    async c(units) {
      pair ??= makePair();
      const [writer, reader] = await pair;
      const opened = new Opened(plaintext, units);
      return {
        async run() {
          for (let unit = 0; unit < units; unit++) {
            opened.add(await its.decrypt(reader, await its.encrypt(writer, plaintext)));
          }
        },
        check: () => opened.check(),
      };
    },
    async d(units) {
      pair ??= makePair();
      let [writer, reader] = await pair;
      const opened = new Opened(plaintext, units);
      return {
        async run() {
          for (let unit = 0; unit < units; unit++) {
            opened.add(await its.decrypt(reader, await its.encrypt(writer, plaintext)));
            [writer, reader] = [reader, writer];
          }
        },
        check: () => opened.check(),
      };
    },
    async e(units) {
      const device = await its.createDevice(1);
      return {
        async run() {
          for (let unit = 0; unit < units; unit++) await its.renewPreKeys(device);
        },
        check() {},
      };
    },
    async f(units) {
      while (toMany.length < units) await addRecipient();
      const messages: unknown[] = [];
      return {
        async run() {
          for (const { writer } of toMany.slice(0, units)) messages.push(await its.encrypt(writer, plaintext));
        },
        async check() {
          const opened = new Opened(plaintext, units);
          // Each of them, or the next ones would leave more and more out.
          for (const [index, message] of messages.entries()) {
            opened.add(await its.decrypt(toMany[index]?.reader, message));
          }
          opened.check();
        },
      };
    },
    async g(units) {
      pair ??= makePair();
      const [writer, reader] = await pair;
      const messages: unknown[] = [];
      for (let unit = 0; unit < units; unit++) messages.push(await its.encrypt(writer, plaintext));
      const newestFirst = [...messages.slice(-1), ...messages.slice(0, -1)];
      const opened = new Opened(plaintext, units);
      return {
        async run() {
          for (const message of newestFirst) opened.add(await its.decrypt(reader, message));
        },
        check: () => opened.check(),
      };
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
