import type { Mutant } from '../mutant.ts';
import { attacks } from './attacks.ts';
import { attacksOnAccounts } from './attacks-on-accounts.ts';
import { bundles } from './bundles.ts';
import { devices } from './devices.ts';
import { doubleRatchet } from './double-ratchet.ts';
import { formats } from './formats.ts';
import { keyExchange } from './key-exchange.ts';
import { messages } from './messages.ts';
import { optOuts } from './opt-outs.ts';
import { otherHalves } from './other-halves.ts';
import { payload } from './payload.ts';
import { rooms } from './rooms.ts';
import { rules } from './rules.ts';
import { sessions } from './sessions.ts';
import { trust } from './trust.ts';

export const mutants: readonly Mutant[] = [
  ...keyExchange,
  ...doubleRatchet,
  ...payload,
  ...devices,
  ...bundles,
  ...sessions,
  ...messages,
  ...optOuts,
  ...trust,
  ...formats,
  ...attacks,
  ...attacksOnAccounts,
  ...rules,
  ...rooms,
  ...otherHalves,
];
