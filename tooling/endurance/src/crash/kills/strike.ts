import { setTimeout as sleep } from 'node:timers/promises';
import { type Life, LifeEnded } from '../life.ts';
import type { Parking } from '../victim/windows.ts';
import type { KillPlan } from './kill-plan.ts';

/**
 * Resolves when the moment to kill has come: as planned, or when there is nothing left to wait for because the traffic of
 * this life is over.
 */
export async function momentOf(
  plan: KillPlan,
  life: Life,
  { trafficOver, until }: { readonly trafficOver: Promise<unknown>; readonly until: Parking['until'] },
): Promise<void> {
  try {
    if (plan.how === 'moment') await sleep(plan.after);
    else await Promise.race([reached(plan, life, until), trafficOver]);
  } catch (error) {
    if (!(error instanceof LifeEnded)) throw error;
  }
}

async function reached(
  plan: Exclude<KillPlan, { readonly how: 'moment' }>,
  life: Life,
  until: Parking['until'],
): Promise<void> {
  const { parking, phase } = plan;
  const asked = plan.how === 'parked' ? { ...parking, until } : ({ ...parking, until: 'aim' } as const);
  // A victim that is killed while it recovers knows since its start, and may have got there.
  if (life.parked !== undefined) return;
  const there = life.next(plan.how);
  if (phase === 'load') life.post({ type: 'park', parking: asked });
  await there;
  // The shortest timer is a millisecond long, and a commit is often shorter.
  if (plan.how === 'aimed' && plan.after > 0) await sleep(plan.after);
}
