import { type PubsubItem, type Transport, TransportError } from '@omemo-kit/omemo-core';
import { NODE_BUNDLES, NODE_DEVICES, parseXml } from '@omemo-kit/omemo-wire';
import { deviceListOf } from './device-list.ts';
import type { Address } from './recorded-device.ts';

/** The server of a replay: it holds the device lists and bundles that the recording has published so far. */
export class RecordedTransport implements Transport {
  readonly #deviceLists = new Map<string, string>();
  readonly #bundles = new Map<string, Map<number, string>>();

  publishDeviceList(jid: string, xml: string): void {
    this.#deviceLists.set(jid, xml);
  }

  publishDeviceIds(jid: string, deviceIds: readonly number[]): void {
    this.publishDeviceList(jid, deviceListOf(deviceIds).toString());
  }

  publishBundle({ jid, deviceId }: Address, xml: string): void {
    const bundles = this.#bundles.get(jid) ?? new Map<number, string>();
    this.#bundles.set(jid, bundles.set(deviceId, xml));
  }

  bundle({ jid, deviceId }: Address): string | undefined {
    return this.#bundles.get(jid)?.get(deviceId);
  }

  async fetch({ jid, node, itemIds }: Parameters<Transport['fetch']>[0]): Promise<readonly PubsubItem[]> {
    const items = this.#items(jid, node);
    if (items.length === 0) throw new TransportError('item-not-found');
    return items
      .filter(({ id }) => itemIds?.includes(id) ?? true)
      .map(({ id, xml }) => ({ id, payload: parseXml(xml) }));
  }

  /** What the device publishes itself is taken and forgotten: what counts is what the recording published. */
  async publish(): Promise<void> {}
  async configure(): Promise<void> {}
  async retract(): Promise<void> {}

  async request(): Promise<never> {
    throw new TransportError('feature-not-implemented');
  }

  async send(): Promise<'accepted'> {
    return 'accepted';
  }

  #items(jid: string, node: string): { id: string; xml: string }[] {
    const list = this.#deviceLists.get(jid);
    if (node === NODE_DEVICES) return list === undefined ? [] : [{ id: 'current', xml: list }];
    if (node !== NODE_BUNDLES) return [];
    return [...(this.#bundles.get(jid) ?? [])].map(([deviceId, xml]) => ({ id: String(deviceId), xml }));
  }
}
