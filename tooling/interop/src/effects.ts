interface EffectOf {
  /** Name of the device that wrote it. */
  readonly device: string;
  /** Bare JID of its account. */
  readonly jid: string;
}

/** `<bundle xmlns="urn:xmpp:omemo:2"/>`, to be published as item `deviceId`. */
export interface PublishBundleEffect extends EffectOf {
  readonly type: 'publish-bundle';
  readonly deviceId: number;
  readonly xml: string;
}

/** `<devices xmlns="urn:xmpp:omemo:2"/>`: the whole new list of the account. */
export interface PublishDevicesEffect extends EffectOf {
  readonly type: 'publish-devices';
  readonly xml: string;
}

export interface RetractBundleEffect extends EffectOf {
  readonly type: 'retract-bundle';
  readonly deviceId: number;
}

/** `<encrypted xmlns="urn:xmpp:omemo:2"/>` of an empty message that python-omemo sends by itself: an answer to a key exchange, a heartbeat, a replaced session. */
export interface SendEffect extends EffectOf {
  readonly type: 'send';
  /** Bare JID. */
  readonly to: string;
  readonly xml: string;
}

/** Something a device wrote to its network. Plain data: whoever made the request decides what becomes of it. */
export type TwomemoEffect = PublishBundleEffect | PublishDevicesEffect | RetractBundleEffect | SendEffect;

/** An answer, and what the device wrote on the way to it, in order. */
export interface Reply<T> {
  readonly value: T;
  readonly effects: readonly TwomemoEffect[];
}

/** The automatic empty messages among effects. */
export function sendsAmong(effects: readonly TwomemoEffect[]): readonly SendEffect[] {
  return effects.filter((effect) => effect.type === 'send');
}
