import type { Comparison } from './comparison.ts';
import type { Recorded } from './recorded.ts';

/** What was replayed of a file, under the names that an index uses. */
export type Counts = Readonly<Record<string, number>>;

/** What a kind reports to while it replays one file. */
export interface Replay {
  /** One step: it fails when it notes a difference or throws. Answers whether it passed. */
  step(name: string, run: (compare: Comparison) => unknown): Promise<boolean>;
  /** Counts something that differs from the recording and may. */
  deviation(name: Deviation): void;
}

export type Deviation =
  | 'refused in the recording, read here by a kept session'
  | 'refused in the recording, a duplicate here'
  | 'read in the recording, a duplicate here of what was read before'
  | 'either is allowed, accepted here'
  | 'either is allowed, refused here'
  | 'written over the other one of two crossed sessions than in the recording'
  | 'final state of a session that we wrote over less, or more, than the recording';

/** One kind of vector file, recognised by what is in it. */
export interface Kind {
  readonly name: string;
  /** Whether a file of the right protocol has this kind's shape. */
  matches(file: Recorded): boolean;
  replay(file: Recorded, replay: Replay): Promise<Counts>;
}

/** A kind made of independent cases: recognised by members of the file and of its first case. */
export function caseKind(options: {
  readonly name: string;
  readonly file?: readonly string[];
  readonly cases: readonly string[];
  readonly without?: readonly string[];
  check(
    entry: Recorded,
    at: { readonly file: Recorded; readonly replay: Replay; readonly compare: Comparison },
  ): unknown;
}): Kind {
  const { name, file: members = [], cases, without = [], check } = options;
  return {
    name,
    matches: (file) => hasShape(file, { members, cases, without }),
    async replay(file, replay) {
      const entries = file.get('cases').items();
      for (const [index, entry] of entries.entries()) {
        const what = entry.find('what')?.text();
        const step = what === undefined ? `case ${index}` : `case ${index} (${what})`;
        await replay.step(step, (compare) => check(entry, { file, replay, compare }));
      }
      return { cases: entries.length };
    },
  };
}

/** Whether a file and its first case have these members, and the case or the file none of `without`. */
export function hasShape(
  file: Recorded,
  shape: {
    readonly members?: readonly string[];
    readonly cases: readonly string[];
    readonly without?: readonly string[];
  },
): boolean {
  const cases = file.find('cases');
  const first = cases?.isList ? cases.items()[0] : undefined;
  return (
    first !== undefined &&
    (shape.members ?? []).every((name) => file.has(name)) &&
    shape.cases.every((name) => first.has(name)) &&
    !(shape.without ?? []).some((name) => first.has(name) || file.has(name))
  );
}
