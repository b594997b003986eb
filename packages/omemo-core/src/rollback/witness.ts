/** What showed that the store had been put back to an earlier state. */
export const rollbackWitnesses = ['published-bundle', 'counter'] as const;
export type RollbackWitness = (typeof rollbackWitnesses)[number];
