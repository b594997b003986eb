/** What showed that the store had been put back to an earlier state; `application`: it was told so in `heal`. */
export const rollbackWitnesses = ['published-bundle', 'counter', 'application'] as const;
export type RollbackWitness = (typeof rollbackWitnesses)[number];
