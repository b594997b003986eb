import { toHex } from './hex.ts';
import type { Recorded } from './recorded.ts';

/** Collects what one step did otherwise than its recording. */
export class Comparison {
  readonly differences: string[] = [];

  /** Bytes made now against bytes recorded. */
  bytes(name: string, made: Uint8Array | undefined, recorded: Uint8Array | undefined): void {
    this.value(name, made && toHex(made), recorded && toHex(recorded));
  }

  /** Text, number or flag made now against the one recorded. */
  value(name: string, made: unknown, recorded: unknown): void {
    if (made !== recorded) this.differ(`${name} ${describe(made, recorded)}`);
  }

  /** The recorded member of that name, when there is one, against bytes made now. */
  member(recorded: Recorded, name: string, made: Uint8Array | undefined): void {
    const field = recorded.find(name);
    if (field !== undefined) this.bytes(name, made, field.isNull ? undefined : field.bytes());
  }

  /** Anything else that is not as recorded. */
  differ(what: string): void {
    this.differences.push(what);
  }
}

const LONGEST = 96;

function describe(made: unknown, recorded: unknown): string {
  if (typeof made !== 'string' || typeof recorded !== 'string')
    return `is ${show(made)}, recorded is ${show(recorded)}`;
  let same = 0;
  while (same < made.length && made[same] === recorded[same]) same += 1;
  // Long values from a little before the first difference.
  const from = made.length <= LONGEST && recorded.length <= LONGEST ? 0 : Math.max(0, same - 8);
  const lengths = made.length === recorded.length ? '' : ` (${made.length} characters, recorded ${recorded.length})`;
  const where = from === 0 ? '' : ` from character ${from}`;
  return `is ${show(made.slice(from))}, recorded is ${show(recorded.slice(from))}${where}${lengths}`;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value !== 'string') return JSON.stringify(value);
  return value.length <= LONGEST ? `"${value}"` : `"${value.slice(0, LONGEST)}..."`;
}
