import { Ejabberd, Prosody } from '@omemo-kit/interop';
import { describePeer } from '@omemo-kit/interop/vitest';
import { afterAll, beforeAll, describe } from 'vitest';
import { LoopbackUnderTest } from './loopback-under-test.ts';
import { RealServerUnderTest, ServerProcess } from './real-server-under-test.ts';
import type { ServerUnderTest } from './server-under-test.ts';

const ACCOUNTS = 48;
const MAX_ITEMS = 1_000;

/**
 * `describe` for a scenario: its tests run on the loopback server, on Prosody and on ejabberd, each over TCP and over
 * WebSocket. A server that is not installed is skipped by name with the install line, or fails under `OMEMO_REQUIRE_PEERS=1`.
 */
export function describeEachServer(title: string, block: (server: ServerUnderTest) => void): void {
  describe(title, () => {
    describe('on the loopback server', () => block(new LoopbackUnderTest()));
    for (const software of ['prosody', 'ejabberd'] as const) {
      describePeer(software, `on ${software === 'prosody' ? 'Prosody' : 'ejabberd'}`, () => onReal(software, block));
    }
  });
}

function onReal(software: 'prosody' | 'ejabberd', block: (server: ServerUnderTest) => void): void {
  const { start } = software === 'prosody' ? Prosody : Ejabberd;
  const process = new ServerProcess({
    software,
    accounts: ACCOUNTS,
    start: (accounts) => start({ accounts, maxItems: MAX_ITEMS }),
  });
  beforeAll(() => process.start());
  afterAll(() => process.close());
  for (const wire of ['TCP', 'WebSocket'] as const) {
    describe(`over ${wire}`, () => block(new RealServerUnderTest(process, wire)));
  }
}
