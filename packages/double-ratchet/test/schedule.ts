import fc from 'fast-check';

/** What the network and the two parties do next. */
export type Event =
  | { readonly kind: 'send'; readonly by: 'alice' | 'bob'; readonly count: number }
  /** The message at `pick` (modulo how many are on the way) arrives; 0 is the oldest. */
  | { readonly kind: 'deliver'; readonly to: 'alice' | 'bob'; readonly pick: number }
  | { readonly kind: 'drop'; readonly to: 'alice' | 'bob'; readonly pick: number }
  /** A message that has arrived already arrives again. */
  | { readonly kind: 'repeat'; readonly to: 'alice' | 'bob'; readonly pick: number };

const who = fc.constantFrom('alice' as const, 'bob' as const);
const pick = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(30) });

/** Any schedule: sending in bursts, delivery in and out of order, loss and duplicates. */
export const schedule: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('send' as const), by: who, count: fc.integer({ min: 1, max: 4 }) }),
    },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('deliver' as const), to: who, pick }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), to: who, pick }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), to: who, pick }) },
  ),
  { minLength: 10, maxLength: 60, size: 'max' },
);

/** The messages between two parties: on the way, and arrived. */
export class Network<Message> {
  readonly #onTheWay = { alice: [] as Message[], bob: [] as Message[] };
  readonly #arrived = { alice: [] as Message[], bob: [] as Message[] };

  post(to: 'alice' | 'bob', message: Message): void {
    this.#onTheWay[to].push(message);
  }

  deliver(to: 'alice' | 'bob', pick: number): Message | undefined {
    const message = this.drop(to, pick);
    if (message !== undefined) this.#arrived[to].push(message);
    return message;
  }

  drop(to: 'alice' | 'bob', pick: number): Message | undefined {
    const queue = this.#onTheWay[to];
    return queue.length === 0 ? undefined : queue.splice(pick % queue.length, 1)[0];
  }

  repeat(to: 'alice' | 'bob', pick: number): Message | undefined {
    const arrived = this.#arrived[to];
    return arrived.length === 0 ? undefined : arrived[pick % arrived.length];
  }

  /** Everything that is still on the way, oldest first. */
  rest(to: 'alice' | 'bob'): Message[] {
    const rest: Message[] = [];
    for (let message = this.deliver(to, 0); message !== undefined; message = this.deliver(to, 0)) rest.push(message);
    return rest;
  }
}

export function otherOf(party: 'alice' | 'bob'): 'alice' | 'bob' {
  return party === 'alice' ? 'bob' : 'alice';
}
