import { deepEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { ComparedJob, Implementation } from './implementation.ts';

/** Work that was prepared: the first is timed, the second throws unless that did what it should. */
interface Work {
  run(): Promise<void>;
  check(): void | Promise<void>;
}

/** The jobs over any implementation, each call of it awaited, for all alike. */
export function comparedJobsOf(its: Implementation): Readonly<Record<ComparedJob, (units: number) => Promise<Work>>> {
  const plaintext = new Uint8Array(randomBytes(48));
  const checked = (opened: readonly Uint8Array[], units: number) => () => {
    if (opened.length !== units) throw new RangeError(`${opened.length} of ${units} were done`);
    for (const bytes of opened) deepEqual(new Uint8Array(bytes), plaintext);
  };
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
          checked([(await its.accept(recipient, messages[0])).plaintext], 1)();
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
      const opened: Uint8Array[] = [];
      return {
        async run() {
          for (const message of messages) opened.push((await its.accept(recipient, message)).plaintext);
        },
        check: checked(opened, units),
      };
    },
    async c(units) {
      pair ??= makePair();
      const [writer, reader] = await pair;
      const opened: Uint8Array[] = [];
      return {
        async run() {
          for (let unit = 0; unit < units; unit++) {
            opened.push(await its.decrypt(reader, await its.encrypt(writer, plaintext)));
          }
        },
        check: checked(opened, units),
      };
    },
    async d(units) {
      pair ??= makePair();
      let [writer, reader] = await pair;
      const opened: Uint8Array[] = [];
      return {
        async run() {
          for (let unit = 0; unit < units; unit++) {
            opened.push(await its.decrypt(reader, await its.encrypt(writer, plaintext)));
            [writer, reader] = [reader, writer];
          }
        },
        check: checked(opened, units),
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
          const opened: Uint8Array[] = [];
          // Each of them, or the next ones would leave more and more out.
          for (const [index, message] of messages.entries()) {
            opened.push(await its.decrypt(toMany[index]?.reader, message));
          }
          checked(opened, units)();
        },
      };
    },
    async g(units) {
      pair ??= makePair();
      const [writer, reader] = await pair;
      const messages: unknown[] = [];
      for (let unit = 0; unit < units; unit++) messages.push(await its.encrypt(writer, plaintext));
      const newestFirst = [...messages.slice(-1), ...messages.slice(0, -1)];
      const opened: Uint8Array[] = [];
      return {
        async run() {
          for (const message of newestFirst) opened.push(await its.decrypt(reader, message));
        },
        check: checked(opened, units),
      };
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
