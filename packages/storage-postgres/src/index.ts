export { type MigrateOptions, migratePostgres } from './migrate-postgres.ts';
export type { PostgresClient, PostgresPool, PostgresResult } from './postgres-pool.ts';
export { type PostgresOptions, PostgresStore } from './postgres-store.ts';
