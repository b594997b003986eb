import { addressKey } from './crossed-sessions.ts';
import { FormatError } from './format-error.ts';
import type { Replay } from './kind.ts';
import type { Recorded } from './recorded.ts';
import { RecordedTransport } from './recorded-transport.ts';
import { ReplayedDevice } from './replayed-device.ts';
import { compareStoredState } from './session-of-recording.ts';
import { publishAll, type World } from './world.ts';
import type { WorldCounts } from './world-counts.ts';
import { WorldKeys } from './world-keys.ts';
import { replayReceive } from './world-receive.ts';
import type { WorldRole } from './world-role.ts';
import { replaySend } from './world-send.ts';

interface Options {
  readonly world: World;
  readonly replay: Replay;
  readonly counts: WorldCounts;
}

/** Replays a world as one of its devices: what it sends and reads by our code, everything else as recorded. */
export async function replayWorldAs(name: string, options: Options): Promise<void> {
  const transport = new RecordedTransport();
  const lists = new Map<string, readonly number[]>();
  let role: WorldRole | undefined;
  for (const [number, event] of options.world.events) {
    const op = event.get('op').oneOf('create', 'send', 'receive');
    const own = event.get(op === 'create' ? 'device' : 'by').text() === name;
    const published = publishAll(event, transport);
    for (const [jid, ids] of published) {
      lists.set(jid, ids);
      await role?.device.records.putDeviceList(jid, ids);
    }
    if (own && op === 'create') role = await create(name, { ...options, number, event, transport, lists });
    else if (own) await replayOwn(role, { ...options, number, event, op });
  }
  if (role === undefined) throw new FormatError(`${name} is never created`);
  await compareFinal(role, options.replay);
  await role.device.close();
}

interface Event extends Options {
  readonly number: number;
  readonly event: Recorded;
}

async function create(
  name: string,
  creation: Event & {
    readonly transport: RecordedTransport;
    readonly lists: ReadonlyMap<string, readonly number[]>;
  },
): Promise<WorldRole> {
  const { world, replay, counts, number, event, transport, lists } = creation;
  const keys = new WorldKeys(event);
  await replay.step(`as ${name}: event ${number} (create)`, (compare) => keys.compare(compare));
  const device = await ReplayedDevice.open({ secrets: keys.secrets(), transport });
  for (const [jid, ids] of lists) await device.records.putDeviceList(jid, ids);
  return { name, world, keys, device, counts, read: new Set(), strayed: new Set(), deviation: replay.deviation };
}

async function replayOwn(
  role: WorldRole | undefined,
  { replay, number, event, op }: Event & { readonly op: 'create' | 'send' | 'receive' },
): Promise<void> {
  if (role === undefined) throw new FormatError(`event ${number} is by a device that is not created yet`);
  await replay.step(`as ${role.name}: event ${number} (${op})`, async (compare) => {
    if (op === 'send') {
      await replaySend(role, event, compare);
      return;
    }
    try {
      await replayReceive(role, event, compare);
    } finally {
      await role.keys.follow(role.device, event);
    }
  });
}

async function compareFinal(role: WorldRole, replay: Replay): Promise<void> {
  const { name, world, device, keys } = role;
  for (const [otherName, other] of world.devices) {
    const state = world.finalState(name, otherName);
    if (state === undefined) continue;
    if (role.strayed.has(addressKey(other))) {
      role.deviation('final state of a session that we wrote over less, or more, than the recording');
      continue;
    }
    await replay.step(`as ${name}: final session with ${otherName}`, (compare) =>
      compareStoredState(compare, { device, ownIdentityKey: keys.identityKeyPair.publicKey, other }, state),
    );
  }
}
