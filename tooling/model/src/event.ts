import type { TrustLevel } from '@omemo-kit/omemo-core/records';
import * as fc from 'fast-check';

/**
 * One thing that happens. Numbers choose among what is there when it happens: devices, accounts, stanzas under way. So any
 * part of a schedule is a schedule, which is what shrinking one needs.
 */
export type Event =
  | { readonly do: 'send'; readonly by: number; readonly to: number; readonly times: number }
  | { readonly do: 'receive' | 'drop' | 'duplicate' | 'replay'; readonly by: number; readonly pick: number }
  | { readonly do: 'decide'; readonly by: number; readonly pick: number; readonly level: TrustLevel }
  | { readonly do: 'replace'; readonly by: number; readonly to: number }
  | { readonly do: 'add-device' | 'change-membership'; readonly to: number }
  | { readonly do: Alone; readonly by: number };

/** What a device does by itself, or what befalls it. */
const alone = [
  'write-in-room',
  'settle',
  'acknowledge',
  'crash',
  'copy-store',
  'put-copy-back',
  'back-up',
  'restore-backup',
  'remove-device',
  'take-off-list',
  'rotate',
  'catch-up',
] as const;
type Alone = (typeof alone)[number];

/** Every kind of event. */
export const eventKinds: readonly Event['do'][] = [
  ...([
    'send',
    'receive',
    'drop',
    'duplicate',
    'replay',
    'decide',
    'replace',
    'add-device',
    'change-membership',
  ] as const),
  ...alone,
];

const by = fc.nat(1_000);
const pick = fc.nat(1_000);
const to = fc.nat(1_000);
const times = fc.constantFrom(1, 1, 1, 4);
const level = fc.constantFrom<TrustLevel>('verified', 'verified', 'trusted', 'distrusted', 'undecided');

const own = (weight: number, ...kinds: readonly Alone[]) => ({
  weight,
  arbitrary: fc.record({ do: fc.constantFrom(...kinds), by }),
});

export const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  { weight: 22, arbitrary: fc.record({ do: fc.constant('send' as const), by, to, times }) },
  { weight: 34, arbitrary: fc.record({ do: fc.constant('receive' as const), by, pick }) },
  {
    weight: 9,
    arbitrary: fc.record({ do: fc.constantFrom('drop' as const, 'duplicate' as const, 'replay' as const), by, pick }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('decide' as const), by, pick, level }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replace' as const), by, to }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add-device' as const), to }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change-membership' as const), to }) },
  own(6, 'write-in-room'),
  own(12, 'settle'),
  own(3, 'acknowledge'),
  own(5, 'crash', 'catch-up'),
  own(6, 'copy-store', 'put-copy-back'),
  own(3, 'back-up', 'restore-backup'),
  own(3, 'remove-device', 'take-off-list', 'rotate'),
);
