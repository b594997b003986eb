import { parseDevices, parseXml } from '@omemo-kit/omemo-wire';
import { FormatError } from './format-error.ts';
import type { Recorded } from './recorded.ts';
import { type Address, addressOf } from './recorded-device.ts';
import type { RecordedTransport } from './recorded-transport.ts';

/** A recorded world: its events in order, and who its devices are. */
export interface World {
  /** By the `i` that other events refer to. */
  readonly events: ReadonlyMap<number, Recorded>;
  /** Addresses by name, in order of creation. */
  readonly devices: ReadonlyMap<string, Address>;
  /** States at the end, by the pair they belong to. */
  finalState(name: string, other: string): Recorded | undefined;
}

export function readWorld(file: Recorded): World {
  const list = file.get('events').items();
  const events = new Map(list.map((event, index) => [event.find('i')?.count() ?? index, event]));
  const created = list.filter((event) => event.get('op').oneOf('create', 'send', 'receive') === 'create');
  const devices = new Map(created.map((event) => [event.get('device').text(), addressOf(event)]));
  const final = file.find('final_sessions');
  for (const name of final?.names() ?? []) {
    const known = [...devices.keys()].some((a) => [...devices.keys()].some((b) => name === pairName(a, b)));
    if (!known) throw new FormatError(`final_sessions has ${name}, which is no pair of devices`);
  }
  return { events, devices, finalState: (name, other) => final?.find(pairName(name, other)) };
}

function pairName(name: string, other: string): string {
  return `${name} with ${other}`;
}

/** What an event published, on the server. Answers the device lists among it. */
export function publishAll(event: Recorded, transport: RecordedTransport): Map<string, readonly number[]> {
  const lists = new Map<string, readonly number[]>();
  for (const published of event.find('publishes')?.items() ?? []) {
    const xml = published.get('xml').text();
    if (published.get('do').oneOf('publish_bundle', 'publish_device_list') === 'publish_bundle') {
      transport.publishBundle(addressOf(published), xml);
      continue;
    }
    const jid = published.get('jid').text();
    transport.publishDeviceList(jid, xml);
    lists.set(
      jid,
      parseDevices(parseXml(xml)).map(({ id }) => id),
    );
  }
  return lists;
}
