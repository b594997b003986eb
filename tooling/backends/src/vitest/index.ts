export { BackendUnavailableError } from './backend-unavailable-error.ts';
export { type BackendAvailability, describeBackend } from './describe-backend.ts';
