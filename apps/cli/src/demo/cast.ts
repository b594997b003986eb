export type PersonName = 'Alice' | 'Bob';
export type DeviceKind = 'phone' | 'laptop' | 'tablet';

export interface Person {
  readonly name: PersonName;
  /** Bare JID. */
  readonly jid: string;
}

/** How people speak of a device: whose, and which. */
export interface DeviceName {
  readonly owner: PersonName;
  readonly kind: DeviceKind;
}

export const alice: Person = { name: 'Alice', jid: 'alice@example.org' };
export const bob: Person = { name: 'Bob', jid: 'bob@example.net' };

/** Whose bare JID this is. */
export function personOf(jid: string): Person {
  return jid === alice.jid ? alice : bob;
}

/** The name under which a device keeps its records, with which all their keys begin. */
export function accountOf({ owner, kind }: DeviceName): string {
  return `${owner.toLowerCase()}-${kind}`;
}
