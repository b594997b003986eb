import type { AccessModel } from './pep-node.ts';

/** Where this server is to differ from Prosody 0.12. May be changed at any time. */
export interface Quirks {
  /** Refuses `max` as a value of `pubsub#max_items` with `not-acceptable`, as Openfire does; numbers are fine. */
  refusesMax: boolean;
  /** Refuses any `pubsub#max_items` in publish-options with `resource-constraint`, as ejabberd 23 does; `configure` is fine. */
  refusesMaxItemsInPublishOptions: boolean;
  /** Neither applies publish-options to a new node nor checks them on an existing one, and says nothing. */
  ignoresPublishOptions: boolean;
  /** Access model of a node made without one. */
  defaultAccessModel: AccessModel;
  /** What `max` stands for, and the highest number accepted. */
  maxItems: number;
  /** Sends no event to the resource that published. */
  noEventToPublisher: boolean;
}

export const prosodyQuirks: Quirks = {
  refusesMax: false,
  refusesMaxItemsInPublishOptions: false,
  ignoresPublishOptions: false,
  defaultAccessModel: 'presence',
  maxItems: 10_000,
  noEventToPublisher: false,
};
