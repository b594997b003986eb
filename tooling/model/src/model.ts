import type { DeviceModel } from './prediction/device-model.ts';
import type { Tally } from './tally.ts';

/** Steps of a schedule. */
export const STEPS = 50;

/** What the model knows of the world: its devices, in the order of the town's residents, and what was written. */
export interface Model {
  readonly devices: DeviceModel[];
  /** Texts by stanza id. */
  readonly texts: Map<string, string>;
  readonly tally: Tally;
  /** Devices that are no more, and listed all the same. */
  readonly ghosts: Set<string>;
  steps: number;
  /** Sessions replaced by hand and device lists spoilt, which are held in bounds. */
  replacements: number;
  spoilt: number;
}

/** The town does something else than the model says. */
export class Mismatch extends TypeError {
  override readonly name = 'Mismatch';
}

export function expectSame(what: string, found: unknown, wanted: unknown): void {
  const [a, b] = [JSON.stringify(found), JSON.stringify(wanted)];
  if (a !== b) throw new Mismatch(`${what}: the model says ${b}, it is ${a}`);
}
