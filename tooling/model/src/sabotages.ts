import type { Batch, Store } from '@omemo-kit/omemo-core';
import type { Sabotage } from './sabotage.ts';

/** Takes what a batch writes and removes to something else before it is stored. */
function rewriting(change: (batch: Batch) => Batch): Sabotage {
  return {
    store: (store): Store => ({
      get: (keys) => store.get(keys),
      list: (prefix) => store.list(prefix),
      commit: (batch) => store.commit(change(batch)),
      close: () => store.close(),
    }),
  };
}

const isOf = (kind: string) => (key: string) => key.split('/')[1] === kind;
const withoutPuts = (kind: string) =>
  rewriting((batch) => ({ ...batch, put: batch.put.filter(({ key }) => !isOf(kind)(key)) }));
const withoutRemovals = (kind: string) =>
  rewriting((batch) => ({ ...batch, remove: batch.remove.filter((key) => !isOf(kind)(key)) }));

/** What breaks a promise of the library from outside of its code. The model has to notice each. */
export const sabotages: Readonly<Record<string, Sabotage>> = {
  'messages that were read are not remembered': withoutPuts('seen'),
  'sessions are not stored': withoutPuts('session'),
  'skipped message keys are not stored': withoutPuts('skipped'),
  'what was read is not in the inbox': withoutPuts('inbox'),
  'acknowledged messages stay in the inbox': withoutRemovals('inbox'),
  'used pre-keys are not deleted': withoutRemovals('pre-key'),
  'whoever is undecided is written to': { policy: { decide: () => 'trusted' } },
};
