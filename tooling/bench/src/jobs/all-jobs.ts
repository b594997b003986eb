import { acceptJob } from './accept.ts';
import { fanOutJob } from './fan-out.ts';
import { inChainJob } from './in-chain.ts';
import { initiateJob } from './initiate.ts';
import type { Job, JobId } from './job.ts';
import { newestFirstJob } from './newest-first.ts';
import { pingPongJob } from './ping-pong.ts';
import { preKeysJob } from './pre-keys.ts';

/** Each makes its devices and sessions when it is called. */
export const makeJob: Readonly<Record<JobId, () => Job>> = {
  a: () => initiateJob('a'),
  a1: () => initiateJob('a1'),
  b: acceptJob,
  c: () => inChainJob('c'),
  cw: () => inChainJob('cw'),
  d: pingPongJob,
  e: preKeysJob,
  f: fanOutJob,
  g: newestFirstJob,
};
