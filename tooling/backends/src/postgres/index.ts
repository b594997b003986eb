export { type PostgresAvailability, postgresAvailability } from './availability.ts';
export { PostgresError, type PostgresErrorCode } from './postgres-error.ts';
export { type ConnectionOptions, PostgresServer, type StartOptions, startPostgres } from './start-postgres.ts';
