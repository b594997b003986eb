import type { Mutant } from '../mutant.ts';
import { attacks } from './attacks.ts';
import { doubleRatchet } from './double-ratchet.ts';
import { formats } from './formats.ts';
import { keyExchange } from './key-exchange.ts';
import { payload } from './payload.ts';
import { rooms } from './rooms.ts';
import { rules } from './rules.ts';

export const mutants: readonly Mutant[] = [
  ...keyExchange,
  ...doubleRatchet,
  ...payload,
  ...formats,
  ...attacks,
  ...rules,
  ...rooms,
];
