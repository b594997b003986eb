import type { Element } from 'ltx';
import { StanzaError } from './stanza.ts';

export const accessModels = ['open', 'presence', 'roster', 'authorize', 'whitelist'] as const;
export type AccessModel = (typeof accessModels)[number];

/** Fields of `pubsub#node_config` that a node knows, with the defaults of Prosody's PEP. */
const defaults = {
  'pubsub#access_model': 'presence',
  'pubsub#max_items': '1',
  'pubsub#persist_items': 'true',
  'pubsub#send_last_published_item': 'on_sub_and_presence',
  'pubsub#notify_retract': 'true',
  'pubsub#notify_delete': 'true',
  'pubsub#deliver_notifications': 'true',
  'pubsub#deliver_payloads': 'true',
  'pubsub#publish_model': 'publishers',
  'pubsub#title': '',
  'pubsub#type': '',
};

type NodeField = keyof typeof defaults;

function isNodeField(name: string): name is NodeField {
  return Object.hasOwn(defaults, name);
}

/** A node of an account's pubsub service: its configuration, its items by id, oldest first, and who subscribed to it. */
export class PepNode {
  readonly name: string;
  readonly items = new Map<string, Element>();
  /** Bare or full JIDs with a subscription of their own. */
  readonly subscribers = new Set<string>();
  readonly #options: Record<NodeField, string>;

  constructor(name: string, accessModel: AccessModel) {
    this.name = name;
    this.#options = { ...defaults, 'pubsub#access_model': accessModel };
  }

  get options(): Readonly<Record<NodeField, string>> {
    return this.#options;
  }

  get accessModel(): AccessModel {
    return this.#options['pubsub#access_model'] as AccessModel;
  }

  /** Sets fields; items beyond a lower `max_items` go, oldest first. `limit` is what `max` stands for. */
  configure(fields: Readonly<Record<string, string>>, limit: number): void {
    const checked = Object.entries(fields).map(([name, value]) => [name, checkField(name, value, limit)] as const);
    Object.assign(this.#options, Object.fromEntries(checked));
    this.#truncate(limit);
  }

  /** Names of the fields that are not as demanded. */
  unmet(fields: Readonly<Record<string, string>>, limit: number): string[] {
    const same = (name: NodeField, value: string): boolean =>
      comparable(name, value, limit) === comparable(name, this.#options[name], limit);
    return Object.entries(fields)
      .filter(([name, value]) => !isNodeField(name) || !same(name, value))
      .map(([name]) => name);
  }

  /** Puts an item in the place of one with the same id, as the newest. */
  publish(id: string, payload: Element, limit: number): void {
    if (!isTrue(this.#options['pubsub#persist_items'])) return;
    this.items.delete(id);
    this.items.set(id, payload);
    this.#truncate(limit);
  }

  #truncate(limit: number): void {
    const most = Number(comparable('pubsub#max_items', this.#options['pubsub#max_items'], limit));
    const surplus = this.items.size - most;
    for (const id of [...this.items.keys()].slice(0, Math.max(0, surplus))) this.items.delete(id);
  }
}

export function isTrue(value: string): boolean {
  return value === 'true' || value === '1';
}

function comparable(name: NodeField, value: string, limit: number): string {
  if (name === 'pubsub#max_items' && value === 'max') return String(limit);
  if (defaults[name] === 'true') return String(isTrue(value));
  return value;
}

function checkField(name: string, value: string, limit: number): string {
  if (!isNodeField(name)) throw notAcceptable(`unknown field ${name}`);
  if (name === 'pubsub#access_model' && !(accessModels as readonly string[]).includes(value)) {
    throw notAcceptable(`unknown access model ${value}`);
  }
  if (name === 'pubsub#max_items' && value !== 'max') {
    const number = Number(value);
    if (!Number.isInteger(number) || number < 1 || number > limit) throw notAcceptable(`max_items above ${limit}`);
  }
  return value;
}

function notAcceptable(text: string): StanzaError {
  return new StanzaError({ condition: 'not-acceptable', type: 'modify', text });
}
